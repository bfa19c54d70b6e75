/**
 * Functions that are given texts from outside, each with the text as its one argument. A text may be refused: refusing takes
 * work, too. The last two are here to be found.
 *
 * @module
 */
import { ChatError } from "../../src/chat/error.ts";
import { DEFAULT_LIMITS } from "../../src/chat/limits.ts";
import * as texts from "../../src/chat/validation.ts";
import * as drawing from "../../src/cli/chat/text.ts";
import { mentionBefore as readMention } from "../../src/text/mention.ts";

export { neutral, neutralLine } from "../../src/cli/chat/text.ts";
export { endsInCode } from "../../src/text/code_at.ts";
export { parseInline } from "../../src/text/inline.ts";
export { parseMarkdown } from "../../src/text/markdown.ts";
export { mentionsIn } from "../../src/text/mentions.ts";
export { isJumbo } from "../../src/web/text/jumbo.ts";
export { plainName } from "../../src/web/text/names.ts";

const limits = { ...DEFAULT_LIMITS, messageBytes: 1e9 };

function refusable(work: (text: string) => unknown): (text: string) => void {
  return (text) => {
    try {
      work(text);
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
    }
  };
}

export const checkMessageText = refusable((text) => texts.checkMessageText(text, limits));
export const checkLine = refusable((text) => texts.checkLine(text, { what: "Topic", bytesMax: 1e9 }));
export const normalDisplayName = refusable((text) => texts.normalDisplayName(text, DEFAULT_LIMITS));
export const normalEmoji = refusable((text) => texts.normalEmoji(text, DEFAULT_LIMITS));

export function mentionBefore(text: string): unknown {
  return readMention(text, text.length);
}

export function wrap(text: string): unknown {
  return drawing.wrap(drawing.neutralLine(text), 80);
}

/** For each mark, a step for each character before it. */
export function quadraticByLoops(text: string): number {
  let steps = 0;
  for (let at = 0; at < text.length; at += 64) {
    if (text[at] !== "@") continue;
    for (let before = 0; before < at; before++) steps++;
  }
  return steps;
}

/** For each mark, a search to the end. */
export function quadraticBySearches(text: string): number {
  let found = 0;
  for (let at = text.indexOf("@"); at >= 0 && at < text.length; at = text.indexOf("@", at + 64)) {
    if (text.includes("none", at)) found++;
  }
  return found;
}
