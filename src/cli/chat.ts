/** `rookery chat`: the client in the terminal. @module */
import { RookeryClient } from "../client/mod.ts";
import { readArguments, wholeNumber } from "./arguments.ts";
import { readTarget } from "./chat/address.ts";
import { runFullScreen } from "./chat/full_screen.ts";
import { runLineMode } from "./chat/line_mode.ts";
import { LineReader } from "./chat/line_reader.ts";
import { secretVariable, variable } from "./chat/sessions.ts";
import { signIn } from "./chat/sign_in.ts";
import { type Subcommand, UsageError } from "./subcommand.ts";

const DEFAULT_URL = "http://127.0.0.1:8080";
const MAX_HISTORY = 1000;

export const chat: Subcommand = {
  name: "chat",
  summary: "Chat in the terminal",
  help: () =>
    `Usage: rookery chat [URL] [options]

Connects to a server, or makes an account where URL is an invite link
(https://…/#invite=CODE; put it into quotes). The default is ${DEFAULT_URL}.
The session is kept in ~/.config/rookery/sessions.json for the next time.

Without a terminal, each line of standard input is sent to the channel and
each message is printed as a line.

  --user NAME        Account to use
  --password-stdin   Take the first line of standard input as the password
  --channel NAME     Channel to begin with; needed without a terminal
  --history N        Without a terminal: print the last N messages first
  --follow           Without a terminal: go on after the end of standard input
  --lines            Do without the full screen in a terminal, too
  --no-save          Neither use nor keep a saved session

Environment: ROOKERY_URL stands in for URL, ROOKERY_TOKEN for a session, or
ROOKERY_TOKEN_FILE for a file that holds one; ROOKERY_HOME is the folder of
sessions.json; NO_COLOR turns colours off; DENO_CERT names a PEM file of
certificates to trust besides the usual ones.`,
  async run(args) {
    const { flags, positionals } = readArguments(args, {
      user: "text",
      "password-stdin": "switch",
      channel: "text",
      history: "text",
      follow: "switch",
      lines: "switch",
      "no-save": "switch",
    });
    if (positionals.length > 1) throw new UsageError(`Unexpected argument ${JSON.stringify(positionals[1])}`);
    const history = wholeNumber(flags.history, { flag: "--history", min: 0, max: MAX_HISTORY, fallback: 0 });
    const target = readTarget(positionals[0] ?? variable("ROOKERY_URL") ?? DEFAULT_URL);
    const terminal = Deno.stdin.isTerminal() && Deno.stdout.isTerminal() && !flags.lines;
    if (!terminal && flags.channel === undefined) {
      throw new UsageError("Without a screen it needs --channel NAME");
    }
    if (terminal && flags["password-stdin"]) {
      throw new UsageError("--password-stdin needs an input that is no terminal");
    }
    const noColor = variable("NO_COLOR") !== undefined;
    // Opened late: a person is asked for the password on the same input first.
    let opened: LineReader | undefined;
    const input = () => opened ??= new LineReader(Deno.stdin.readable);
    try {
      const token = secretVariable("ROOKERY_TOKEN") ?? await signIn(target, {
        name: flags.user,
        readPassword: flags["password-stdin"] ? async () => await input().next() ?? "" : undefined,
        save: !flags["no-save"],
      });
      await closeSandbox();
      using ending = endingSignals();
      await using client = new RookeryClient(target.base, { token });
      const shared = { client, signal: ending.signal };
      if (terminal) {
        return await runFullScreen({ ...shared, base: target.base, channel: flags.channel, noColor });
      }
      const channel = flags.channel ?? "";
      return await runLineMode({ ...shared, channel, input: input(), history, follow: flags.follow });
    } finally {
      await opened?.[Symbol.asyncDispose]();
    }
  },
};

/** The session is saved: from here on, what strangers write meets a program that has no files. */
async function closeSandbox(): Promise<void> {
  for (const name of ["read", "write"] as const) {
    await Deno.permissions.revoke({ name, path: "/" });
    await Deno.permissions.revoke({ name });
  }
}

/** Aborts when the person or the system wants an end. */
function endingSignals(): Disposable & { readonly signal: AbortSignal } {
  const controller = new AbortController();
  const signals: readonly Deno.Signal[] = ["SIGINT", "SIGTERM", "SIGHUP"];
  const listener = () => controller.abort();
  for (const name of signals) Deno.addSignalListener(name, listener);
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      for (const name of signals) Deno.removeSignalListener(name, listener);
    },
  };
}
