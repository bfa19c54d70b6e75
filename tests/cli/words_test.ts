/** Words are sent as they were typed, and shown whole, whatever the script. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { complete } from "../../src/cli/chat/completion.ts";
import { Composer } from "../../src/cli/chat/composer.ts";
import { messageLines } from "../../src/cli/chat/message_lines.ts";
import { cellWidth, graphemes, sendable } from "../../src/cli/chat/text.ts";
import { lineOf } from "../../src/cli/chat/line_mode.ts";
import { Names, shown } from "../../src/cli/chat/names.ts";
import type { Line } from "../../src/cli/chat/style.ts";
import { type Channel, ChannelKind, type Message, RookeryClient, type User } from "../../src/client/mod.ts";
import { messages, taken, type, WORDS, words } from "./typed_texts.ts";

fc.configureGlobal({ seed: 20_261_201, numRuns: 400 });

Deno.test("what is pasted or typed is sent as it is, whatever pieces it comes in", () => {
  const pieces = fc.array(fc.integer({ min: 6, max: 20 }), { maxLength: 5 });
  fc.assert(fc.property(messages, pieces, (text, pieces) => {
    const composer = new Composer();
    type(composer, `\x1b[200~${text}\x1b[201~`, pieces);
    assert.equal(taken(composer), text);
    // Typed, Alt+Enter begins a line; a tab would complete a word.
    if (text.includes("\t")) return;
    type(composer, text.replaceAll("\n", "\x1b\r"));
    assert.equal(taken(composer), text);
  }));
});

Deno.test("an edit starts from the text that is stored, and changes what was changed in it", () => {
  fc.assert(fc.property(messages, fc.nat(20), (text, steps) => {
    const composer = new Composer();
    composer.begin({ kind: "edit", message: { seq: 1, text } as Message });
    assert.equal(composer.editor.text, text);
    type(composer, "\x1b[D".repeat(steps) + "z");
    const all = graphemes(text);
    const at = Math.max(0, all.length - steps);
    assert.equal(taken(composer), `${all.slice(0, at).join("")}z${all.slice(at).join("")}`);
  }));
});

Deno.test("a line of a pipe loses nothing but control characters", () => {
  fc.assert(fc.property(messages, (text) => assert.deepEqual(sendable(text), { text, removed: 0 })));
  assert.deepEqual(sendable("a\x1b[2J\tb\x07\u009b"), { text: "a[2J\tb", removed: 3 });
});

/** Characters that can be seen; towers of marks go on over circles. */
function visible(text: string): string {
  return text.replaceAll(/[\s\p{C}\p{Default_Ignorable_Code_Point}\u25cc]/gu, "");
}

const context = (width: number) => ({
  width,
  me: 1,
  userName: () => "ada",
  loginName: (id: number) => ({ 1: "ada", 3: "bob" })[id],
  find: () => undefined,
});

function linesOf(text: string, width: number, mentionIds: readonly number[] = []): Line[] {
  const mentionChannel = mentionIds.length > 0;
  const message = { seq: 7, authorId: 2, timeMs: 0, text, reactions: [], mentionIds, mentionChannel };
  return messageLines(message as unknown as Message, undefined, context(width));
}

function drawn(...args: Parameters<typeof linesOf>): string[] {
  return linesOf(...args).map((line) => line.map((span) => span.text).join(""));
}

Deno.test("every visible character of a message is shown, in its order and within the lines", () => {
  const mentionIds = fc.constantFrom([], [1, 3]);
  fc.assert(fc.property(words, fc.integer({ min: 40, max: 120 }), mentionIds, (text, width, mentionIds) => {
    const lines = drawn(text, width, mentionIds);
    const shown = lines.map((line) => line.slice(line.search(/[│┃] /) + 2)).join("");
    // What stands for a control character is no character of the message.
    const plain = (text: string) => visible(text).replaceAll(/[\u2400-\u2421\ufffd]/g, "");
    assert.equal(plain(shown), plain(text));
    for (const line of lines) {
      assert(cellWidth(line) <= width, JSON.stringify(line));
      // deno-lint-ignore no-control-regex
      assert.doesNotMatch(line, /[\x00-\x1f\x7f-\x9f\u202a-\u202e]/);
    }
  }));
});

