/**
 * L8 What is done with a text takes time linear in it. Patterns are held to that by the lint rule; this holds the whole functions, loops
 * and all, against texts made to cost time, four times as long once. A function of quadratic time does 16 times the work,
 * one of linear time 4 times: the bound lies between. Work is counted, so a busy machine changes nothing.
 */
import { equal, match } from "node:assert/strict";
import { workOf } from "../work.ts";

const SHORT = 16 * 1024;
const TIMES = 4;
/** Between 4, for linear time, and 16, for quadratic time. */
const RATIO_MAX = 5;
/** What is done once, however long the text is. */
const ONCE = 1_000;

const FUNCTIONS = [
  "checkMessageText",
  "checkLine",
  "normalDisplayName",
  "normalEmoji",
  "mentionsIn",
  "mentionBefore",
  "parseInline",
  "parseMarkdown",
  "endsInCode",
  "isJumbo",
  "plainName",
  "neutral",
  "neutralLine",
  "wrap",
];

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

/** The first text for which the work grows too fast, with both amounts; undefined when there is none. */
async function steepest(name: string): Promise<string | undefined> {
  const module = new URL("whole_functions.ts", import.meta.url);
  const [short, long] = [textsOf(SHORT), textsOf(TIMES * SHORT)];
  const work = await workOf({ module, name }, [...short, ...long]);
  for (const [at, text] of short.entries()) {
    const [less, more] = [work[at]!, work[short.length + at]!];
    if (more > RATIO_MAX * less + ONCE) return `${JSON.stringify(text.slice(0, 12))}: ${less} and ${more}`;
  }
  return undefined;
}

for (const name of FUNCTIONS) {
  Deno.test(`L8 ${name} takes linear time`, async () => equal(await steepest(name), undefined));
}

Deno.test("a function of quadratic time is told from one of linear time", async () => {
  for (const name of ["quadraticByLoops", "quadraticBySearches"]) {
    match(await steepest(name) ?? "", /^"/, name);
  }
});
