/** Users by number; whoever is drawn and not known yet is asked for. @module */
import { PresenceState, type RookeryClient, type User } from "../../../client/mod.ts";
import { FrameSignal } from "../shell/frame_signal.ts";

const ASKED_AT_ONCE = 100;

export class People {
  readonly #client: RookeryClient;
  readonly #frame = new FrameSignal();
  readonly #presenceFrame = new FrameSignal();
  readonly #wanted = new Set<number>();
  /** Numbers that the server does not know, or was asked for in vain. */
  readonly #asked = new Set<number>();
  #watched: ReadonlySet<number> = new Set();
  #scheduled = false;

  constructor(client: RookeryClient) {
    this.#client = client;
    client.on("user", () => this.#frame.touch());
    client.on("presence", () => this.#presenceFrame.touch());
    client.on("state", ({ name }) => {
      this.#presenceFrame.touch();
      if (name !== "live") return;
      this.#asked.clear();
      this.#frame.touch();
    });
    client.on("reload", () => {
      this.#asked.clear();
      this.#frame.touch();
    });
  }

  /** The user, if known. Whoever draws with it draws again when it is. */
  get(id: number): User | undefined {
    this.#frame.watch();
    const user = this.#client.replica.users.get(id);
    if (!user && id > 0) this.#want(id);
    return user;
  }

  /** Everybody who was seen so far. */
  known(): User[] {
    this.#frame.watch();
    return [...this.#client.replica.users.values()];
  }

  /** Whether somebody is here; undefined when that is not known. */
  presence(id: number): PresenceState | undefined {
    this.#presenceFrame.watch();
    if (this.#client.state.name !== "live") return undefined;
    if (id === this.#client.replica.me?.id) return PresenceState.ONLINE;
    return this.#client.replica.presence.get(id) ??
      (this.#watched.has(id) ? PresenceState.OFFLINE : undefined);
  }

  /** Of these the server tells who is here, and of nobody else. */
  watched(ids: readonly number[]): void {
    this.#watched = new Set(ids);
    this.#presenceFrame.touch();
  }

  #want(id: number): void {
    if (this.#asked.has(id)) return;
    this.#wanted.add(id);
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      void this.#ask();
    });
  }

  async #ask(): Promise<void> {
    if (this.#client.state.name !== "live" && this.#client.state.name !== "catching-up") {
      // The state changes when there is a connection, and what is drawn then asks again.
      return this.#wanted.clear();
    }
    const ids = [...this.#wanted];
    this.#wanted.clear();
    for (const id of ids) this.#asked.add(id);
    for (let at = 0; at < ids.length; at += ASKED_AT_ONCE) {
      const part = ids.slice(at, at + ASKED_AT_ONCE);
      await this.#client.getUsers(part).catch(() => part.forEach((id) => this.#asked.delete(id)));
    }
  }
}

/** Name shown for somebody. */
export function nameOf(user: User | undefined): string {
  return user ? user.displayName || user.name : "…";
}
