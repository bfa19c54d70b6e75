/** Whether the files and folders that the settings name are there. Nothing is left changed. @module */
import { dirname, resolve } from "node:path";
import { type Config, ConfigError } from "../config.ts";
import { ageWarning, readTls } from "../config/tls.ts";

/** One line each. */
export interface Findings {
  /** The server would not start. */
  readonly problems: readonly string[];
  /** It would start, and somebody would be unhappy. */
  readonly warnings: readonly string[];
}

/** Looks at the data folder and at the certificate with its key. */
export async function checkPlaces(config: Config): Promise<Findings> {
  const problems: string[] = [];
  const warnings: string[] = [];
  const folder = await folderProblem(config.data);
  if (folder) problems.push(`The data folder ${config.data} cannot be used: ${folder}`);
  try {
    const tls = readTls(config, Deno.readTextFileSync);
    const age = tls && ageWarning(tls, Date.now());
    if (age) warnings.push(age);
    if (tls && config.url !== undefined && !isFor(tls.names, new URL(config.url).hostname)) {
      warnings.push(`The certificate is for ${tls.names.join(", ")}, and url leads to ${config.url}`);
    }
    if (!tls && config.hstsDays > 0) warnings.push("hsts-days says nothing to browsers without tls-cert");
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    problems.push(...error.problems);
  }
  return { problems, warnings };
}

async function folderProblem(path: string): Promise<string | undefined> {
  const info = await Deno.stat(path).catch((error) => {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return undefined;
    throw new Error(`The data folder ${path} cannot be looked at: ${error.message}`, { cause: error });
  });
  if (info && !info.isDirectory) return `${path} is a file`;
  // What is missing would be made, down from the first folder that is there.
  if (!info) return await folderProblem(dirname(resolve(path)));
  return await writable(path) ? undefined : `${path} cannot be written by this user`;
}

/** Asks the system itself: rights, lists of rights and read-only disks all have a say. */
async function writable(folder: string): Promise<boolean> {
  try {
    await Deno.remove(await Deno.makeTempFile({ dir: folder, prefix: ".rookery-check-" }));
    return true;
  } catch {
    return false;
  }
}

/** Whether one of the names, `*.example.com` among them, is that of the host (RFC 6125, section 6.4.3). */
function isFor(names: readonly string[], host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, "").toLowerCase();
  const above = bare.replace(/^[^.]*/, "*");
  return names.some((name) => [bare, above].includes(name.toLowerCase()));
}
