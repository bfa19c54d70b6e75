/** Room on the disk: asked for where that is allowed, or else tried. @module */
import { statfsSync } from "node:fs";
import { size } from "../data_folder.ts";
import { type Finding, messageOf, ok, problem, warning } from "./finding.ts";
import type { Workplace } from "./workplace.ts";

const MB = 1_000_000;
/** What is tried: room for some ten thousand messages with everything around them. */
const TRY_BYTES = 64 * MB;
const CHUNK_BYTES = 4 * MB;
const TRY_FILES = 100;
/** A slow disk is not kept busy for longer. */
const TRY_MS = 5000;
const WARN_BYTES = 1000 * MB;
const WARN_FILES = 1000;

export const MAKE_ROOM = "Make room: old backups and replaced-… folders are the first to look at";

export async function examineRoom({ base, path }: Workplace): Promise<Finding> {
  return mayAsk() ? byAsking(base) : await byTrying(base, path);
}

/** Bytes that are free for this user; undefined where that may not be asked. */
export function freeBytes(base: string): number | undefined {
  if (!mayAsk()) return undefined;
  const { bavail, bsize } = statfsSync(base);
  return bavail * bsize;
}

function mayAsk(): boolean {
  const statfs = { name: "sys", kind: "statfs" } as Deno.SysPermissionDescriptor;
  return Deno.permissions.querySync(statfs).state === "granted";
}

function byAsking(base: string): Finding {
  const { bavail, bsize, ffree, files } = statfsSync(base);
  const bytes = bavail * bsize;
  // Some file systems make inodes as they need them, and say that they have none.
  const inodes = files === 0 ? Infinity : ffree;
  const found =
    `${size(bytes)} and ${inodes === Infinity ? "any number of" : inodes.toLocaleString("en-US")} ` +
    `inodes are free at ${base}`;
  if (bytes < TRY_BYTES || inodes < TRY_FILES) return problem("room", found, MAKE_ROOM);
  if (bytes < WARN_BYTES || inodes < WARN_FILES) return warning("room", found, MAKE_ROOM);
  return ok("room", found);
}

async function byTrying(base: string, path: string): Promise<Finding> {
  let written = 0;
  let files = 0;
  try {
    const startMs = performance.now();
    using file = await Deno.open(`${path}/room`, { write: true, createNew: true });
    const chunk = crypto.getRandomValues(new Uint8Array(65_536));
    const bytes = new Uint8Array(CHUNK_BYTES);
    for (let at = 0; at < bytes.length; at += chunk.length) {
      bytes.set(chunk.subarray(0, bytes.length - at), at);
    }
    while (written < TRY_BYTES && performance.now() - startMs < TRY_MS) {
      for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
      // Many file systems only find out here.
      await file.syncData();
      written += CHUNK_BYTES;
    }
    for (; files < TRY_FILES; files++) await Deno.writeTextFile(`${path}/file-${files}`, "");
  } catch (error) {
    if (!isFull(error)) throw error;
    return files > 0
      ? problem("room", `No more than ${files} files could be made at ${base}: no inodes are free`, MAKE_ROOM)
      : problem("room", `Only ${size(written)} could be written at ${base}: the disk is full`, MAKE_ROOM);
  } finally {
    await Deno.remove(`${path}/room`).catch(() => {});
    for (let at = 0; at < files; at++) await Deno.remove(`${path}/file-${at}`).catch(() => {});
  }
  return ok(
    "room",
    `At least ${size(written)} and ${TRY_FILES} inodes are free at ${base} (how many in all: df -h, df -i)`,
  );
}

function isFull(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return code === "ENOSPC" || code === "EDQUOT" || /os error (28|122)/.test(messageOf(error));
}
