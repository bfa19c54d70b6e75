import assert from "node:assert/strict";
import { mentionBefore, namesOf } from "../../src/text/mention.ts";
import { mentionsIn } from "../../src/text/mentions.ts";

function names(text: string): string[] {
  return mentionsIn(text).map(({ name }) => name);
}

Deno.test("M5 mentions are names after an @ that begins a word", () => {
  const cases: [string, string[]][] = [
    ["hello", []],
    ["@ann and @bob", ["ann", "bob"]],
    ["@Ann @ANN", ["Ann", "ANN"]],
    ["(@ann), «@bob» —@cid!", ["ann", "bob", "cid"]],
    ["thanks, @ann. @bob! @cid、@dan…", ["ann.", "bob", "cid", "dan"]],
    ["@a.b-c_d", ["a.b-c_d"]],
    ["@channel: lunch", ["channel"]],
    ["@ @. @_x @-", []],
    ["**@ann** ~~@bob~~ *@cid* _@dan_", ["ann", "bob", "cid", "dan"]],
    ["> @ann\n- @bob\n2. @cid", ["ann", "bob", "cid"]],
    ["❤️@ann 🎉@bob", ["ann", "bob"]],
    ["@ann/@bob", ["ann", "bob"]],
    ["@ann's turn", ["ann"]],
  ];
  for (const [text, expected] of cases) assert.deepEqual(names(text), expected, text);
});

Deno.test("M5 code, links and addresses mention nobody", () => {
  const texts = [
    "`@channel`",
    "``a `@ann` b``",
    "```\n@channel\n```",
    "```@channel```",
    "~~~\n@ann\n~~~",
    "> ```\n> @ann\n> ```",
    "https://medium.com/@bob/x",
    "www.example.org/@bob",
    "medium.com/@bob a/node_modules/@types/x ./@bob /@bob x:/@bob",
    "[@bob](https://example.org)",
    "[x](https://example.org/@bob)",
    "https://user:@bob@example.org",
    "mail ann@example.org, or a@@b, ann.-_@bob",
    "@ann@mastodon.example",
    "\\@ann",
    "@josé @müller @bobи",
    "snake_@bob 名_@bob ____@bob",
    "e\u0301@bob",
  ];
  for (const text of texts) assert.deepEqual(names(text), [], text);
});

Deno.test("M5 after letters of scripts without spaces a mention needs none", () => {
  for (const before of ["交给", "さん、", "ユーザー", "님", "ถึง", "ដល់", "第３", "々", "が\u3099"]) {
    for (const after of ["处理", "さん", "님이", "ครับ", "。", ""]) {
      assert.deepEqual(names(`${before}@bob${after}`), ["bob"], `${before}@bob${after}`);
    }
  }
});

Deno.test("M5 mentions say where they stand in the message", () => {
  const text = "> 交给@ann\r\n> and **@bob**\n\n1. `@x` @cid.\n\\@no @dan";
  const found = mentionsIn(text).map(({ name, at }) => text.slice(at, at + 1 + name.length));
  assert.deepEqual(found, ["@ann", "@bob", "@cid.", "@dan"]);
});

Deno.test("M5 marks behind a name may be its own", () => {
  assert.deepEqual(namesOf("Ann"), ["ann"]);
  assert.deepEqual(namesOf("a.b._"), ["a.b._", "a.b.", "a.b"]);
  assert.equal(mentionsIn(`@ann${".".repeat(16_000)}`)[0]!.name, "ann........");
});

Deno.test("a name is being written after an @ where one would mention somebody", () => {
  const cases: [text: string, letters: string | undefined][] = [
    ["@", ""],
    ["hi @Bo", "bo"],
    ["交给@b", "b"],
    ["交给@张", "张"],
    ["**@a.b", "a.b"],
    ["a@b", undefined],
    ["@a b", undefined],
    ["https://x.org/@b", undefined],
    ["", undefined],
  ];
  for (const [text, letters] of cases) assert.equal(mentionBefore(text, text.length), letters, text);
  assert.equal(mentionBefore("@bob @ann", 3), "bo");
});
