/** A follower that folds the log into the messages as they are, and what the log itself says of them. @module */
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import type { Follower } from "../../../src/chat/ports.ts";
import { openDatabaseFollower } from "../../../src/store/followers/database_follower.ts";
import { followerFile } from "../../../src/store/followers/follower_files.ts";
import type { FollowerEntry } from "../../../src/store/mod.ts";
import { FOLD, foldTables } from "./fold_tables.ts";

/** The follower beside the core. */
export function lightFold(options: Parameters<typeof foldTables>[0] = {}): FollowerEntry {
  return {
    name: FOLD,
    open: (folder: string): Follower => openDatabaseFollower(folder, foldTables(options)),
  };
}

/** The same in a worker. */
export function heavyFold(): FollowerEntry {
  return {
    name: FOLD,
    spawn: () => new Worker(new URL("./folding_worker.ts", import.meta.url), { type: "module" }),
  };
}

/** Fails unless the follower's tables are those that the log makes, every event counted once. */
export function assertFolded(folder: string, name = FOLD): void {
  using log = new DatabaseSync(`${folder}/rookery.db`, { readOnly: true });
  using made = new DatabaseSync(followerFile(folder, name), { readOnly: true });
  const all = (db: DatabaseSync, sql: string) => db.prepare(sql).all().map((row) => ({ ...row }));
  assert.deepEqual(
    all(made, "SELECT * FROM message ORDER BY position"),
    all(
      log,
      "SELECT position, stream AS channel, actor AS author, text FROM event WHERE kind = 10 ORDER BY position",
    ),
  );
  const total = "SELECT max(position) AS position, count(*) AS number FROM event";
  const seen = "SELECT position, (SELECT sum(number) FROM seen) AS number FROM follower";
  assert.deepEqual(all(made, seen), all(log, total));
}
