/** Users that sign in with their password, which is the same for all. @module */
import { bcrypt } from "hash-wasm";
import { login, RookeryError } from "../../../src/client/mod.ts";
import { delay } from "../generator/clock.ts";

/** Everybody's. */
export const PASSWORD = "a password of the load lab";
const SALT = new Uint8Array(16).fill(7);

/** bcrypt of everybody's password. */
export function hashOf(cost: number): Promise<string> {
  return bcrypt({ password: PASSWORD, salt: SALT, costFactor: cost, outputType: "encoded" });
}

export class SignIns {
  readonly #url: string;
  /** Sign-ins that were answered with a token. */
  done = 0;
  /** Answers that asked to wait. */
  delayed = 0;
  /** The longest time from the first try to the token, milliseconds. */
  longestMs = 0;

  constructor(url: string) {
    this.#url = url;
  }

  /** Signs in one user after the other until the time is over. */
  async oneByOne(users: number, ms: number): Promise<void> {
    const end = performance.now() + ms;
    for (let at = 0; performance.now() < end; at++) await this.#signIn(at % users);
  }

  /** Signs in all users, the first tries spread evenly over the time; resolves when all have their token. */
  async all(users: number, spreadMs: number): Promise<void> {
    await Promise.all(Array.from({ length: users }, async (_, at) => {
      await delay(spreadMs * at / users);
      await this.#signIn(at);
    }));
  }

  async #signIn(at: number): Promise<void> {
    const before = performance.now();
    for (;;) {
      try {
        await login(this.#url, { name: `user${at}`, password: PASSWORD, device: "load" });
        this.done++;
        this.longestMs = Math.max(this.longestMs, performance.now() - before);
        return;
      } catch (error) {
        if (!(error instanceof RookeryError) || error.code !== "resource_exhausted") throw error;
        this.delayed++;
        // As told, and not all at the same moment.
        await delay(error.retryAfterMs * (1 + Math.random()));
      }
    }
  }
}
