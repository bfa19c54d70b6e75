import assert from "node:assert/strict";
import { readTarget } from "../../src/cli/chat/address.ts";
import { complete } from "../../src/cli/chat/completion.ts";
import { Editor } from "../../src/cli/chat/editor.ts";
import { type Key, KeyDecoder } from "../../src/cli/chat/keys.ts";
import { UsageError } from "../../src/cli/subcommand.ts";

function keysOf(...chunks: readonly string[]): Key[] {
  const decoder = new KeyDecoder();
  return chunks.flatMap((chunk) => decoder.decode(new TextEncoder().encode(chunk)));
}

Deno.test("keys are told apart, also when they come in pieces", () => {
  assert.deepEqual(keysOf("hi 你\r"), [{ name: "text", text: "hi 你" }, { name: "enter" }]);
  assert.deepEqual(keysOf("\x1b[A\x1b[1;5D\x7f\x17"), [
    { name: "up" },
    { name: "word-left" },
    { name: "backspace" },
    { name: "delete-word" },
  ]);
  assert.deepEqual(keysOf("\x1b[", "5~"), [{ name: "page-up" }]);
  assert.deepEqual(keysOf("\x1b[99;9z"), [{ name: "unknown" }]);
  assert.deepEqual(keysOf("\x1b"), [{ name: "escape" }]);
  assert.deepEqual(keysOf("\x1b3"), [{ name: "alt", text: "3" }]);
  assert.deepEqual(keysOf("\x1b\r"), [{ name: "newline" }]);
  assert.deepEqual(keysOf("\x1b[200~one\rtw", "o\x1b[201~x"), [
    { name: "paste", text: "one\ntwo" },
    { name: "text", text: "x" },
  ]);
  const decoder = new KeyDecoder();
  const bytes = new TextEncoder().encode("ü");
  assert.deepEqual([...decoder.decode(bytes.subarray(0, 1)), ...decoder.decode(bytes.subarray(1))], [
    { name: "text", text: "ü" },
  ]);
});

Deno.test("the cursor moves by what people take for characters", () => {
  const editor = new Editor();
  editor.insert("a👩‍💻你");
  editor.left();
  editor.backspace();
  assert.equal(editor.text, "a你");
  editor.delete();
  editor.insert("e");
  editor.insert("\u0301");
  editor.backspace();
  assert.equal(editor.text, "a");
});

Deno.test("words are skipped and deleted", () => {
  const editor = new Editor();
  editor.insert("one two  three");
  editor.wordLeft();
  editor.deleteWord();
  assert.equal(editor.text, "one three");
  editor.home();
  editor.wordRight();
  editor.deleteToEnd();
  assert.equal(editor.text, "one");
  editor.deleteToStart();
  assert.equal(editor.text, "");
});

Deno.test("what was sent can be recalled, and the draft comes back", () => {
  const editor = new Editor();
  for (const line of ["first", "second"]) {
    editor.insert(line);
    editor.take();
  }
  editor.insert("draft");
  editor.up();
  editor.up();
  editor.up();
  assert.equal(editor.text, "first");
  editor.down();
  editor.down();
  assert.equal(editor.text, "draft");
});

Deno.test("the input line shows the part around the cursor", () => {
  const editor = new Editor();
  editor.insert("0123456789\nabc");
  assert.deepEqual(editor.visible(6), { text: "9⏎abc", cursor: 5 });
  editor.home();
  assert.deepEqual(editor.visible(6), { text: "012345", cursor: 0 });
  editor.set("你好你好");
  assert.deepEqual(editor.visible(6), { text: "你好", cursor: 4 });
});

Deno.test("a paste cannot smuggle escape sequences in", () => {
  const editor = new Editor();
  editor.insert("a\x1b[2Jb");
  assert.deepEqual(editor.visible(20), { text: "a␛[2Jb", cursor: 6 });
});

Deno.test("Tab completes commands, channels and people", () => {
  const words = {
    commands: ["/join", "/leave", "/logout"],
    channels: ["general", "geo"],
    users: ["ada", "adam"],
  };
  assert.deepEqual(complete("/j", words), { text: "/join ", candidates: [] });
  assert.deepEqual(complete("/l", words), { text: "/l", candidates: ["/leave", "/logout"] });
  assert.deepEqual(complete("/join gen", words), { text: "/join general ", candidates: [] });
  assert.deepEqual(complete("hi @a", words), { text: "hi @ada", candidates: ["@ada", "@adam"] });
  assert.deepEqual(complete("hi adam", words), { text: "hi @adam ", candidates: [] });
  assert.deepEqual(complete("/dm ad", words), { text: "/dm ada", candidates: ["ada", "adam"] });
  assert.deepEqual(complete("hi ", words), { text: "hi ", candidates: [] });
});

Deno.test("servers can be named as people do", () => {
  const target = (base: string, inviteCode?: string) => ({ base, inviteCode });
  assert.deepEqual(readTarget("http://127.0.0.1:8080/"), target("http://127.0.0.1:8080"));
  assert.deepEqual(readTarget("localhost:8080"), target("http://localhost:8080"));
  assert.deepEqual(readTarget("chat.example"), target("https://chat.example"));
  assert.deepEqual(readTarget("https://x.example/chat/#invite=abc"), target("https://x.example/chat", "abc"));
  for (const wrong of ["ftp://x", "http://", "a b", "https://user@x"]) {
    assert.throws(() => readTarget(wrong), UsageError);
  }
});
