/** `rookery doctor`: is this machine, and the way to it, as it should be? @module */
import { DEFAULT_LIMITS } from "../chat/limits.ts";
import { type Config, ConfigError } from "../config.ts";
import { readArguments, wholeNumber } from "./arguments.ts";
import { readTarget } from "./chat/address.ts";
import { findSession, sessionFile, variable } from "./chat/sessions.ts";
import { neutralLine } from "./chat/text.ts";
import { DATA_FLAGS, DATA_HELP } from "./data_folder.ts";
import { examineMachine, examinePath } from "./doctor/examine.ts";
import type { Finding, State } from "./doctor/finding.ts";
import type { Target } from "./doctor/path/target.ts";
import { folderConfig } from "./operator.ts";
import { say, sayJson } from "./say.ts";
import { readServerFile } from "./server_file.ts";
import { type Subcommand, UsageError } from "./subcommand.ts";

/** A little longer than clients are silent. */
const IDLE_S = 35;
const SHOWN: Readonly<Record<State, string>> = {
  ok: "ok",
  warning: "WARNING",
  problem: "PROBLEM",
  unknown: "?",
};
const CHECK_WIDTH = 13;

export const doctor: Subcommand = {
  name: "doctor",
  summary: "Examine this machine, and the way to it through a proxy, and say what to change",
  help: () =>
    `Usage: rookery doctor [--url URL] [options]

Examines settings and versions, the data folder and its disk (it writes 64 MB
and measures 200 transactions, in a folder that it removes), open files,
memory, port and clock; beside a running server, too. With --url also the way
that people take: certificate, page, headers, WebSockets in both encodings, and
whether the proxy tells who comes (for which it sends some 300 small requests;
for some seconds afterwards requests without a session are turned away).

The exit code is 0 when there is no problem, warnings or not, and 1 when there
is one. What Deno does not let this program ask is marked with "?", and said.

  --url URL        Address of the server for people, such as https://chat.example
  --idle SECONDS   How long a socket is left alone to see whether the proxy cuts
                   it (default ${IDLE_S}; 0 leaves that out)
  --json           One JSON array of findings
${DATA_HELP}

Environment: sockets are tried with the session in ROOKERY_TOKEN, or the one that
'rookery chat URL' has kept.`,
  async run(args) {
    const kinds = { ...DATA_FLAGS, url: "text", idle: "text", json: "switch" } as const;
    const { flags, positionals } = readArguments(args, kinds);
    if (positionals.length > 0) {
      throw new UsageError(`Unexpected argument ${JSON.stringify(positionals[0])} (see --help)`);
    }
    const idleMs = 1000 * wholeNumber(flags.idle, { flag: "--idle", min: 0, max: 80, fallback: IDLE_S });
    const base = flags.url === undefined ? undefined : readTarget(flags.url).base;
    const config = settings(flags);
    const folder = typeof config === "string"
      ? flags.data ?? (variable("ROOKERY_DATA") || "./data")
      : config.data;
    const findings: Finding[] = [];
    const take = async (coming: AsyncGenerator<Finding>) => {
      for await (const finding of coming) {
        findings.push(finding);
        if (!flags.json) say(linesOf(finding));
      }
    };
    await take(examineMachine(config, folder));
    if (base !== undefined) await take(examinePath(await targetOf(base, { config, folder, idleMs })));
    if (flags.json) sayJson(findings);
    else say(`\n${summary(findings)}`);
    return findings.some(({ state }) => state === "problem") ? 1 : 0;
  },
};

/** The settings, or what is wrong with them. */
function settings(flags: Parameters<typeof folderConfig>[0]): Config | string {
  try {
    return folderConfig(flags);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

async function targetOf(
  base: string,
  { config, folder, idleMs }: { config: Config | string; folder: string; idleMs: number },
): Promise<Target> {
  const { commandBurst, commandsPerSecond } = typeof config === "string" ? DEFAULT_LIMITS : config.limits;
  const file = sessionFile();
  const saved = file === undefined ? undefined : await findSession(file, base);
  return {
    base,
    idleMs,
    token: variable("ROOKERY_TOKEN") ?? saved?.token,
    burst: commandBurst,
    perSecond: commandsPerSecond,
    direct: (await readServerFile(folder).catch(() => undefined))?.url,
  };
}

function linesOf({ check, state, found, advice }: Finding): string {
  const first = `${SHOWN[state].padEnd(8)} ${check.padEnd(CHECK_WIDTH)} ${neutralLine(found)}`;
  return advice === undefined ? first : `${first}\n${" ".repeat(9 + CHECK_WIDTH)} → ${neutralLine(advice)}`;
}

function summary(findings: readonly Finding[]): string {
  const count = (state: State) => findings.filter((finding) => finding.state === state).length;
  const [problems, warnings, unknowns] = [count("problem"), count("warning"), count("unknown")];
  const of = (number: number, thing: string) => `${number} ${thing}${number === 1 ? "" : "s"}`;
  return `${of(problems, "problem")}, ${of(warnings, "warning")}, ${unknowns} not known`;
}
