/**
 * The writer's isolate: one connection, one batch at a time.
 *
 * @module
 */
/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />
import type { DatabaseSync } from "node:sqlite";
import { BatchRunner } from "./batch.ts";
import type { Cell } from "./cells.ts";
import { openForWriting } from "./database.ts";
import { Headroom } from "./headroom.ts";
import type { FromWriter, ToWriter } from "./writer_protocol.ts";

const PROBE_BYTES = 64 * 1024;

let db: DatabaseSync | undefined;
let runner: BatchRunner | undefined;
let headroom: Headroom | undefined;
/** Why there is no headroom to measure with. */
let noHeadroom: unknown;

function reply(message: FromWriter): void {
  self.postMessage(message);
}

function open(path: string): void {
  db = openForWriting(path);
  runner = new BatchRunner(db);
  // A first write opens every file while the program may still open files.
  db.exec("UPDATE meta SET max_id = max_id");
  try {
    headroom = new Headroom(path);
  } catch (error) {
    // A server that cannot measure its disk runs all the same, and says that it is not ready.
    noHeadroom = error;
  }
}

function commit(cells: readonly Cell[]): FromWriter {
  const startMs = performance.now();
  const result = runner!.run(cells, Date.now());
  return { kind: "committed", tookMs: performance.now() - startMs, ...result };
}

/** Writes as much as a commit may, and leaves nothing behind but pages that the next commits take. */
function probe(): void {
  db!.exec("BEGIN IMMEDIATE");
  try {
    db!.exec(`
      CREATE TABLE probe (bytes BLOB);
      INSERT INTO probe VALUES (zeroblob(${PROBE_BYTES}));
      DROP TABLE probe;
      COMMIT;
    `);
  } catch (error) {
    if (db!.isTransaction) db!.exec("ROLLBACK");
    throw error;
  }
}

function answer(message: ToWriter): FromWriter | undefined {
  switch (message.kind) {
    case "open":
      open(message.path);
      return { kind: "opened" };
    case "commit":
      return commit(message.cells);
    case "touch":
      runner!.touch(message.pairs);
      return undefined;
    case "limit":
      db!.exec(`PRAGMA max_page_count = ${message.maxPages}`);
      return undefined;
    case "probe":
      probe();
      return { kind: "probed" };
    case "need":
      if (!headroom) throw noHeadroom;
      headroom.need(message.bytes);
      return { kind: "roomy" };
    case "close":
      headroom?.[Symbol.dispose]();
      db?.close();
      return { kind: "closed" };
  }
}

self.onmessage = ({ data }: MessageEvent<ToWriter>) => {
  try {
    const message = answer(data);
    if (message) reply(message);
  } catch (error) {
    if (data.kind !== "touch") reply({ kind: "failed", reason: (error as Error).message });
  }
};
