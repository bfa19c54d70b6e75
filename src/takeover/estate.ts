/** What a server hands over: its data folder, and the right to write to it. @module */
import type { Estate } from "./holder.ts";

/** The part of the core that decides. */
interface Deciding {
  pause(): Promise<void>;
  refuseKept(message: string): void;
  resume(): void;
}

/** The part of the store that writes. */
interface Writing {
  letGo(): Promise<void>;
  takeBack(): Promise<"ours" | "held" | "changed">;
}

interface Times {
  /** A commit that takes longer hangs in the disk. */
  readonly commitMs: number;
  /** So long commands are kept without an answer; an heir that migrates takes longer. */
  readonly keepMs: number;
}

const TIMES: Times = { commitMs: 10_000, keepMs: 5_000 };
const REFUSAL = "Another server is taking over: send again";

export class ServedFolder implements Estate {
  readonly #chat: Deciding;
  readonly #store: Writing;
  readonly #times: Times;
  #keep: ReturnType<typeof setTimeout> | undefined;
  #refusing = false;

  constructor({ chat, store, times = TIMES }: {
    readonly chat: Deciding;
    readonly store: Writing;
    readonly times?: Times;
  }) {
    this.#chat = chat;
    this.#store = store;
    this.#times = times;
  }

  /** Why commands are refused; undefined while they are accepted, or kept for a moment. */
  get unready(): string | undefined {
    return this.#refusing ? "another server is taking over" : undefined;
  }

  async release(): Promise<void> {
    try {
      await this.#paused();
      await this.#store.letGo();
    } catch (error) {
      this.#chat.resume();
      throw error;
    }
    this.#keep = setTimeout(() => {
      this.#refusing = true;
      this.#chat.refuseKept(REFUSAL);
    }, this.#times.keepMs);
  }

  async reclaim(): Promise<boolean> {
    const folder = await this.#store.takeBack();
    if (folder === "held") return false;
    this.close();
    if (folder === "changed") {
      throw new Error("The data was changed by another process: start a server of the newest version");
    }
    this.#refusing = false;
    this.#chat.resume();
    return true;
  }

  /** Forgets the time: it was handed over, or the server ends. */
  close(): void {
    clearTimeout(this.#keep);
  }

  async #paused(): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new Error("a commit does not end: see its disk")),
        this.#times.commitMs,
      );
    });
    await Promise.race([this.#chat.pause(), late]).finally(() => clearTimeout(timer));
  }
}
