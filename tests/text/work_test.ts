/**
 * L8 What is done with a text takes time linear in it. Patterns are held to that by the lint rule; this holds the whole functions, loops
 * and all, against texts made to cost time, four times as long once. A function of quadratic time takes 16 times as long,
 * one of linear time 4 times: the bound lies between, and what takes next to no time is not judged.
 */
import { equal, match } from "node:assert/strict";
import { DEFAULT_LIMITS } from "../../src/chat/limits.ts";
import { checkLine, checkMessageText, normalDisplayName, normalEmoji } from "../../src/chat/text.ts";
import { neutral, neutralLine, wrap } from "../../src/cli/chat/text.ts";
import { endsInCode } from "../../src/text/code_at.ts";
import { parseInline } from "../../src/text/inline.ts";
import { parseMarkdown } from "../../src/text/markdown.ts";
import { mentionBefore } from "../../src/text/mention.ts";
import { mentionsIn } from "../../src/text/mentions.ts";
import { isJumbo } from "../../src/web/text/jumbo.ts";
import { plainName } from "../../src/web/text/names.ts";

const SHORT = 16 * 1024;
const TIMES = 4;
/** Between 4, for linear time, and 16, for quadratic time. */
const RATIO_MAX = 9;
/** What is done in less is not judged: looking at each of 64 Ki characters once for every other one takes far longer. */
const TELLING_MS = 100;
const RUNS = 4;

const limits = { ...DEFAULT_LIMITS, messageBytes: 1e9 };

const FUNCTIONS: Readonly<Record<string, (text: string) => unknown>> = {
  checkMessageText: (text) => checkMessageText(text, limits),
  checkLine: (text) => checkLine(text, { what: "Topic", bytesMax: 1e9 }),
  normalDisplayName: (text) => normalDisplayName(text, DEFAULT_LIMITS),
  normalEmoji: (text) => normalEmoji(text, DEFAULT_LIMITS),
  mentionsIn,
  mentionBefore: (text) => mentionBefore(text, text.length),
  parseInline: (text) => parseInline(text),
  parseMarkdown,
  endsInCode,
  isJumbo,
  plainName,
  neutral,
  neutralLine,
  wrap: (text) => wrap(neutralLine(text), 80),
};

/** What a text is made of, over and over. */
const PARTS = [
  ..."@.-_*~`[](){}<>\\/:#|!&'\"",
  ..."\n\r\t \u00a0",
  ..."a1交ก\u0301\u200d\ufe0f",
  "@a.",
  "@a@b",
  "@a ",
  "*a",
  "**a** ",
  "_a_",
  "***a",
  "`a",
  "``a`",
  "```\n",
  "```a",
  "> ",
  "> > ",
  "\n> ",
  "- a\n",
  "1. ",
  "\\*",
  "\n\n",
  "\r\n",
  "[a](",
  "[a](https://a",
  "[[",
  "](",
  "https://a.b/(",
  "https://",
  "http://a.b/)",
  "www.a",
  "a.b@c",
  ":a",
  "👩\u200d",
  "❤\ufe0f",
  "🇩🇪",
  " a",
];

function textsOf(length: number): string[] {
  return PARTS.flatMap((part) => {
    const many = part.repeat(Math.ceil(length / part.length));
    return [`@a${many}`, `${many}b`, `a${many}\n${many.slice(0, 100)}`];
  });
}

/** Milliseconds of the fastest of a few runs. */
function timeOf(work: (text: string) => unknown, text: string): number {
  let best = Infinity;
  for (let run = 0; run < RUNS; run++) {
    const beforeMs = performance.now();
    try {
      work(text);
    } catch {
      // Refusing takes time, too.
    }
    best = Math.min(best, performance.now() - beforeMs);
    if (best > 1000) break;
  }
  return best;
}

/** The first text for which the time grows too fast, with its times; undefined when there is none. */
function steepest(work: (text: string) => unknown): string | undefined {
  const short = textsOf(SHORT);
  for (const [at, long] of textsOf(TIMES * SHORT).entries()) {
    const longMs = timeOf(work, long);
    if (longMs < TELLING_MS) continue;
    const shortMs = timeOf(work, short[at]!);
    if (longMs > RATIO_MAX * shortMs) {
      return `${JSON.stringify(long.slice(0, 12))}: ${shortMs} and ${longMs} ms`;
    }
  }
  return undefined;
}

for (const [name, work] of Object.entries(FUNCTIONS)) {
  Deno.test(`L8 ${name} takes linear time`, () => equal(steepest(work), undefined));
}

Deno.test("a function of quadratic time is told from one of linear time", () => {
  match(steepest((text) => text.replace(/[._-]+$/, "")) ?? "", /^"/);
});
