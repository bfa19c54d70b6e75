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
import type { FromWriter, ToWriter } from "./writer_protocol.ts";

let db: DatabaseSync | undefined;
let runner: BatchRunner | undefined;

function reply(message: FromWriter): void {
  self.postMessage(message);
}

function open(path: string): void {
  db = openForWriting(path);
  runner = new BatchRunner(db);
  // A first write opens every file while the program may still open files.
  db.exec("UPDATE meta SET max_id = max_id");
}

function commit(cells: readonly Cell[]): FromWriter {
  const startMs = performance.now();
  const result = runner!.run(cells, Date.now());
  return { kind: "committed", tookMs: performance.now() - startMs, ...result };
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
