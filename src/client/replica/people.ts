/** The user, the others that were seen, and who of the watched is here. @module */
import type { PresencePage, PresenceState, User } from "../../wire/client_codec.ts";
import type { Emitter } from "../emitter.ts";
import type { ReplicaEvents } from "./events.ts";

export class People {
  /** The user; undefined before the first welcome. */
  me: User | undefined;
  readonly users = new Map<number, User>();
  /** Watched users that are not offline. */
  readonly presence = new Map<number, PresenceState>();
  readonly #emitter: Pick<Emitter<ReplicaEvents>, "emit">;

  constructor(emitter: Pick<Emitter<ReplicaEvents>, "emit">) {
    this.#emitter = emitter;
  }

  /** Remembers users. */
  see(users: readonly User[]): void {
    for (const user of users) {
      this.users.set(user.id, user);
      if (user.id === this.me?.id) this.me = user;
      this.#emitter.emit("user", user);
    }
  }

  /** A watched user is here now, or not any more. */
  present(presence: ReplicaEvents["presence"]): void {
    this.presence.set(presence.userId, presence.state);
    this.#emitter.emit("presence", presence);
  }

  /** Takes the states of all who are watched from now on. */
  watch({ presences }: PresencePage): void {
    this.presence.clear();
    for (const { userId, state } of presences) this.presence.set(userId, state);
    for (const presence of presences) this.#emitter.emit("presence", presence);
  }

  /** Forgets everybody but the user. */
  reload(): void {
    this.users.clear();
    if (this.me) this.users.set(this.me.id, this.me);
  }

  clear(): void {
    this.users.clear();
    this.presence.clear();
  }
}
