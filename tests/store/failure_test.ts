import assert from "node:assert/strict";
import { explainFolder, openStore, UnusableFolder } from "../../src/store/mod.ts";
import { TempFolder } from "./temp_store.ts";

function failing(fields: Record<string, unknown>, message = "raw words of the system"): Error {
  return Object.assign(new Error(message), fields);
}

Deno.test("what is wrong with a data folder is said with what to do", () => {
  const cases: [error: Error, words: RegExp][] = [
    [failing({ code: "ENOSPC" }), /disk is full: make room/],
    [failing({ errcode: 13 }), /disk is full: make room/],
    [new Error("The database refused the write: database or disk is full"), /disk is full: make room/],
    [failing({ errcode: 10 | (18 << 8) }), /disk reports errors: see whether it is full or failing/],
    [failing({ code: "EROFS" }), /cannot be written by the user who runs this: make it writable/],
    [failing({ errcode: 8 }), /cannot be written by the user who runs this: make it writable/],
    [
      new Deno.errors.PermissionDenied("raw"),
      /cannot be written by the user who runs this: make it writable/,
    ],
    [new Deno.errors.AlreadyExists("raw"), /a file that is no folder: choose another with --data/],
  ];
  for (const [error, words] of cases) {
    const explained = explainFolder(error, "/srv/chat");
    assert.ok(explained instanceof UnusableFolder, error.message);
    assert.match(explained.message, words);
    assert.match(explained.message, /^The data folder \/srv\/chat [^\n]*$/);
    assert.doesNotMatch(explained.message, /raw/);
  }
  const other = new TypeError("A fault of ours");
  assert.equal(explainFolder(other, "/srv/chat"), other);
});

Deno.test("a folder below a file is known for what it is", async () => {
  await using folder = new TempFolder();
  const file = `${folder.path}/file`;
  await Deno.writeTextFile(file, "");
  for (const path of [file, `${file}/data`]) {
    const error = await openStore(path).then(() => undefined, (error) => error);
    assert.match((explainFolder(error, path) as Error).message, /a file that is no folder/);
  }
});
