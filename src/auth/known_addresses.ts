/** From where people come: in memory alone, since a list of that is nobody's business. @module */
import { addressGroup } from "./address_group.ts";

/** Groups that are remembered of one user. */
const GROUPS_PER_USER = 8;

/** The {@link addressGroup}s at which users had sessions or the right password; at the limits the longest unused go. */
export class KnownAddresses {
  readonly #maxUsers: number;
  readonly #users = new Map<number, Set<string>>();

  constructor(maxUsers: number) {
    this.#maxUsers = maxUsers;
  }

  add(userId: number, address: string): void {
    const groups = this.#users.get(userId) ?? new Set();
    const group = addressGroup(address);
    groups.delete(group);
    if (groups.size >= GROUPS_PER_USER) groups.delete(groups.values().next().value!);
    groups.add(group);
    this.#users.delete(userId);
    if (this.#users.size >= this.#maxUsers) this.#users.delete(this.#users.keys().next().value!);
    this.#users.set(userId, groups);
  }

  has(userId: number, group: string): boolean {
    return this.#users.get(userId)?.has(group) ?? false;
  }
}
