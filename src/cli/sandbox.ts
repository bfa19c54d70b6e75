/** What the server may still read once it serves. @module */

/** The text of a file; says what to do when the sandbox has no room for it any more. */
export function readFile(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
    throw new Error("the server gave back the right to read files that it was not started with: restart it");
  }
}

/**
 * From here on nobody needs files outside the program's own folders, except those that SIGHUP reads again. A worker
 * that takes the place of one that died loads its source and opens the database anew.
 */
export async function closeSandbox(data: string, stillReadable: readonly string[]): Promise<void> {
  const source = new URL("..", import.meta.url).pathname;
  // What lies below the grant is a grant of its own once it was asked for, and outlives it.
  for (const path of [source, ...stillReadable]) await Deno.permissions.request({ name: "read", path });
  for (const name of ["read", "write"] as const) {
    await Deno.permissions.request({ name, path: data });
    await Deno.permissions.revoke({ name, path: "/" });
  }
}
