/** Why something was refused, in the user's language. @module */
import { RookeryError } from "../../client/mod.ts";
import { t } from "./i18n.ts";
import { language } from "./language.ts";
import type { Key } from "./catalogue.ts";

const KEYS: Readonly<Record<RookeryError["code"], Key>> = {
  already_exists: "refusedExists",
  failed_precondition: "refusedNow",
  internal: "refusedInternal",
  invalid_argument: "refusedInvalid",
  not_found: "refusedNotFound",
  permission_denied: "refusedPermission",
  resource_exhausted: "refusedTooMuch",
  unauthenticated: "refusedSession",
  unavailable: "refusedUnavailable",
};

/** Kinds that say all there is to say. */
const ENOUGH: ReadonlySet<RookeryError["code"]> = new Set(["already_exists", "unauthenticated"]);

/**
 * The server's own words in English. In other languages the kind of refusal,
 * and the server's words behind it: they say which limit it was, for instance.
 * Where there was no answer the words are a browser's, and not meant for users.
 */
export function refusal(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof RookeryError)) return message;
  const kind = t(KEYS[error.code]);
  if (error.code === "unavailable" && error.cause !== undefined) return kind;
  if (language.peek() === "en") return message;
  return ENOUGH.has(error.code) ? kind : `${kind} (${message})`;
}
