/** What is in a data folder that no server leaves so: looked at before anything is opened or made. @module */
import { JOURNAL_BYTES_MIN } from "../database.ts";
import { statOf } from "./files.ts";
import { databaseIn } from "./data_folder.ts";
import { ownerText } from "./ownership.ts";

/** A file that is missing, empty or cut. */
export interface Oddity {
  readonly file: string;
  /** User who owns the file, or what is beside it, as the system counts users; undefined where it does not. */
  readonly owner: number | undefined;
  /** One line: what is the matter. */
  readonly found: string;
  /** What to do next, with the command. */
  readonly next: string;
  /** Starting would make another server of it. */
  readonly fatal: boolean;
}

/** Looks at sizes alone. Of a folder that a server has open, the log is as long as it ever is. */
export async function odditiesOf(folder: string): Promise<Oddity[]> {
  const [database, secret, lock, journal] = await Promise.all([
    statOf(databaseIn(folder)),
    statOf(`${folder}/secret.key`),
    statOf(`${folder}/lock`),
    statOf(`${databaseIn(folder)}-wal`),
  ]);
  const oddities: Oddity[] = [];
  const bytes = database?.size ?? 0;
  const owner = database?.uid ?? secret?.uid ?? undefined;
  // A key in a folder that no server has ever used was put there by whoever sets one up.
  if (bytes === 0 && secret && (database || lock)) {
    oddities.push({
      file: databaseIn(folder),
      owner,
      found:
        `${databaseIn(folder)} is ${
          database ? "empty" : "missing"
        }, and ${folder}/secret.key is there: the data is lost, ` +
        "or its disk is not mounted",
      next: `rookery restore BACKUP --force --data ${folder}; to begin anew move secret.key away`,
      fatal: true,
    });
  }
  if (bytes > 0 && !secret) {
    oddities.push({
      file: `${folder}/secret.key`,
      owner,
      found:
        `${folder}/secret.key is missing beside a database: the start makes another, and invite links sent before do not work`,
      next:
        `To keep them stop the server and put the old one back: install -m 600 SAVED.key ${folder}/secret.key`,
      fatal: false,
    });
  }
  const left = journal?.size ?? 0;
  if (bytes > 0 && left > 0 && left < JOURNAL_BYTES_MIN) {
    oddities.push({
      file: `${databaseIn(folder)}-wal`,
      owner: journal?.uid ?? undefined,
      found:
        `${
          databaseIn(folder)
        }-wal has ${left} bytes, and a server leaves ${JOURNAL_BYTES_MIN} at least: it was cut, or its ` +
        "disk was full; the newest messages may be missing",
      next:
        `rookery verify --data ${folder}; if a backup has more: rookery restore BACKUP --force --data ${folder}`,
      fatal: false,
    });
  }
  return oddities;
}

/** As one line, with the owner. */
export function oddityLine({ found, owner, next }: Oddity): string {
  return `${found}${ownerText(owner)}. Next: ${next}`;
}
