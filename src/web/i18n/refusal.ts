/** Why something was refused, in the user's language. @module */
import { RookeryError } from "../../client/mod.ts";
import { t } from "./i18n.ts";
import { language } from "./language.ts";
import { refusedBy } from "./refused.ts";

/**
 * The server's own words in English. In other languages the page's text for what
 * was refused; where it has only one for the kind of refusal, the server's words stand behind it.
 * Where there was no answer the words are a browser's, and not meant for users.
 */
export function refusal(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof RookeryError)) return message;
  const { key, count = 0, whole } = refusedBy(error);
  const unreached = error.code === "unavailable" && error.cause !== undefined;
  if (language.peek() === "en" && !unreached) return message;
  const text = t(key, { count });
  return whole ? text : `${text} (${message})`;
}
