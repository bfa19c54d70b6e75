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
const DAY_S = 24 * 3600;

export const chat: Subcommand = {
  name: "chat",
  summary: "Chat in the terminal",
  help: () =>
    `Usage: rookery chat [URL] [options]

Connects to a server, or makes an account where URL is an invite link
(https://…/#invite=CODE; put it into quotes). The default is ${DEFAULT_URL}.
The session is kept in ~/.config/rookery/sessions.json for the next time, with
what the server knows this device by, also after /logout.

Without a terminal, each line of standard input is sent to the channel and
each message is printed as a line.

  --user NAME        Account to use
  --password-stdin   Take the first line of standard input as the password
  --channel NAME     Channel to begin with; needed without a terminal
  --history N        Without a terminal: print the last N messages first
  --follow           Without a terminal: go on after the end of standard input
  --timeout S        Without a terminal: end after S seconds, with exit code 1 when
                     something was not stored by then
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
      timeout: "text",
      lines: "switch",
      "no-save": "switch",
    });
    if (positionals.length > 1) throw new UsageError(`Unexpected argument ${JSON.stringify(positionals[1])}`);
    const history = wholeNumber(flags.history, { flag: "--history", min: 0, max: MAX_HISTORY, fallback: 0 });
    const timeoutS = wholeNumber(flags.timeout, { flag: "--timeout", min: 1, max: DAY_S, fallback: 0 });
    const target = readTarget(positionals[0] ?? variable("ROOKERY_URL") ?? DEFAULT_URL);
    const terminal = Deno.stdin.isTerminal() && Deno.stdout.isTerminal() && !flags.lines;
    if (!terminal && flags.channel === undefined) {
      throw new UsageError("Without a screen it needs --channel NAME");
    }
    if (terminal && flags.timeout !== undefined) {
      throw new UsageError("--timeout needs an input that is no terminal");
    }
    if (terminal && flags["password-stdin"]) {
      throw new UsageError("--password-stdin needs an input that is no terminal");
    }
    const noColor = variable("NO_COLOR") !== undefined;
    // Opened late: a person is asked for the password on the same input first.
    let opened: LineReader | undefined;
    const input = () => opened ??= new LineReader(Deno.stdin.readable);
    try {
      const late = timeoutS > 0 ? AbortSignal.timeout(timeoutS * 1000) : undefined;
      const token = secretVariable("ROOKERY_TOKEN") ?? await unless(
        late,
        signIn(target, {
          name: flags.user,
          readPassword: flags["password-stdin"] ? async () => await input().next() ?? "" : undefined,
          save: !flags["no-save"],
        }),
      );
      await closeSandbox();
      using ending = endingSignals(late);
      await using client = new RookeryClient(target.base, { token });
      const shared = { client, signal: ending.signal };
      if (terminal) {
        return await runFullScreen({ ...shared, base: target.base, channel: flags.channel, noColor });
      }
      const channel = flags.channel ?? "";
      return await runLineMode({ ...shared, channel, input: input(), history, follow: flags.follow });
    } finally {
      opened?.[Symbol.dispose]();
    }
  },
};

/** What the work comes to, unless it is late. */
function unless<T>(late: AbortSignal | undefined, work: Promise<T>): Promise<T> {
  if (!late) return work;
  const { promise, reject } = Promise.withResolvers<never>();
  late.addEventListener("abort", () => reject(new Error("Not signed in within the time of --timeout")), {
    once: true,
  });
  return Promise.race([work, promise]);
}

/** The session is saved: from here on, what strangers write meets a program that has no files. */
async function closeSandbox(): Promise<void> {
  for (const name of ["read", "write"] as const) {
    await Deno.permissions.revoke({ name, path: "/" });
    await Deno.permissions.revoke({ name });
  }
}

/** Aborts when the person or the system wants an end, or it is late. */
function endingSignals(late: AbortSignal | undefined): Disposable & { readonly signal: AbortSignal } {
  const controller = new AbortController();
  const signals: readonly Deno.Signal[] = ["SIGINT", "SIGTERM", "SIGHUP"];
  const listener = () => controller.abort();
  for (const name of signals) Deno.addSignalListener(name, listener);
  late?.addEventListener("abort", listener);
  if (late?.aborted) listener();
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      late?.removeEventListener("abort", listener);
      for (const name of signals) Deno.removeSignalListener(name, listener);
    },
  };
}
