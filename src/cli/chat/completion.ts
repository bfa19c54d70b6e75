/** What Tab makes of the word before the cursor. @module */

import { foldChannelName } from "../../text/channel_name.ts";
import { mentionBefore } from "../../text/mention.ts";

/** Words that may be meant. */
export interface Vocabulary {
  readonly commands: readonly string[];
  readonly channels: readonly string[];
  readonly users: readonly string[];
}

/** The text with its last word completed as far as it is certain; the candidates when there are several. */
export function complete(
  text: string,
  words: Vocabulary,
): { readonly text: string; readonly candidates: readonly string[] } {
  const start = wordStart(text);
  const [before, last] = [text.slice(0, start), text.slice(start)];
  const candidates = candidatesFor(before, last, words);
  if (candidates.length === 0) return { text, candidates };
  if (candidates.length === 1) return { text: `${before}${candidates[0]} `, candidates: [] };
  return { text: before + commonBeginning(candidates), candidates };
}

/** Words stand between spaces; a mention may also follow a letter of a script that has none. */
function wordStart(text: string): number {
  const spaced = text.search(/(?<!\S)\S*$/);
  const letters = mentionBefore(text, text.length);
  const isCommand = spaced === 0 && text.startsWith("/");
  return letters === undefined || isCommand ? spaced : text.length - letters.length - 1;
}

function candidatesFor(before: string, last: string, words: Vocabulary): string[] {
  const beginning = foldChannelName(last);
  const begins = (word: string) => word.startsWith(beginning);
  if (before === "" && last.startsWith("/")) return words.commands.filter(begins);
  if (last.startsWith("#")) return words.channels.map((name) => `#${name}`).filter(begins);
  if (/^\/(?:join|channels)\s+$/.test(before)) return words.channels.filter(begins);
  if (last.startsWith("@")) return words.users.map((name) => `@${name}`).filter(begins);
  if (/^\/(?:dm|invite|remove|ban|unban)\s/.test(before)) return words.users.filter(begins);
  return last === ""
    ? []
    : words.users.map((name) => `@${name}`).filter((word) => word.startsWith(`@${beginning}`));
}

function commonBeginning([first = "", ...others]: readonly string[]): string {
  let length = first.length;
  for (const other of others) {
    while (!other.startsWith(first.slice(0, length))) length--;
  }
  return first.slice(0, length);
}
