/** Unix sockets in the data folder, each under a name that one process alone has. @module */

/** What each kind is for: at one a server is taken over, at the other it takes the operator's commands. */
const KINDS = ["takeover", "operator"] as const;
const SUFFIX = ".sock";

/** A name that no other process has. */
export function socketName(kind: typeof KINDS[number]): string {
  return `${kind}-${crypto.randomUUID().slice(0, 8)}${SUFFIX}`;
}

/** Removes what servers left behind that were killed. For whoever holds the folder. */
export async function sweepSockets(folder: string, living: readonly (string | undefined)[]): Promise<void> {
  for await (const { name } of Deno.readDir(folder)) {
    const socket = name.endsWith(SUFFIX) && KINDS.some((kind) => name.startsWith(`${kind}-`));
    if (socket && !living.includes(name)) await Deno.remove(`${folder}/${name}`).catch(() => {});
  }
}
