/**
 * Refusals of drafts that were right when they were decided and are not any
 * more, because another draft of the same batch came first.
 *
 * @module
 */
import { ChatError, Code } from "../../chat/error.ts";

export const CONFLICTS = {
  "user.name": () => new ChatError(Code.ALREADY_EXISTS, "That user name is taken: choose another one"),
  "channel.name": () => new ChatError(Code.ALREADY_EXISTS, "That channel name is taken: choose another one"),
  "channel.direct_key": () => new ChatError(Code.ALREADY_EXISTS, "That conversation exists already"),
  "invite_has_uses": () =>
    new ChatError(Code.FAILED_PRECONDITION, "That invite is used up: ask for a new one"),
} as const;

/** The refusal behind a failed constraint; any other error as it is. */
export function refusalOf(error: Error): Error {
  for (const [constraint, refusal] of Object.entries(CONFLICTS)) {
    if (error.message.endsWith(`constraint failed: ${constraint}`)) return refusal();
  }
  return error;
}

/** Throws when SQLite would cut the text off at a NUL character. */
export function refuseNul(text: unknown): void {
  if (typeof text === "string" && text.includes("\0")) {
    throw new ChatError(Code.INVALID_ARGUMENT, "Text must not contain the character U+0000");
  }
}
