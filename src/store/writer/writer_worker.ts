/**
 * The writer's isolate: one connection, one batch at a time.
 *
 * @module
 */
/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />
import type { DatabaseSync } from "node:sqlite";
import { type BatchResult, BatchRunner } from "./batch_runner.ts";
import type { Cell } from "../events/definition.ts";
import { lengthenJournal, openForWriting } from "../database.ts";
import { CrashRecovery } from "./crash_recovery.ts";
import type { FromWriter, ToWriter } from "./protocol.ts";

const PROBE_BYTES = 64 * 1024;

let db: DatabaseSync | undefined;
let runner: BatchRunner | undefined;
let tail: CrashRecovery | undefined;

function reply(message: FromWriter): void {
  self.postMessage(message);
}

function open(path: string): void {
  db = openForWriting(path);
  runner = new BatchRunner(db);
  tail = new CrashRecovery(db);
  lengthenJournal(db, path);
  // A first write opens every file while the program may still open files, and waits for the end of what a
  // worker before this one had begun.
  db.exec("UPDATE meta SET max_id = max_id");
}

function commit(cells: readonly Cell[], after: number | undefined): FromWriter {
  const startMs = performance.now();
  let result: BatchResult | undefined;
  try {
    if (after !== undefined) result = tail!.recognize(cells, after);
  } catch (error) {
    return { kind: "lost", reason: (error as Error).message };
  }
  result ??= runner!.run(cells, Date.now());
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
      return { kind: "opened", lastPosition: tail!.lastPosition };
    case "commit":
      return commit(message.cells, message.after);
    case "touch":
      runner!.touch(message.pairs);
      return undefined;
    case "limit":
      db!.exec(`PRAGMA max_page_count = ${message.maxPages}`);
      return undefined;
    case "probe":
      probe();
      return { kind: "probed" };
    case "close":
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
