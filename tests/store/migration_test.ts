/** Folders that an older schema has made. @module */
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { ChatError, Code } from "../../src/chat/error.ts";
import { ChannelKind } from "../../src/chat/model.ts";
import { migrate } from "../../src/store/database.ts";
import { MIGRATIONS } from "../../src/store/migrations/mod.ts";
import { ANN, BOB, channel, draft, event, put } from "./drafts.ts";
import { TempFolder } from "./temp_store.ts";

const YEAR_MS = 365 * 24 * 3600 * 1000;
const MADE_MS = 1_750_000_000_000;

/** A database as the first schema had it. */
function makeOld(path: string, fill: string): void {
  migrate(path, MIGRATIONS.slice(0, 1));
  const db = new DatabaseSync(path);
  db.exec(fill);
  db.close();
}

Deno.test("S1 a folder of the first schema opens: private names are free, reactions keep their order", async () => {
  await using folder = new TempFolder();
  makeOld(
    folder.database,
    `INSERT INTO channel (id, kind, name, topic, archived, creator, direct_key) VALUES
       (100, 1, 'nest', '', 0, 2, NULL), (101, 2, 'hr', '', 0, 2, NULL), (102, 3, '', '', 0, 2, '2,3');
     INSERT INTO membership (channel, user, role, banned, read_seq) VALUES (101, 2, 3, 0, 1), (102, 3, 1, 0, 1);
     INSERT INTO event (stream, seq, time_ms, actor, kind, target, text) VALUES (100, 1, 5, 2, 10, 0, 'hello');
     INSERT INTO reaction (channel, message_seq, emoji, user, seq) VALUES
       (100, 1, 'b', 2, 2), (100, 1, 'a', 2, 3), (100, 1, 'b', 3, 4);`,
  );
  await using store = await folder.open();
  assert.deepEqual([store.channelByName("nest")?.id, store.channelByName("hr")], [100, undefined]);
  assert.deepEqual(store.privateChannels(ANN, "hr").map(({ id }) => id), [101]);
  assert.deepEqual([
    store.directsOpened(ANN),
    store.channelCount(ANN, { added: false }),
    store.channelCount(BOB, { added: false }),
  ], [1, 1, 0]);
  const secret = channel(103, "hr", { kind: ChannelKind.PRIVATE });
  await put(store, draft(BOB, event(103, "channelCreated", { channel: secret })));
  const [taken] = await store.commit([
    draft(BOB, event(104, "channelCreated", { channel: channel(104, "nest") })),
  ]);
  assert(taken?.status === "failed" && taken.error instanceof ChatError);
  assert.equal(taken.error.code, Code.ALREADY_EXISTS);
  await put(store, draft(ANN, event(100, "reactionRemoved", { messageSeq: 1, emoji: "b" })));
  assert.deepEqual(store.history(100, 1)[0]!.reactions, [
    { emoji: "b", userIds: [BOB] },
    { emoji: "a", userIds: [ANN] },
  ]);
});

Deno.test("A2 the ten years' owner link of an old folder ends with the first owner; other invites keep their time", async () => {
  await using folder = new TempFolder();
  const made = [
    [10, 0, 3, 10 * YEAR_MS - 20],
    [11, 0, 3, 7 * 24 * 3600 * 1000],
    [12, 0, 1, 10 * YEAR_MS],
    [13, 2, 3, 10 * YEAR_MS],
  ] as const;
  const rows = made.map(([id, creator, role, validMs], index) =>
    `INSERT INTO event (stream, seq, time_ms, actor, kind, target)
       VALUES (1, ${index + 1}, ${MADE_MS}, ${creator}, 52, ${id});
     INSERT INTO invite (id, role, uses_left, expires_ms, creator, channel_ids, revoked)
       VALUES (${id}, ${role}, 1, ${MADE_MS + validMs}, ${creator}, '[]', 0);`
  );
  makeOld(folder.database, rows.join("\n"));
  await using store = await folder.open();
  assert.deepEqual(made.map(([id]) => store.invite(id)!.expiresMs === 0), [true, false, false, false]);
});

Deno.test("S9 the log gets its positions without being written anew", async () => {
  await using folder = new TempFolder();
  migrate(folder.database, MIGRATIONS.slice(0, 5));
  const rows = Array.from({ length: 5000 }, (_, at) => `(100, ${at + 1}, 5, 2, 10, 0, 'hello ${at}')`);
  const before = new DatabaseSync(folder.database);
  before.exec(`INSERT INTO event (stream, seq, time_ms, actor, kind, target, text) VALUES ${rows.join()}`);
  const pages = before.prepare("PRAGMA page_count").get()!.page_count;
  before.close();
  migrate(folder.database, MIGRATIONS.slice(0, 6));
  using db = new DatabaseSync(folder.database);
  assert.equal(db.prepare("PRAGMA page_count").get()!.page_count, pages);
  const told = () => {
    assert.deepEqual(
      db.prepare("PRAGMA integrity_check").all().map(({ integrity_check }) => integrity_check),
      ["ok"],
    );
    return db.prepare("SELECT count(*) AS n, min(position) AS first, max(position) AS last FROM event").get();
  };
  assert.deepEqual({ ...told() }, { n: 5000, first: 1, last: 5000 });
  db.exec("INSERT INTO event (stream, seq, time_ms, actor, kind, target) VALUES (1, 1, 5, 2, 55, 0)");
  assert.deepEqual({ ...told() }, { n: 5001, first: 1, last: 5001 });
  const [plan] = db.prepare(
    "EXPLAIN QUERY PLAN SELECT seq FROM event WHERE position > 4000 ORDER BY position",
  ).all();
  assert.match(String(plan!.detail), /USING INTEGER PRIMARY KEY/);
});

Deno.test("L11 an older folder tells who was added by others from who joined", async () => {
  await using folder = new TempFolder();
  makeOld(
    folder.database,
    `INSERT INTO channel (id, kind, name, topic, archived, creator, direct_key) VALUES
       (100, 1, 'nest', '', 0, 2, NULL), (101, 1, 'reef', '', 0, 2, NULL), (102, 1, 'cliff', '', 0, 2, NULL);
     INSERT INTO event (stream, seq, time_ms, actor, kind, target, extra) VALUES
       (100, 1, 5, 2, 17, 3, 1), (100, 2, 5, 3, 18, 3, 1), (100, 3, 5, 3, 17, 3, 1),
       (101, 1, 5, 2, 17, 3, 1), (102, 1, 5, 0, 17, 3, 1);
     INSERT INTO membership (channel, user, role, banned, read_seq) VALUES
       (100, 3, 1, 0, 1), (101, 3, 1, 0, 1), (102, 3, 1, 0, 1);`,
  );
  await using store = await folder.open();
  assert.deepEqual(store.channelsOf(BOB).map(({ membership }) => membership.added), [false, true, false]);
});
