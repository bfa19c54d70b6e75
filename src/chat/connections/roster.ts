/** Who is connected: connections by user and by session. @module */
import type { Connection } from "./connection.ts";

export class Roster {
  readonly #byUser = new Map<number, Set<Connection>>();
  /** Places of users whose connections are on their way. */
  readonly #reserved = new Map<number, number>();
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

  /** Connections of a user, and places kept for further ones. */
  countOf(userId: number): number {
    return (this.#byUser.get(userId)?.size ?? 0) + (this.#reserved.get(userId) ?? 0);
  }

  /** Keeps a place for a connection on its way; the result gives it back, once. */
  reserve(userId: number): () => void {
    this.#reserved.set(userId, (this.#reserved.get(userId) ?? 0) + 1);
    let kept = true;
    return () => {
      if (!kept) return;
      kept = false;
      const left = this.#reserved.get(userId)! - 1;
      if (left > 0) this.#reserved.set(userId, left);
      else this.#reserved.delete(userId);
    };
  }

  *all(): Iterable<Connection> {
    for (const connections of this.#byUser.values()) yield* connections;
  }
}
