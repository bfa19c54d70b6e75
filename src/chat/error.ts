/** The one class of errors that clients are told about. @module */

/** Kinds of refusal, numbered as ErrorCode in proto/rookery/v1/model.proto. */
export const Code = {
  INVALID_ARGUMENT: 1,
  UNAUTHENTICATED: 2,
  PERMISSION_DENIED: 3,
  NOT_FOUND: 4,
  ALREADY_EXISTS: 5,
  RESOURCE_EXHAUSTED: 6,
  FAILED_PRECONDITION: 7,
  UNAVAILABLE: 8,
  INTERNAL: 9,
} as const;
export type Code = typeof Code[keyof typeof Code];

/** A refusal: what happened and what to do, in words for people. */
export class ChatError extends Error {
  override readonly name = "ChatError";
  readonly code: Code;
  /** When to try again, milliseconds; 0 when unknown or never. */
  readonly retryAfterMs: number;

  /** With a cause, which clients are not told, it is a fault and not only a refusal. */
  constructor(code: Code, message: string, retryAfterMs = 0, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

const NAMES = new Map<number, string>(
  // bounded: our own words
  Object.entries(Code).map(([name, code]) => [code, name.toLowerCase()]),
);

/** The standard name of a code, such as "not_found". */
export function nameOf(code: number): string {
  return NAMES.get(code) ?? "unknown";
}

/** Throws an invalid_argument refusal. */
export function invalid(message: string): never {
  throw new ChatError(Code.INVALID_ARGUMENT, message);
}

/** Throws a not_found refusal: the same words whether the thing is missing or hidden. */
export function notFound(what: string): never {
  throw new ChatError(Code.NOT_FOUND, `No such ${what}`);
}

/** Throws a permission_denied refusal. */
export function denied(message: string): never {
  throw new ChatError(Code.PERMISSION_DENIED, message);
}

/** Throws a failed_precondition refusal. */
export function unmet(message: string): never {
  throw new ChatError(Code.FAILED_PRECONDITION, message);
}

/** Of whoever uses a session that has ended. */
export function sessionEnded(): ChatError {
  return new ChatError(Code.UNAUTHENTICATED, "The session has ended: log in again");
}
