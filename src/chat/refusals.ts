/** What becomes of a command that fails: an answer, a count, and what the operator is told. @module */
import type { Command } from "./command.ts";
import { ChatError, Code, nameOf } from "./error.ts";
import type { Trace } from "./log_event.ts";
import type { Principal } from "./model.ts";
import type { Log } from "./ports.ts";
import type { Result } from "./reply.ts";

/** Whose command it is. */
export interface Asker {
  /** Undefined for somebody without a session. */
  readonly principal?: Principal | undefined;
  readonly address?: string;
  readonly trace?: Trace | undefined;
}

export class Refusals {
  readonly #log: Log;
  /** Since the start, by {@link Code}. */
  readonly counts = new Array<number>(Math.max(...Object.values(Code)) + 1).fill(0);

  constructor(log: Log) {
    this.#log = log;
  }

  /** The answer to a command that failed with this error. */
  answer(error: unknown, command: Command, asker: Asker): Result {
    if (error instanceof ChatError) {
      const { code, message, retryAfterMs } = error;
      this.counts[code]!++;
      if (error.cause !== undefined) this.#fail(error.cause, command, asker);
      else if (this.#log.reports("command_refused")) this.#report(code, command, asker);
      return { case: "error", value: { code, message, retryAfterMs } };
    }
    this.counts[Code.INTERNAL]!++;
    this.#fail(error, command, asker);
    const message = "The server could not do this: its log says why";
    return { case: "error", value: { code: Code.INTERNAL, message, retryAfterMs: 0 } };
  }

  #fail(error: unknown, command: Command, asker: Asker): void {
    this.#log.report("command_failed", { ...about(command, asker), error });
  }

  #report(code: number, command: Command, asker: Asker): void {
    const { address } = asker;
    const reason = nameOf(code);
    this.#log.report("command_refused", { ...about(command, asker), ...(address && { address }), reason });
  }
}

function about(command: Command, { trace, principal }: Asker): Record<string, unknown> {
  // Who has no session has no account either: the operator, and those who log in or register.
  const user = principal && principal.sessionId !== 0 ? { user: principal.userId } : {};
  return { ...trace, ...user, command: command.body.case };
}
