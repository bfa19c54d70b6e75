/** Who is connected: connections by user and by session. @module */
import type { Connection } from "./connection.ts";

export class Roster {
  readonly #byUser = new Map<number, Set<Connection>>();
  #size = 0;

  /** Connections of all users. */
  get size(): number {
    return this.#size;
  }

  /** Connected users. */
  get users(): number {
    return this.#byUser.size;
  }

  add(connection: Connection): void {
    const { userId } = connection.principal;
    let connections = this.#byUser.get(userId);
    if (!connections) this.#byUser.set(userId, connections = new Set());
    connections.add(connection);
    this.#size++;
  }

  remove(connection: Connection): void {
    const { userId } = connection.principal;
    const connections = this.#byUser.get(userId);
    if (!connections?.delete(connection)) return;
    this.#size--;
    if (connections.size === 0) this.#byUser.delete(userId);
  }

  /** Connections of one user, a copy that may be changed meanwhile. */
  of(userId: number): Connection[] {
    return [...this.#byUser.get(userId) ?? []];
  }

  countOf(userId: number): number {
    return this.#byUser.get(userId)?.size ?? 0;
  }

  *all(): Iterable<Connection> {
    for (const connections of this.#byUser.values()) yield* connections;
  }
}
