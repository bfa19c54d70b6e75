/** Who may connect now: handshakes by their rate, connections by their number. @module */
import type { Chat } from "../../chat/chat.ts";
import { ChatError, Code } from "../../chat/error.ts";
import type { Limits } from "../../chat/limits.ts";
import type { Principal } from "../../chat/model.ts";
import { type Budget, tooManyCommands } from "./budget.ts";
import type { Budgets } from "./budgets.ts";
import type { Traffic } from "../traffic.ts";

export interface AdmissionOptions {
  readonly chat: Chat;
  readonly limits: Limits;
  readonly traffic: Traffic;
  readonly users: Budgets<number>;
  readonly addresses: Budgets<string>;
  /** Which addresses count as one visitor. */
  addressGroup(address: string): string;
}

/** What one connection takes from the time it is admitted. */
export interface Place {
  /** The user's; it is kept until everything is given back. */
  readonly budget: Budget;
  /** Gives back the user's place, which an open connection takes by itself; may be called again. */
  leaveUser(): void;
  /** Gives back everything; may be called again. */
  giveUp(): void;
}

/** Counts connections by address as well: a peer that reads nothing keeps its place. */
export class Admission {
  limits: Limits;
  readonly #options: AdmissionOptions;
  readonly #perAddress = new Map<string, number>();

  constructor(options: AdmissionOptions) {
    this.#options = options;
    this.limits = options.limits;
  }

  /** Counts a handshake without a session, as a command of its address. Throws ChatError resource_exhausted. */
  stranger(address: string): void {
    const { addresses, addressGroup, traffic } = this.#options;
    const now = performance.now();
    const waitMs = addresses.of(addressGroup(address), now).take(1, now);
    if (waitMs === 0) return;
    traffic.limited.handshakes_per_address++;
    throw tooManyHandshakes(waitMs);
  }

  /** Takes a handshake and the places of one connection. Throws ChatError resource_exhausted. */
  admit(principal: Principal, address: string): Place {
    this.#checkHandshake(principal, address, { take: true });
    return this.#place(principal, address);
  }

  /** Asks what a handshake would come to, which counts as a command. Throws ChatError resource_exhausted. */
  ask(principal: Principal, address: string): void {
    const now = performance.now();
    const waitMs = this.#options.users.of(principal.userId, now).take(1, now);
    if (waitMs > 0) throw tooManyCommands(waitMs);
    this.#checkHandshake(principal, address, { take: false });
    this.#place(principal, address).giveUp();
  }

  #checkHandshake({ userId }: Principal, address: string, { take }: { readonly take: boolean }): void {
    const { users, addresses, addressGroup, traffic: { limited } } = this.#options;
    const now = performance.now();
    const ofUser = users.of(userId, now);
    // What is owed is a user's own; an address may owe for somebody else there.
    const owedMs = ofUser.heavyDebtMs(now);
    if (owedMs > 0) {
      limited.handshakes_per_user++;
      throw tooManyCommands(owedMs);
    }
    const userWaitMs = take ? ofUser.takeHandshake(now) : ofUser.handshakeWaitMs(now);
    if (userWaitMs > 0) {
      limited.handshakes_per_user++;
      throw tooManyHandshakes(userWaitMs);
    }
    const ofAddress = addresses.of(addressGroup(address), now);
    const addressWaitMs = take ? ofAddress.takeHandshake(now) : ofAddress.handshakeWaitMs(now);
    if (addressWaitMs === 0) return;
    limited.handshakes_per_address++;
    throw tooManyHandshakes(addressWaitMs);
  }

  #place(principal: Principal, address: string): Place {
    const { users, addressGroup } = this.#options;
    const { connectionsPerAddress, heartbeatMs } = this.limits;
    const group = addressGroup(address);
    if ((this.#perAddress.get(group) ?? 0) >= connectionsPerAddress) {
      this.#options.traffic.limited.connections_per_address++;
      throw new ChatError(
        Code.RESOURCE_EXHAUSTED,
        `At most ${connectionsPerAddress} connections from one address`,
        heartbeatMs,
      );
    }
    const leaveUser = this.#userPlace(principal);
    const budget = users.hold(principal.userId, performance.now());
    this.#count(group, 1);
    let there = true;
    const giveUp = () => {
      leaveUser();
      if (!there) return;
      there = false;
      users.release(principal.userId, performance.now());
      this.#count(group, -1);
    };
    return { budget, leaveUser, giveUp };
  }

  #userPlace(principal: Principal): () => void {
    try {
      return this.#options.chat.admit(principal);
    } catch (error) {
      this.#options.traffic.limited.connections_per_user++;
      throw error;
    }
  }

  #count(group: string, change: number): void {
    const count = (this.#perAddress.get(group) ?? 0) + change;
    if (count > 0) this.#perAddress.set(group, count);
    else this.#perAddress.delete(group);
  }
}

function tooManyHandshakes(waitMs: number): ChatError {
  return new ChatError(Code.RESOURCE_EXHAUSTED, "Too many connections in too short a time: wait", waitMs);
}
