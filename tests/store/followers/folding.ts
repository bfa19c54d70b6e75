/** A follower that folds the log into the messages as they are, and what the log itself says of them. @module */
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import type { Follower, LoggedChange } from "../../../src/chat/ports.ts";
import { type FollowerTables, openDatabaseFollower } from "../../../src/store/followers/database_follower.ts";
import { followerFile } from "../../../src/store/followers/follower_files.ts";
import type { FollowerEntry } from "../../../src/store/mod.ts";

export const FOLD = "fold";

/** Counts every change, so that one that is left out or taken twice shows. */
export function foldTables(
  { version = 1, before = () => {} }: {
    readonly version?: number;
    /** Called with each page before anything is done with it. */
    readonly before?: (changes: readonly LoggedChange[]) => void;
  } = {},
): FollowerTables {
  return {
    name: FOLD,
    version,
    schema: `
      CREATE TABLE message (position INTEGER PRIMARY KEY, channel INTEGER, author INTEGER, text TEXT) STRICT;
      CREATE TABLE seen (kind TEXT PRIMARY KEY, number INTEGER NOT NULL) STRICT;
    `,
    prepare(db) {
      const put = db.prepare("INSERT OR REPLACE INTO message VALUES (?, ?, ?, ?)");
      const drop = db.prepare("DELETE FROM message WHERE position = ?");
      const see = db.prepare("INSERT INTO seen VALUES (?, 1) ON CONFLICT DO UPDATE SET number = number + 1");
      const take = ({ position, event: { stream, actorId, body }, message }: LoggedChange) => {
        see.run(body.case);
        if (body.case === "messageSent") {
          if (body.value.text !== "") put.run(position, stream, actorId, body.value.text);
        } else if (body.case === "messageEdited" && message) {
          if (body.value.text !== "") put.run(message.position, stream, message.authorId, body.value.text);
        } else if (body.case === "messageDeleted" && message) drop.run(message.position);
      };
      return {
        take(changes) {
          before(changes);
          changes.forEach(take);
        },
      };
    },
  };
}

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
