/** `rookery doctor` as a program of its own. @module */
import { ok } from "node:assert/strict";
import type { Finding } from "../../src/cli/doctor/finding.ts";

const ROOT = new URL("../../", import.meta.url).pathname;

export interface Diagnosis {
  readonly code: number;
  readonly findings: readonly Finding[];
  /** Checks that found one, other than that temporary folders are in memory where they are. */
  readonly problems: readonly string[];
  /** The first finding of a check; fails when there is none. */
  of(check: string): Finding;
}

export interface DoctorOptions {
  /** What is undefined is left out. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Rights of the program: those of `deno task rookery`, or all. */
  readonly rights?: "-P=cli" | "-A";
  /** Runs in front of it, in a shell. */
  readonly before?: string;
}

/** Runs it on a folder to its end. */
export async function runDoctor(
  folder: string,
  args: readonly string[] = [],
  { env = {}, rights = "-P=cli", before = ":" }: DoctorOptions = {},
): Promise<Diagnosis> {
  const { code, stdout, stderr } = await new Deno.Command("/bin/sh", {
    args: [
      ...["-c", `${before} && exec "$0" "$@"`, Deno.execPath()],
      ...["run", "--quiet", "--no-prompt", rights, "main.ts", "doctor", "--json", "--data", folder, ...args],
    ],
    cwd: ROOT,
    env: Object.fromEntries(
      Object.entries({ NO_COLOR: "1", ROOKERY_PORT: "0", ROOKERY_HOME: folder, ...env })
        .filter((pair): pair is [string, string] => pair[1] !== undefined),
    ),
  }).output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  ok(out!.startsWith("["), `${out}${err}`);
  const findings = JSON.parse(out!) as Finding[];
  return {
    code,
    findings,
    problems: findings.filter(({ state, found }) => state === "problem" && !found.includes("lies in memory"))
      .map(({ check }) => check),
    of(check) {
      const found = findings.find((finding) => finding.check === check);
      ok(found, `${check} is among ${JSON.stringify(findings)}`);
      return found;
    },
  };
}
