/** What can go wrong with the data folder and its database. @module */

/** Another process has the data folder open. */
export class FolderInUse extends Error {
  override readonly name = "FolderInUse";
}

/** The file cannot be used as it is; the message says what to do. */
export class UnusableDatabase extends Error {
  override readonly name = "UnusableDatabase";
}

/** The folder or its disk cannot be used as it is; the message says what to do. */
export class UnusableFolder extends Error {
  override readonly name = "UnusableFolder";
}

/** In the folder's words, when the system or SQLite could not use it; any other error as it is. */
export function explainFolder(error: unknown, folder: string): unknown {
  const problem = folderProblem(error);
  return problem === undefined
    ? error
    : new UnusableFolder(`The data folder ${folder} ${problem}`, { cause: error });
}

function folderProblem(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { message } = error;
  const { code, errcode } = error as { code?: unknown; errcode?: number };
  const primary = (errcode ?? 0) & 0xff;
  if (code === "ENOSPC" || code === "EDQUOT" || primary === 13 || /disk is full/.test(message)) {
    return "cannot be written, because its disk is full: make room, then start again";
  }
  const denied = error instanceof Deno.errors.PermissionDenied || code === "EROFS" || primary === 8;
  if (denied || /readonly database/.test(message)) {
    return "cannot be written by the user who runs this: make it writable, or choose another with --data";
  }
  if (code === "EIO" || primary === 10 || /disk I\/O error/.test(message)) {
    return "cannot be used, because its disk reports errors: see whether it is full or failing, then start again";
  }
  if (error instanceof Deno.errors.NotADirectory || error instanceof Deno.errors.AlreadyExists) {
    return "is, or lies below, a file that is no folder: choose another with --data";
  }
  return undefined;
}

/** Primary result codes that speak of the disk or the file, not of the statement. */
const FAULTS: ReadonlySet<number> = new Set([
  5, // BUSY
  6, // LOCKED
  7, // NOMEM
  8, // READONLY
  9, // INTERRUPT
  10, // IOERR
  11, // CORRUPT
  13, // FULL
  14, // CANTOPEN
  15, // PROTOCOL
  26, // NOTADB
]);

/** `exec` of node:sqlite reports the text only. */
const FAULT_TEXT =
  /database or disk is full|disk I\/O error|database is locked|readonly database|malformed|unable to open|not a database|out of memory/;

/** Whether the storage itself failed, so that every other write would fail as well. */
export function isStorageFault(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { errcode } = error as { errcode?: unknown };
  if (typeof errcode === "number") return FAULTS.has(errcode & 0xff);
  return FAULT_TEXT.test(error.message);
}

/** Primary result codes that speak of a file that is no whole database. */
const DAMAGE: ReadonlySet<number> = new Set([
  11, // CORRUPT
  26, // NOTADB
]);

/** Whether a file is damaged, so that no other attempt would do better. */
export function isDamage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { errcode } = error as { errcode?: unknown };
  if (typeof errcode === "number") return DAMAGE.has(errcode & 0xff);
  return /malformed|not a database/.test(error.message);
}
