/** Nothing that somebody wrote disappears: texts of all scripts, emoji and markup, at random. @module */
import assert from "node:assert/strict";
import fc from "fast-check";
import { parseMarkdown } from "../../src/text/markdown.ts";
import type { Block, Inline } from "../../src/text/tree.ts";

const WORDS = [
  ...[
    "word",
    "Zoë",
    "交给",
    "重要",
    "です",
    "한국어",
    "ไทย",
    "سلام",
    "नमस्ते",
    "👩‍👩‍👧",
    "❤️",
    "42",
    "e\u0301",
    "x",
  ],
  ...[
    "https://a.org/b_c",
    "www.a.org",
    "@bob",
    "a@b.c",
    "bob_x",
    "¯\\_(ツ)_/¯",
    ">:(",
    "C:\\new",
    "#1",
    "|",
    "。",
    "」",
  ],
];
const MARKUP = [
  ...[
    "*",
    "**",
    "***",
    "_",
    "__",
    "~~",
    "~",
    "`",
    "``",
    "```",
    "````",
    "~~~",
    ">",
    "> ",
    ">> ",
    "- ",
    "* ",
    "2. ",
    "7) ",
  ],
  ...[
    "\\",
    "\\\\",
    "\\*",
    "\\`",
    "\\_",
    "\\>",
    "[",
    "](https://a.org/x_(y))",
    "(",
    ")",
    "@",
    "@bob.",
    "\n",
    "\n\n",
    " ",
    "```js\n",
  ],
];
const TEXT = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...WORDS) },
    { weight: 4, arbitrary: fc.constantFrom(...MARKUP) },
    { weight: 1, arbitrary: fc.string({ unit: "grapheme", maxLength: 4 }) },
  ),
  { maxLength: 24 },
).map((parts) => parts.join(""));

/** What a reader sees, with the address of a link behind its words, as the page says it. */
function visible(parts: readonly (Block | Inline)[]): string {
  return parts.map((part): string => {
    if (typeof part === "string") return part;
    switch (part.kind) {
      case "mention":
        return `@${part.name}`;
      case "link":
        return part.words === undefined ? part.address : part.words + part.address;
      case "code":
        return ("language" in part ? part.language : "") + part.text;
      case "quote":
        return visible(part.blocks);
      case "list":
        return part.items.map(({ marker, children }) => marker + visible(children)).join("");
      default:
        return visible(part.children);
    }
  }).join("");
}

/** All kinds of parts in it. */
function kindsIn(parts: readonly (Block | Inline)[]): Set<string> {
  const kinds = new Set<string>();
  const visit = (part: Block | Inline): void => {
    if (typeof part === "string") return;
    kinds.add(part.kind);
    if (part.kind === "quote") part.blocks.forEach(visit);
    else if (part.kind === "list") part.items.forEach(({ children }) => children.forEach(visit));
    else if ("children" in part) part.children.forEach(visit);
  };
  parts.forEach(visit);
  return kinds;
}

function without(text: string, marks: RegExp): string {
  return text.replaceAll(marks, "");
}

function countOf(text: string, mark: string): number {
  return text.split(mark).length - 1;
}

Deno.test("every character of a message that is not markup is visible, in its place", () => {
  // Marks that may act, and space.
  const marks = /[\s*_~`>\\[\]()]/gu;
  fc.assert(
    fc.property(TEXT, (text) => {
      assert.equal(without(visible(parseMarkdown(text)), marks), without(text, marks));
    }),
    { numRuns: 4_000 },
  );
});

Deno.test("marks disappear only where they have acted, each kind for itself", () => {
  const causes: readonly [mark: string, kinds: readonly string[]][] = [
    ["*", ["bold", "italic"]],
    ["_", ["bold", "italic"]],
    ["~", ["struck", "code"]],
    ["`", ["code"]],
    [">", ["quote"]],
    ["[", ["link"]],
    ["]", ["link"]],
    ["(", ["link"]],
    [")", ["link"]],
  ];
  fc.assert(
    fc.property(TEXT, (text) => {
      const blocks = parseMarkdown(text);
      const shown = visible(blocks);
      const kinds = kindsIn(blocks);
      for (const [mark, acting] of causes) {
        const gone = countOf(text, mark) - countOf(shown, mark);
        assert.ok(gone >= 0, `${mark} is there once more`);
        if (!acting.some((kind) => kinds.has(kind))) assert.equal(gone, 0, `${mark} has not acted`);
      }
    }),
    { numRuns: 4_000 },
  );
});

Deno.test("as many marks of emphasis go as elements need", () => {
  const parts = fc.array(
    fc.constantFrom("*", "**", "***", "_", "__", "~~", "~", "a", "重", "🎉", " ", "(", ".", "。"),
    {
      maxLength: 30,
    },
  );
  const needed = (children: readonly Inline[]): number =>
    children.reduce((sum, part) => {
      if (typeof part === "string" || !("children" in part)) return sum;
      return sum + (part.kind === "italic" ? 2 : 4) + needed(part.children);
    }, 0);
  fc.assert(
    fc.property(parts, (parts) => {
      // The word in front keeps marks from beginning a list or a fence.
      const text = `x ${parts.join("")}`;
      const blocks = parseMarkdown(text);
      assert.equal(blocks.length, 1);
      assert.ok(blocks[0]!.kind === "paragraph");
      assert.equal(text.length - visible(blocks).length, needed(blocks[0]!.children));
    }),
    { numRuns: 4_000 },
  );
});

Deno.test("a backslash goes only with a mark that stays", () => {
  fc.assert(
    fc.property(TEXT, (text) => {
      const shown = visible(parseMarkdown(text));
      const gone = countOf(text, "\\") - countOf(shown, "\\");
      assert.ok(gone >= 0);
      // In front of anything else none goes.
      const escaping = text.match(/\\+(?=[`*_~[\]()@>.\-+•)\\])/gu)?.join("").length ?? 0;
      assert.ok(gone <= escaping, `${gone} of ${escaping}`);
    }),
    { numRuns: 4_000 },
  );
});
