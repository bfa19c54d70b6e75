/** Why a server cannot begin, and what to change. @module */
import type { Config } from "../config.ts";
import { FolderInUse } from "../store/mod.ts";

/** Ports below are for programs of the system where it does not say otherwise. */
const FIRST_FREE_PORT = 1024;

/** What to change when a server cannot listen; any other error as it is. */
export function explainListening(error: unknown, { host, port }: Config): unknown {
  if (error instanceof Deno.errors.AddrInUse) {
    return new Error(`Port ${port} is in use: choose another with --port`);
  }
  if (error instanceof Deno.errors.PermissionDenied && port > 0 && port < FIRST_FREE_PORT) {
    return new Error(`Port ${port} is for the system's own servers: choose one over 1023 with --port`);
  }
  if (error instanceof Deno.errors.AddrNotAvailable) {
    return new Error(`Address ${host} is none of this machine's: choose another with --host`);
  }
  return error;
}

/** What to do when another process has the data folder. */
export function folderInUse({ data, takeover }: Config): FolderInUse {
  return new FolderInUse(
    takeover
      ? `The data folder ${data} is in use by a server of an older version, or by another command: ` +
        "stop it, or wait for its end, then start this one"
      : `The data folder ${data} is in use: stop the other Rookery first, add --takeover to take its place, ` +
        "or choose another folder",
  );
}
