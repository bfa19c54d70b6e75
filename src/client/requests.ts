/** Reads: asked once on this connection, answered in time or given up. @module */
import {
  type CommandCase,
  type CommandInit,
  type CommandResult,
  type Reply,
  resultOf,
} from "../wire/client_codec.ts";
import type { Clock } from "./clock.ts";
import type { CommandEncoder } from "./encoder.ts";
import { fromWire, RookeryError } from "./error.ts";
import type { Lane, Outgoing } from "./sender.ts";

interface Waiting {
  readonly name: CommandCase;
  readonly body: CommandInit<CommandCase>;
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
  readonly #unsent: (Outgoing & { readonly id: number })[] = [];

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
    const outgoing = this.#options.encoder.encode({ name, body });
    const { id } = outgoing;
    return new Promise((resolve, reject) => {
      const abort = () => this.#waiting.get(id)?.reject(signal?.reason);
      const cancelTimeout = this.#options.clock.after(timeoutMs, () => {
        const message = `The server did not answer ${name} within ${timeoutMs} ms`;
        this.#waiting.get(id)?.reject(new RookeryError("unavailable", message));
      });
      signal?.addEventListener("abort", abort, { once: true });
      const settled = <T>(settle: (value: T) => void) => (value: T) => {
        this.#waiting.delete(id);
        cancelTimeout();
        signal?.removeEventListener("abort", abort);
        settle(value);
      };
      const resolveTyped = resolve as (result: unknown) => void;
      this.#waiting.set(id, { name, body, resolve: settled(resolveTyped), reject: settled(reject) });
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
      waiting.reject(fromWire(reply.result.value, name));
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
    this.#unsent.length = 0;
    for (const waiting of [...this.#waiting.values()]) waiting.reject(error);
  }
}
