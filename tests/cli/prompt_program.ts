/** Asks for a password at a terminal that tells how it is set; run by prompt_test.ts. @module */
import { Prompter } from "../../src/cli/prompter.ts";

using prompter = new Prompter({
  setRaw: (raw) => console.log(raw ? "raw" : "as it was"),
  read: (buffer) => Deno.stdin.read(buffer),
});
const answer = await prompter.ask("Password: ", { hidden: true });
console.log(`${answer.length} characters`);
