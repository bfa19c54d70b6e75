/** One command on its way to the store, and what it is answered in the end. @module */
import type { Decision } from "../commands/definition.ts";
import { ChatError, Code } from "../error.ts";
import type { Event, EventCase } from "../event.ts";
import type { Facts } from "../facts/facts.ts";
import { contradicts } from "../fingerprint.ts";
import type { Trace } from "../log_event.ts";
import type { KeyedEvent } from "../ports.ts";
import type { Result } from "../reply.ts";

/** One command on its way to the store. */
export interface Task {
  readonly actorId: number;
  /** Session that asked; 0 for callers without one. */
  readonly sessionId: number;
  /** Client's own name for the command; empty when it gave none. */
  readonly key: string;
  /** What the command says; absent without a key. */
  readonly fingerprint?: number | undefined;
  /** Kind of the first event, by which a key is known to be this command's. */
  readonly first: EventCase;
  /** Of the operator, whom no want of room keeps from helping. */
  readonly unbounded?: boolean;
  /** For the log. */
  readonly trace?: Trace | undefined;
  /** Decides on facts that include the batch so far; throws ChatError to refuse. */
  decide(facts: Facts): Decision;
  /** Result made of the first event, after the commit. */
  result(first: Event): Result;
  /** Called exactly once. */
  settle(result: Result): void;
  /** Called exactly once instead of settle, when the command was refused or failed. */
  fail(error: unknown): void;
}

/** How long whoever was turned away should wait before the next attempt. */
export const RETRY_AFTER_MS = 1000;

/** Room is made by people. */
const DISK_RETRY_MS = 30_000;

/**
 * Answers a task by the first event under its key, stored now or long ago. The fingerprint is that of the command which
 * the event was made by.
 */
export function settleFrom(task: Task, first: KeyedEvent, fingerprint = first.fingerprint): void {
  let result: Result;
  try {
    if (first.body.case !== task.first) {
      throw new ChatError(Code.INVALID_ARGUMENT, "Key not usable: it was used for another command");
    }
    if (contradicts(task.fingerprint, fingerprint)) throw keyTaken();
    result = task.result(first);
  } catch (error) {
    return task.fail(error);
  }
  task.settle(result);
}

/** For a command under a key that named another one. */
function keyTaken(): ChatError {
  return new ChatError(
    Code.ALREADY_EXISTS,
    "Key used before, for a command that said something else: use another key",
  );
}

export function cannotStore(): ChatError {
  return unavailable("The server cannot store now: send again");
}

/** Of whoever would store something new while the disk has too little room. */
export function diskFull(): ChatError {
  return new ChatError(
    Code.UNAVAILABLE,
    "The server's disk is nearly full: nothing new is stored until its operator makes room",
    DISK_RETRY_MS,
  );
}

export function unavailable(message: string): ChatError {
  return new ChatError(Code.UNAVAILABLE, message, RETRY_AFTER_MS);
}
