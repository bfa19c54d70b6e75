/** The one class of errors that the SDK throws. @module */
import { type CommandCase, ErrorCode, type WireError } from "../wire/client_codec.ts";

/** Kind of failure: the standard status names of the wire. */
export type RookeryCode =
  | "invalid_argument"
  | "unauthenticated"
  | "permission_denied"
  | "not_found"
  | "already_exists"
  | "resource_exhausted"
  | "failed_precondition"
  | "unavailable"
  | "internal";

const NAMES: Readonly<Record<ErrorCode, RookeryCode>> = {
  [ErrorCode.UNSPECIFIED]: "internal",
  [ErrorCode.INVALID_ARGUMENT]: "invalid_argument",
  [ErrorCode.UNAUTHENTICATED]: "unauthenticated",
  [ErrorCode.PERMISSION_DENIED]: "permission_denied",
  [ErrorCode.NOT_FOUND]: "not_found",
  [ErrorCode.ALREADY_EXISTS]: "already_exists",
  [ErrorCode.RESOURCE_EXHAUSTED]: "resource_exhausted",
  [ErrorCode.FAILED_PRECONDITION]: "failed_precondition",
  [ErrorCode.UNAVAILABLE]: "unavailable",
  [ErrorCode.INTERNAL]: "internal",
};

/** What went wrong, in the server's words or the client's own. */
export class RookeryError extends Error {
  /** Always this. */
  override readonly name = "RookeryError";
  readonly code: RookeryCode;
  /** When to try again, milliseconds; 0 when unknown or never. */
  readonly retryAfterMs: number;
  /** By what the server's log knows the request; empty when it came over a socket, or to nothing. */
  readonly requestId: string;
  /** Which command the server refused, such as `joinChannel`; empty when the words are not the server's. */
  readonly command: CommandCase | "";

  /** An error of this kind, in words for people. */
  constructor(
    code: RookeryCode,
    message: string,
    options: ErrorOptions & { retryAfterMs?: number; requestId?: string; command?: CommandCase | "" } = {},
  ) {
    super(message, options);
    this.code = code;
    this.retryAfterMs = options.retryAfterMs ?? 0;
    this.requestId = options.requestId ?? "";
    this.command = options.command ?? "";
  }
}

/** A refusal by the server, of a command or of a connection. */
export function fromWire(error: WireError, command: CommandCase | "" = ""): RookeryError {
  const code = NAMES[error.code] ?? "internal";
  const { message, retryAfterMs, requestId } = error;
  return new RookeryError(code, message, { retryAfterMs, requestId, command });
}

/** Whether the same command may succeed when it is sent again; a limit without a time to wait does not pass. */
export function isTransient(error: RookeryError): boolean {
  return error.code === "unavailable" || (error.code === "resource_exhausted" && error.retryAfterMs > 0);
}

/** Whatever was thrown, as a RookeryError. */
export function asRookeryError(cause: unknown): RookeryError {
  if (cause instanceof RookeryError) return cause;
  return new RookeryError("internal", reasonOf(cause), { cause });
}

/** What whatever was thrown says. */
export function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
