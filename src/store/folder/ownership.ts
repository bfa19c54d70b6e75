/**
 * Whom the data folder belongs to. Whoever may write in it can plant files that a server, or a command of its operator,
 * would believe: a lock, a secret, the address to which the operator's token is sent. So nothing in a folder is believed
 * that others may write, as ssh does it with its own.
 *
 * @module
 */
import { UnusableFolder } from "../failure.ts";
import { ownUid, statOf } from "./files.ts";

const WRITABLE_BY_OTHERS = 0o022;
const ROOT = 0;

/** Throws UnusableFolder, with the command that mends it, when others than this user and root may write in the folder. */
export async function demandOwnFolder(folder: string): Promise<void> {
  const stat = await statOf(folder);
  if (stat) demandOwn(stat, folder);
}

/** The same for a file in the folder, which may be missing, and may also belong to whom the folder belongs. */
export async function demandOwnFile(folder: string, name: string): Promise<void> {
  const path = `${folder}/${name}`;
  const stat = await statOf(path);
  if (stat) demandOwn(stat, path, (await statOf(folder))?.uid);
}

function demandOwn({ uid, mode }: Deno.FileInfo, path: string, alsoOwner?: number | null): void {
  if (((mode ?? 0) & WRITABLE_BY_OTHERS) !== 0) {
    throw new UnusableFolder(
      `Others than its owner may write ${path}, and could plant what Rookery believes: chmod go-w ${
        quoted(path)
      }`,
    );
  }
  const user = ownUid();
  // Root may do everything anyway; who may not ask who this is cannot compare.
  if (user === undefined || user === ROOT || uid === null) return;
  if (uid === ROOT || uid === user || uid === alsoOwner) return;
  throw new UnusableFolder(
    `${path} belongs to another user (${uid}): run this as that user, or: sudo chown ${user} ${quoted(path)}`,
  );
}

/** A path as a shell takes it. */
function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}

/** ` (owner: user 998)`, where the system tells. */
export function ownerText(owner: number | null | undefined): string {
  return owner == null ? "" : ` (owner: user ${owner})`;
}
