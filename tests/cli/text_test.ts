import assert from "node:assert/strict";
import { cellWidth, fit, neutral, neutralLine, truncate, wrap } from "../../src/cli/chat/text.ts";
import { fitLine, paint } from "../../src/cli/chat/style.ts";

Deno.test("nothing that a terminal obeys is left of a text", () => {
  for (let code = 0; code < 0x3000; code++) {
    const shown = neutral(`a${String.fromCharCode(code)}b`);
    // deno-lint-ignore no-control-regex
    assert.doesNotMatch(shown.replaceAll("\n", ""), /[\x00-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069]/);
    assert.match(shown, /^a[^]*b$/);
  }
  assert.equal(neutral("\x1b[2J\x1b]0;title\x07"), "␛[2J␛]0;title␇");
  assert.equal(neutral("\u009b31m"), "\ufffd31m");
  assert.equal(neutral("a\r\nb\rc\u2028d"), "a\nb\nc\nd");
  assert.equal(neutralLine("a\nb\tc"), "a b    c");
  assert.equal(neutral("\ud800x"), "\ufffdx");
  assert.equal(neutral(`e${"\u0301".repeat(13)}`), `e${"\u0301".repeat(6)}◌${"\u0301".repeat(6)}◌\u0301`);
});

Deno.test("emoji keep what joins them", () => {
  for (const emoji of ["👩‍💻", "❤️", "🏳️‍🌈", "👍🏽", "🇩🇪"]) assert.equal(neutral(emoji), emoji);
});

Deno.test("cells are counted as terminals do", () => {
  const widths: [text: string, cells: number][] = [
    ["abc", 3],
    ["äé", 2],
    ["e\u0301", 1],
    ["你好", 4],
    ["한글", 4],
    ["👋", 2],
    ["👩‍💻", 2],
    ["❤️", 2],
    ["🇩🇪", 2],
    ["1", 1],
    ["…", 1],
  ];
  for (const [text, cells] of widths) assert.equal(cellWidth(text), cells, text);
});

Deno.test("texts are cut and filled to cells, never through a character", () => {
  assert.equal(truncate("hello", 4), "hel…");
  assert.equal(truncate("你好吗", 4), "你…");
  assert.equal(fit("你好吗", 4), "你… ");
  assert.equal(fit("a", 3), "a  ");
  assert.equal(truncate("hello", 0), "");
});

Deno.test("lines are broken between words, and long words anywhere", () => {
  assert.deepEqual(wrap("one two three", 8), ["one two", "three"]);
  assert.deepEqual(wrap("a\n\nb", 8), ["a", "", "b"]);
  assert.deepEqual(wrap("abcdefghij", 4), ["abcd", "efgh", "ij"]);
  assert.deepEqual(wrap("你好你好", 5), ["你好", "你好"]);
  for (const width of [1, 2, 7, 20]) {
    const text = "The 你好 quick 👩‍💻 brown fox jumps over_the_lazy_dog  twice";
    for (const line of wrap(text, Math.max(2, width))) assert.ok(cellWidth(line) <= Math.max(2, width), line);
  }
});

Deno.test("a line fills its cells exactly, and colours can be turned off", () => {
  const line = [{ text: "你好", style: { color: 1, bold: true } }, { text: "abc" }];
  for (let width = 1; width < 10; width++) {
    assert.equal(fitLine(line, width).reduce((sum, span) => sum + cellWidth(span.text), 0), width);
  }
  assert.equal(paint(line, { noColor: false }), "\x1b[1;38;5;1m你好\x1b[0mabc");
  assert.equal(paint(line, { noColor: true }), "\x1b[1m你好\x1b[0mabc");
});
