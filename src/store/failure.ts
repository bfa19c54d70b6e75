/** What can go wrong with the data folder and its database. @module */

/** Another process has the data folder open. */
export class FolderInUse extends Error {
  override readonly name = "FolderInUse";
}

/** The file cannot be used as it is; the message says what to do. */
export class UnusableDatabase extends Error {
  override readonly name = "UnusableDatabase";
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
