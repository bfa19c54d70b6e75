/** bcrypt in Web Workers, so that a login never holds up a message. @module */
import { ChatError, Code } from "../chat/error.ts";
import { DEFAULT_LIMITS } from "../chat/limits.ts";
import type { Applicant, Clock, Log, Passwords } from "../chat/ports.ts";
import { addressPath } from "./address_group.ts";
import type { PasswordJob, PasswordResult } from "./password_job.ts";
import { type WorkerHandle, WorkerPool } from "./worker_pool.ts";

export interface PasswordPoolOptions {
  readonly clock: Clock;
  /** bcrypt's cost, 4–31; each step doubles the time. Default 12, about 0.25 s. */
  readonly cost?: number;
  /** Workers at most. Default: one less than there are cores, at least 1. */
  readonly workers?: number;
  /** As many passwords may wait in each of two queues as the workers can begin within this time. Default 10 s. */
  readonly maxWaitMs?: number;
  /** Start the workers now instead of with the first password. Default false. */
  readonly eager?: boolean;
  /** A worker that is silent for so long is taken for dead. Default 30 s. */
  readonly jobTimeoutMs?: number;
  readonly log?: Log;
  /** Called with the milliseconds that a worker took for a password. */
  readonly onDone?: ((tookMs: number) => void) | undefined;
  /** Makes a worker; for tests. */
  readonly spawn?: () => WorkerHandle;
}

const DEFAULT_COST = 12;
const DEFAULT_WAIT_MS = DEFAULT_LIMITS.passwordWaitMs;
const DEFAULT_TIMEOUT_MS = 30_000;
/** Measured on one core of 2026: cost 12 takes about 235 ms. */
const MS_PER_ROUND = 235 / 2 ** 12;

/** bcrypt reads no further; a longer password would match by its beginning. */
const BCRYPT_BYTES = 72;

/** Work of a program that has the pool to itself. */
const LOCAL: Applicant = { address: "", subject: "", known: true };

const HASH = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/;

/** The port {@link Passwords}. Dispose of it to end its workers. */
export class PasswordPool implements Passwords, Disposable {
  readonly #cost: number;
  readonly #pool: WorkerPool<PasswordJob, PasswordResult>;
  /** A hash that belongs to no password, for accounts that do not exist. */
  readonly #dummyHash: string;

  /** Throws RangeError for a cost outside 4–31. */
  constructor(options: PasswordPoolOptions) {
    this.#cost = options.cost ?? DEFAULT_COST;
    if (!Number.isInteger(this.#cost) || this.#cost < 4 || this.#cost > 31) {
      throw new RangeError("bcrypt's cost must be a whole number from 4 to 31");
    }
    this.#dummyHash = `$2a$${String(this.#cost).padStart(2, "0")}$${".".repeat(53)}`;
    this.#pool = new WorkerPool({
      spawn: options.spawn ?? spawnWorker,
      clock: options.clock,
      workers: options.workers ?? Math.max(1, navigator.hardwareConcurrency - 1),
      maxWaitMs: options.maxWaitMs ?? DEFAULT_WAIT_MS,
      jobTimeoutMs: options.jobTimeoutMs ?? DEFAULT_TIMEOUT_MS,
      expectedJobMs: MS_PER_ROUND * 2 ** this.#cost,
      log: options.log,
      onDone: options.onDone,
    });
    if (options.eager) this.#pool.warm();
  }

  /**
   * The encoded bcrypt hash of the password's NFC, 60 ASCII characters with cost and salt inside.
   * Rejects with ChatError invalid_argument for passwords that bcrypt would cut
   * (over 72 UTF-8 bytes, or with a NUL), resource_exhausted when too many
   * wait, unavailable when workers fail.
   */
  async hash(password: string, applicant = LOCAL): Promise<string> {
    const composed = composedPassword(password);
    if (!usable(composed)) {
      throw new ChatError(
        Code.INVALID_ARGUMENT,
        `A password has 1–${BCRYPT_BYTES} bytes, none of them NUL`,
      );
    }
    const job = { kind: "hash", password: composed, cost: this.#cost } as const;
    return await this.#pool.run(job, turnOf(applicant)) as string;
  }

  /**
   * Whether the password belongs to the hash, and whether the hash has another
   * cost than new ones, or is of the password as it was typed, and should be made again. The
   * password is tried in NFC, and as it was typed where that differs: what a keyboard sends decides about the time, not the account. Without a hash, with one of a
   * lower cost, or with a password that cannot be right, the time is that of a
   * wrong password under the present cost; only a hash of a higher cost takes
   * longer. Rejects as {@link hash} does, except that no password is invalid here.
   */
  async verify(
    password: string,
    hash: string | undefined,
    applicant = LOCAL,
  ): Promise<{ ok: boolean; outdated: boolean }> {
    const composed = composedPassword(password);
    const passwords = [...new Set([composed, password])].filter(usable);
    const cost = hash === undefined ? undefined : HASH.exec(hash)?.[1];
    const job = {
      kind: "verify",
      passwords: passwords.length > 0 ? passwords : ["unusable"],
      hash: cost === undefined ? this.#dummyHash : hash as string,
      cost: this.#cost,
    } as const;
    const matched = await this.#pool.run(job, turnOf(applicant)) as number;
    const right = cost === undefined ? undefined : passwords[matched];
    return {
      ok: right !== undefined,
      outdated: cost !== undefined &&
        (Number(cost) !== this.#cost || (right !== undefined && right !== composed)),
    };
  }

  /** Passwords that wait and are in work now, and those refused since the start. */
  get load(): WorkerPool<PasswordJob, PasswordResult>["load"] {
    return this.#pool.load;
  }

  [Symbol.dispose](): void {
    this.#pool[Symbol.dispose]();
  }
}

/** Those who were let in before wait in a queue of their own; in each the networks have turns, then the accounts. */
function turnOf({ known, address, subject }: Applicant): [queue: string, ...groups: string[]] {
  return [known ? "known" : "unknown", ...addressPath(address), subject];
}

/** A password as it is hashed: the same, whichever keyboard it was typed on. One that is too long is left as it is. */
function composedPassword(password: string): string {
  // bounded: four units are composed to one at most
  return password.length > 4 * BCRYPT_BYTES ? password : password.normalize("NFC");
}

function usable(password: string): boolean {
  if (password === "" || password.length > BCRYPT_BYTES || password.includes("\0")) return false;
  return new TextEncoder().encode(password).length <= BCRYPT_BYTES;
}

function spawnWorker(): WorkerHandle {
  return new Worker(new URL("./password_worker.ts", import.meta.url), { type: "module" });
}
