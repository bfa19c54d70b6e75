/** Prints hostile text in every way that commands have; run by say_test.ts. @module */
import { Prompter } from "../../src/cli/prompter.ts";
import {
  ask,
  complain,
  redraw,
  say,
  sayFile,
  sayIsolated,
  sayJson,
  saySecret,
  tell,
} from "../../src/cli/say.ts";
import { table } from "../../src/cli/table.ts";

const HOSTILE = "a\x1b]52;c;cm0=\x07\x9b2J\u202eb\rc\x08\x7f";
for (const print of [say, sayFile, sayIsolated, sayJson, saySecret, complain, tell, ask, redraw]) {
  print(HOSTILE);
}
sayJson({ [HOSTILE]: HOSTILE });
say(table([HOSTILE], [[HOSTILE]]));
sayIsolated("\u2068שלום\u2069");
sayFile("a\tb");
using prompter = new Prompter({ setRaw: () => {}, read: (buffer) => Deno.stdin.read(buffer) });
prompter.say(HOSTILE);
await prompter.ask(HOSTILE);