Deno.test("scripts keep what shapes them on the screen, and their direction to themselves", () => {
  for (const word of WORDS.filter((word) => word.trim() !== "" && !word.includes("\ufeff"))) {
    assert(drawn(word, 100).join("\n").includes(word.slice(0, 20)), word);
  }
  assert.equal(drawn("abc", 60)[0]!.includes("\u2068"), false);
  assert.match(drawn("שלום", 60)[0]!, /│ \u2068שלום\u2069$/);
  const line = lineOf({ timeMs: 0, text: "שלום", deleted: false, editedMs: 0 } as Message, "عليّ");
  assert.match(line, /^\d\d:\d\d \u2068عليّ\u2069: \u2068שלום\u2069$/);
});

Deno.test("the input line shows what is in it: tabs, line breaks, joiners and flags", () => {
  const composer = new Composer();
  composer.editor.insert("a\tb\nc\u202ed👩\u200d💻");
  assert.deepEqual(composer.editor.visible(40), { text: "a⇥b⏎cd👩\u200d💻", cursor: 8 });
});

Deno.test("mentions are marked that the server reads, and nothing in code, links and addresses", () => {
  const marked = (text: string, width = 200) =>
    linesOf(text, width, [1, 3]).flatMap((line) => {
      const bar = line.findIndex(({ text }) => text === "┃ ");
      return line.slice(bar + 1).filter(({ style }) => style !== undefined).map(({ text }) => text);
    });
  for (
    const [text, ...mentions] of [
      ["交给@bob处理，@ada。", "@bob", "@ada"],
      ["@bob. and (@Ada) @channel!", "@bob", "@Ada", "@channel"],
      ["**@bob** _@ada_ > @bob", "@bob", "@ada", "@bob"],
      ["> @bob\n- @ada\tand\t@bob", "@bob", "@ada", "@bob"],
      ["\t@bob \u202e@ada \u0000@bob", "@bob", "@ada", "@bob"],
      ["שלום @bob", "@bob"],
      ["`@bob` https://medium.com/@bob/x ada@bob [@bob](https://bob.org) \\@bob"],
      ["```\n@channel\n```"],
      ["@dora is not here"],
    ] as const
  ) assert.deepEqual(marked(text as string), mentions, text);
  assert.deepEqual(marked("x".repeat(34) + " @bob @ada", 60), ["@bob", "@ada"]);
  assert.deepEqual(marked("很".repeat(16) + "@channel", 60).join(""), "@channel");
});

Deno.test("@names are completed after letters that have no space behind them", () => {
  const vocabulary = { commands: ["/join"], channels: ["general"], users: ["bob", "bea", "carla"] };
  for (
    const [typed, completed] of [
      ["交给@ca", "交给@carla "],
      ["さん@CA", "さん@carla "],
      ["한국어@ca", "한국어@carla "],
      ["ไทย@ca", "ไทย@carla "],
      ["(@ca", "(@carla "],
      ["a@ca", "a@ca"],
      ["https://x.org/@ca", "https://x.org/@ca"],
      ["交给@b", "交给@b"],
      ["/join ge", "/join general "],
      ["/dm ca", "/dm carla "],
      ["/dm @ca", "/dm @carla "],
      ["ca", "@carla "],
    ] as const
  ) assert.equal(complete(typed, vocabulary).text, completed, typed);
});

Deno.test("names of people and channels keep the joiners that their script or emoji needs", () => {
  const names = new Names(new RookeryClient("http://127.0.0.1:9", { token: "" }));
  for (
    const name of [
      "علی\u200cرضا",
      "ශ්\u200dරී",
      "👩\u200d💻 Ada",
      "🏴\u{e0067}\u{e0062}\u{e0077}\u{e006c}\u{e0073}\u{e007f}",
    ]
  ) {
    assert.equal(shown({ name: "ada", displayName: name } as User), name);
    assert.equal(names.channel({ kind: ChannelKind.PUBLIC, name } as Channel), `#${name}`);
  }
});
