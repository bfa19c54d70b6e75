/**
 * npm packages that are large and that tools alone need: buf, TypeScript's own
 * compiler, the texts that ship as packages, short names of emoji, and what OpenAPI and AsyncAPI are checked by. Deno fetches whatever deno.json names before it runs any
 * task, so these have a lock file of their own beside this one and are named by
 * those who use them: starting a server does not wait for 270 MB.
 *
 * @module
 */
import { type Finished, ROOT, runDeno } from "../process.ts";

const BUF = "npm:@bufbuild/buf@1.74.0";
const TSC = "npm:typescript@6.0.3/tsc";
/** `buf.gen.yaml` has the same flags, for the plugin that buf starts. */
const APART = ["--no-config", `--lock=${ROOT}/tools/large/deno.lock`, "--frozen"];

export interface TextFolders {
  /** Mail threads of the SpamAssassin corpus. */
  readonly mails: string;
  /** Names of emoji in every language of CLDR. */
  readonly annotations: string;
}

export function buf(args: readonly string[]): Promise<Finished> {
  return runDeno(["run", "--quiet", "-A", ...APART, BUF, ...args]);
}

/** Holds the description of the contract in this folder to the schemas of OpenAPI and AsyncAPI. */
export function checkDescription(folder: string): Promise<Finished> {
  return runDeno(["run", "--quiet", "-A", ...APART, `${ROOT}/tools/large/check_description.ts`, folder]);
}

export function compileTypeScript(args: readonly string[]): Promise<Finished> {
  return runDeno(["run", "--quiet", "-A", ...APART, TSC, ...args]);
}

/** Where the texts lie. Throws Error when they are in no cache and cannot be fetched. */
export async function textFolders(): Promise<TextFolders> {
  return JSON.parse(await printed("text_folders.ts"));
}

/** What emoji are called between colons, by emoji. Throws Error as `textFolders` does. */
export async function shortNames(): Promise<Readonly<Record<string, readonly string[]>>> {
  return JSON.parse(await printed("short_names.ts"));
}

async function printed(program: string): Promise<string> {
  const { ok, output } = await runDeno(["run", "--quiet", "-A", ...APART, `${ROOT}/tools/large/${program}`]);
  if (!ok) throw new Error(`The packages of ${program} are not to be had:\n${output}`);
  return output;
}
