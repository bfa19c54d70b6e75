/** Reads: asked on this connection alone, again while the server says that it is too much at once, and given up in time. @module */
import {
  type CommandCase,
  type CommandInit,
  type CommandResult,
  type Reply,
  resultOf,
} from "../wire/client_codec.ts";
import type { Clock } from "./clock.ts";
import type { CommandEncoder } from "./encoder.ts";
import { fromWire, isTransient, RookeryError } from "./error.ts";
import type { Lane, Outgoing } from "./sender.ts";

type Unsent = Outgoing & { readonly id: number };

interface Waiting {
  readonly name: CommandCase;
  readonly body: CommandInit<CommandCase>;
  readonly outgoing: Unsent;
  /** When it is given up, on the client's clock. */
  readonly endMs: number;
  /** What the server has said last. */
  refusal: RookeryError | undefined;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

export interface RequestsOptions {
  readonly encoder: CommandEncoder;
  readonly clock: Clock;
  /** There is something to send. */
  wake(): void;
}

/** A command that was answered; without a result it was refused. */
export interface Answered {
  readonly name: CommandCase;
  readonly body: CommandInit<CommandCase>;
  readonly result?: unknown;
}

export class Requests implements Lane {
  readonly #options: RequestsOptions;
  readonly #waiting = new Map<number, Waiting>();
  #unsent: Unsent[] = [];
  #cancelPause: (() => void) | undefined;

  constructor(options: RequestsOptions) {
    this.#options = options;
  }

  /** Whether something waits for the rate limit. */
  get backlog(): boolean {
    return this.#unsent.length > 0;
  }

  /** Asks, and gives up after `timeoutMs`. */
  ask<C extends CommandCase>(
    name: C,
    body: CommandInit<C>,
    { signal, timeoutMs }: { signal?: AbortSignal | undefined; timeoutMs: number },
  ): Promise<CommandResult<C>> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    const { encoder, clock } = this.#options;
    const outgoing = encoder.encode({ name, body });
    const { id } = outgoing;
    return new Promise((resolve, reject) => {
      const abort = () => this.#waiting.get(id)?.reject(signal?.reason);
      const cancelTimeout = clock.after(timeoutMs, () => {
        const message = `The server did not answer ${name} within ${timeoutMs} ms`;
        const waiting = this.#waiting.get(id);
        waiting?.reject(waiting.refusal ?? new RookeryError("unavailable", message));
      });
      signal?.addEventListener("abort", abort, { once: true });
      const settled = <T>(settle: (value: T) => void) => (value: T) => {
        this.#waiting.delete(id);
        cancelTimeout();
        signal?.removeEventListener("abort", abort);
        settle(value);
      };
      const resolveTyped = resolve as (result: unknown) => void;
      this.#waiting.set(id, {
        name,
        body,
        outgoing,
        endMs: clock.now() + timeoutMs,
        refusal: undefined,
        resolve: settled(resolveTyped),
        reject: settled(reject),
      });
      this.#unsent.push(outgoing);
      this.#options.wake();
    });
  }

  /** Sends something that nobody waits for. */
  tell<C extends CommandCase>(name: C, body: CommandInit<C>): void {
    this.#unsent.push(this.#options.encoder.encode({ name, body }, { reply: false }));
    this.#options.wake();
  }

  peek(): Outgoing | undefined {
    if (this.#cancelPause) return undefined;
    for (;;) {
      const next = this.#unsent[0];
      if (!next || next.id === 0 || this.#waiting.has(next.id)) return next;
      this.#unsent.shift();
    }
  }

  take(): void {
    this.#unsent.shift();
  }

  /** Handles a reply; undefined when no read has this number. */
  settle(reply: Reply): Answered | undefined {
    const waiting = this.#waiting.get(reply.id);
    if (!waiting) return undefined;
    const { name, body } = waiting;
    if (reply.result.case === "error") {
      this.#refused(waiting, fromWire(reply.result.value, name));
      return { name, body };
    }
    const result = resultOf(name, reply);
    if (result === undefined) {
      waiting.reject(new RookeryError("internal", `The server answered ${name} with ${reply.result.case}`));
      return { name, body };
    }
    waiting.resolve(result);
    return { name, body, result };
  }

  /** Rejects everything that waits. */
  fail(error: RookeryError): void {
    this.#cancelPause?.();
    this.#cancelPause = undefined;
    this.#unsent.length = 0;
    for (const waiting of [...this.#waiting.values()]) waiting.reject(error);
  }

  /** Several connections share one budget, so a read may be too much although this one has kept to the rate. */
  #refused(waiting: Waiting, refusal: RookeryError): void {
    const { clock, wake } = this.#options;
    const { code, retryAfterMs } = refusal;
    const later = code === "resource_exhausted" && isTransient(refusal);
    if (!later || clock.now() + retryAfterMs >= waiting.endMs) return waiting.reject(refusal);
    waiting.refusal = refusal;
    this.#unsent.push(waiting.outgoing);
    this.#unsent.sort((a, b) => a.order - b.order);
    // What is asked meanwhile would be refused as well.
    this.#cancelPause ??= clock.after(retryAfterMs, () => {
      this.#cancelPause = undefined;
      wake();
    });
  }
}
