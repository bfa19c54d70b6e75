/** Saving a data folder into one file. @module */
import { besideServer } from "../folder/beside_server.ts";
import { UnusableDatabase } from "../failure.ts";
import { dated, Draft, exists, parentOf, putInPlace, removeIfThere, statOf } from "../folder/files.ts";
import { databaseIn } from "../folder/data_folder.ts";
import { doLongWork, type LongWorkOptions } from "../long_work/long_work.ts";
import { type Counts, damageOf } from "../verify/verify.ts";

const SECRET = "secret.key";

export interface BackupOptions extends LongWorkOptions {
  /** Replace a file of the same name. */
  readonly force: boolean;
  /** Save the server's secret beside the backup. */
  readonly withSecret: boolean;
}

export interface Saved {
  readonly path: string;
  readonly bytes: number;
  readonly counts: Counts;
}

/** Where the secret that belongs to a backup is. */
export function secretOf(backup: string): string {
  return `${backup}.key`;
}

/**
 * Saves the folder's database as `target`, or under a dated name when that is
 * a folder. The file appears when it is whole, examined and on the disk.
 *
 * Throws an Error when the name is taken, and UnusableDatabase when the data
 * is damaged.
 */
export async function saveBackup(folder: string, target: string, options: BackupOptions): Promise<Saved> {
  const { path, draftPath } = await placeFor(target);
  if (options.withSecret && !await exists(`${folder}/${SECRET}`)) {
    throw new Error(`There is no ${SECRET} in ${folder}: leave out --with-secret`);
  }
  await refuseTaken(path, { ...options, folder });
  return await besideServer(folder, async (database) => {
    await using draft = await Draft.begin(draftPath);
    await doLongWork({ kind: "copy", from: database, to: draft.path }, options);
    await draft.sync();
    const verification = await doLongWork({ kind: "verify", path: draft.path }, options);
    const damage = damageOf(verification);
    if (damage.length > 0) {
      const lines = damage.map((line) => `\n  ${line}`).join("");
      throw new UnusableDatabase(`Nothing was saved, because the data in ${folder} is damaged:${lines}`);
    }
    const bytes = await draft.size();
    options.signal?.throwIfAborted();
    if (options.withSecret) await saveSecret(`${folder}/${SECRET}`, secretOf(path), options);
    else await removeIfThere(secretOf(path));
    await putInPlace(draft.path, path, { replace: options.force }).catch((error) => {
      throw error instanceof Deno.errors.AlreadyExists ? taken(path) : error;
    });
    return { path, bytes, counts: verification.counts };
  });
}

/** A secret's copy, readable by its owner only, that lacks nothing but its name. */
export async function draftSecret(from: string, to: string): Promise<Draft> {
  await using opened = new AsyncDisposableStack();
  const secret = await Deno.readFile(from);
  const draft = opened.use(await Draft.begin(`${to}.part`));
  await draft.write(secret);
  await draft.sync();
  opened.move();
  return draft;
}

async function saveSecret(from: string, to: string, { force }: { readonly force: boolean }): Promise<void> {
  await using draft = await draftSecret(from, to);
  await putInPlace(draft.path, to, { replace: force });
}

async function placeFor(target: string): Promise<{ path: string; draftPath: string }> {
  const folder = target.replace(/(?<=[^/])\/+$/, "");
  if ((await statOf(folder))?.isDirectory) {
    const name = `rookery-${dated(new Date())}.db`;
    // One name for all: what a killed command left is taken over by the next one.
    return { path: `${folder}/${name}`, draftPath: `${folder}/rookery-backup.part` };
  }
  const parent = parentOf(folder);
  if (folder !== target || !(await statOf(parent))?.isDirectory) {
    const missing = folder === target ? parent : folder;
    throw new Error(`There is no folder ${missing}: make it first`);
  }
  return { path: target, draftPath: `${target}.part` };
}

async function refuseTaken(
  path: string,
  { force, folder }: { readonly force: boolean; readonly folder: string },
): Promise<void> {
  const there = await statOf(path);
  if (there?.ino != null && there.ino === (await statOf(databaseIn(folder)))?.ino) {
    throw new Error(`${path} is the server's own database: choose another name`);
  }
  if (there && !there.isFile) throw new Error(`${path} is no file: choose another name`);
  if (force) return;
  if (there) throw taken(path);
  if (await exists(secretOf(path))) throw taken(secretOf(path));
}

function taken(path: string): Error {
  return new Error(`${path} exists: choose another name, or replace it with --force`);
}
