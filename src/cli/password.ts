/** Where a new password comes from: standard input, or a person at the terminal. @module */
import { UsageError } from "./subcommand.ts";
import { Prompter } from "./prompter.ts";

/** A new password. Throws UsageError when nobody could be asked. */
export async function newPassword({ fromStdin }: { readonly fromStdin: boolean }): Promise<string> {
  if (fromStdin) return withoutLineEnd(await new Response(Deno.stdin.readable).text());
  if (!Deno.stdin.isTerminal()) {
    throw new UsageError("Standard input is not a terminal: give the password with --password-stdin");
  }
  using prompter = new Prompter();
  return await askTwice(prompter);
}

/** Asks until the same is typed twice. */
export async function askTwice(prompter: Prompter): Promise<string> {
  for (;;) {
    const password = await prompter.ask("New password: ", { hidden: true });
    const again = await prompter.ask("Again: ", { hidden: true });
    if (password === again) return password;
    prompter.say("They differ: once more.");
  }
}

/** A file or echo ends its line; that is no part of the password. */
function withoutLineEnd(text: string): string {
  return text.replace(/\r?\n$/, "");
}
