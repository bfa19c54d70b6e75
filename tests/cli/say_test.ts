/** Nothing that commands print is obeyed by a terminal. */
import assert from "node:assert/strict";
import { Program } from "./program.ts";

/** What turns colours, clipboards, titles and the direction of text, and what goes back in a line. */
// deno-lint-ignore no-control-regex
const OBEYED = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/;
/** What the program itself sends: a new line in raw mode, and an empty one in the place of the last. */
// deno-lint-ignore no-control-regex
const OWN = /\r\n|\r\x1b\[K/g;

Deno.test("escape sequences, controls and turns of direction are shown, not sent, in every way of printing", async () => {
  await using program = new Program(
    new Deno.Command("deno", {
      args: ["run", "--quiet", "--no-prompt", new URL("say_program.ts", import.meta.url).pathname],
      env: { NO_COLOR: "1" },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn(),
  );
  // Typed and pasted text is drawn as harmless as any other.
  await program.type("x\u202e\x9b\r");
  await program.endInput();
  const { code, stdout, stderr } = await program.finished();
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^\u2068שלום\u2069$/m);
  assert.match(stdout, /^a\tb$/m);
  const left = stdout.replace("\u2068שלום\u2069", "").replace("a\tb", "");
  assert.doesNotMatch(left, OBEYED);
  assert.doesNotMatch(stderr.replaceAll(OWN, ""), OBEYED);
  // Shown, all the same: by the picture of the control character.
  assert.equal(stdout.match(/^a␛]52;c;cm0=␇/gm)?.length, 6);
  // Four ways, the prompter twice, and its question again with each of three typed characters.
  assert.equal(stderr.match(/a␛]52;c;cm0=␇/g)?.length, 9);
});
