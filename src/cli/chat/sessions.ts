/** Sessions that are kept from one start to the next, one per server and name. @module */

import { UsageError } from "../subcommand.ts";

/** A session on one server. It stays after its end, for what its device is known by. */
export interface SavedSession {
  /** Login name. */
  readonly name: string;
  readonly token: string;
  /** What the next login sends, so that people who guess at the name do not slow it down. */
  readonly deviceCredential?: string;
}

interface Stored {
  /** By address of the server; the one used last comes last. */
  readonly servers: Record<string, SavedSession[]>;
}

/** File of the sessions; undefined when there is no home for it. */
export function sessionFile(): string | undefined {
  const own = variable("ROOKERY_HOME");
  if (own) return `${own}/sessions.json`;
  const config = variable("XDG_CONFIG_HOME");
  if (config) return `${config}/rookery/sessions.json`;
  const home = variable("HOME");
  return home ? `${home}/.config/rookery/sessions.json` : undefined;
}

/** A variable of the environment; one that may not be read counts as not set. */
export function variable(name: string): string | undefined {
  if (Deno.permissions.querySync({ name: "env", variable: name }).state !== "granted") return undefined;
  return Deno.env.get(name) || undefined;
}

/** A variable, or the first line of the file that its twin with `_FILE` names. Throws when both are set. */
export function secretVariable(name: string): string | undefined {
  const [value, file] = [variable(name), variable(`${name}_FILE`)];
  if (value !== undefined && file !== undefined) {
    throw new UsageError(`${name} and ${name}_FILE are both set: choose one`);
  }
  return file === undefined ? value : Deno.readTextFileSync(file).split(/\r?\n/, 1)[0] || undefined;
}

/** The session used last on a server, by anybody or by this login name in letters of either case. */
export async function findSession(
  file: string,
  base: string,
  name?: string,
): Promise<SavedSession | undefined> {
  const sessions = (await read(file)).servers[base] ?? [];
  const wanted = name?.toLowerCase();
  return sessions.findLast((session) => wanted === undefined || session.name === wanted);
}

/** Keeps a session in place of an earlier one of the same name; the file is for its owner only. */
export async function saveSession(file: string, base: string, session: SavedSession): Promise<void> {
  const { servers } = await read(file);
  const others = (servers[base] ?? []).filter(({ name }) => name !== session.name);
  const text = JSON.stringify({ servers: { ...servers, [base]: [...others, session] } }, null, 2);
  await Deno.mkdir(file.replace(/\/[^/]*$/, ""), { recursive: true, mode: 0o700 });
  const draft = `${file}.${crypto.randomUUID()}`;
  try {
    await Deno.writeTextFile(draft, `${text}\n`, { createNew: true, mode: 0o600 });
    await Deno.rename(draft, file);
  } catch (error) {
    await Deno.remove(draft).catch(() => {});
    throw error;
  }
}

async function read(file: string): Promise<Stored> {
  try {
    const stored = JSON.parse(await Deno.readTextFile(file));
    if (typeof stored?.servers === "object" && stored.servers !== null) return stored;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return { servers: {} };
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new Error(`${file} is damaged: remove it and log in again`);
}
