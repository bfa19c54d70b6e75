/**
 * A copy of a database while others write to it.
 *
 * SQLite's online backup copies pages and can tell how far it is; VACUUM INTO
 * is one silent statement that reads every row. The backup alone would begin
 * again whenever another process commits, and so never end under load: hence
 * the reading transaction around it, in which the source stands still. The
 * write-ahead log grows meanwhile by what is written.
 *
 * @module
 */
import { backup, DatabaseSync } from "node:sqlite";
import { checkedVersion, openForReading, unusable } from "../database.ts";
import { isStorageFault, UnusableDatabase } from "../failure.ts";
import { MIGRATIONS } from "../migrations/mod.ts";
import { queryOne } from "../reader/query.ts";
import type { OnProgress } from "../verify/verify.ts";

/** Pages between two reports of progress: 4 MB. */
const STEP_PAGES = 1000;

export interface CopyOptions {
  readonly onProgress?: OnProgress | undefined;
  /** The schema of this program; for tests. */
  readonly steps?: readonly string[] | undefined;
}

/**
 * Fills the file `to`, which may be there and empty, with everything that is
 * committed in `from`. The copy is one file that needs no log beside it.
 *
 * Throws UnusableDatabase when `from` is no database of this program.
 */
export async function copyDatabase(from: string, to: string, options: CopyOptions = {}): Promise<void> {
  const { onProgress, steps = MIGRATIONS } = options;
  using source = open(from);
  if (checkedVersion(source, from, steps.length) === 0) {
    throw new UnusableDatabase(`The database ${from} is empty: no server has ever run on it`);
  }
  source.exec("BEGIN");
  queryOne(source, "SELECT count(*) FROM sqlite_schema")();
  onProgress?.("Copying", 0);
  try {
    await backup(source, to, {
      rate: STEP_PAGES,
      progress: ({ totalPages, remainingPages }) =>
        onProgress?.("Copying", totalPages === 0 ? 1 : 1 - remainingPages / totalPages),
    });
    using copy = new DatabaseSync(to);
    copy.exec("PRAGMA journal_mode = DELETE");
  } catch (error) {
    if (!isStorageFault(error)) throw error;
    throw new Error(`Cannot copy ${from} to ${to}: ${(error as Error).message}`, { cause: error });
  }
}

function open(path: string): DatabaseSync {
  try {
    return openForReading(path);
  } catch (error) {
    throw unusable(error, path);
  }
}
