/** Data of every earlier version opens in this one; see fixtures/make.ts for how it was made. */
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { login, request } from "../../src/client/mod.ts";
import { migrate } from "../../src/store/database.ts";
import { MIGRATIONS } from "../../src/store/migrations/mod.ts";
import { restoreBackup, saveBackup } from "../../src/store/mod.ts";
import { damageOf, verifyDatabase } from "../../src/store/verify/verify.ts";
import { Rig, until } from "../server/rig.ts";
import { TempFolder } from "./temp_store.ts";

const PASSWORD = "a password of then";
const PLAIN = { force: false, withSecret: false };
/** What the conversation of the fixtures has left. */
const COUNTS = { messages: 30, users: 4, channels: 5 };
/** Rows that a step changes, more than SQLite keeps in memory before it writes. */
const REACTIONS = 100_000;
const SPILLED_BYTES = 500_000;

function fixture(version: number): string {
  return Deno.readTextFileSync(new URL(`./fixtures/schema_${version}.sql`, import.meta.url));
}

/** A folder as a server of that schema has left it. */
function makeFolder(path: string, version: number): void {
  using db = new DatabaseSync(path);
  db.exec("PRAGMA journal_mode = WAL; BEGIN");
  db.exec(fixture(version));
  db.exec("COMMIT");
}

function versionOf(path: string): unknown {
  using db = new DatabaseSync(path, { readOnly: true });
  return db.prepare("PRAGMA user_version").get()!["user_version"];
}

/** All that is said, by place, as it stands in the file. */
function saidIn(path: string): unknown[] {
  using db = new DatabaseSync(path, { readOnly: true });
  return db.prepare("SELECT stream, seq, actor, kind, text, key FROM event ORDER BY rowid").all();
}

for (let version = 1; version < MIGRATIONS.length; version++) {
  Deno.test(`a folder of schema ${version} opens, is whole, is talked in, and is saved`, async () => {
    await using rig = await Rig.start();
    await rig.stop();
    await Deno.remove(`${rig.folder}/rookery.db`);
    const database = `${rig.folder}/rookery.db`;
    makeFolder(database, version);
    const before = saidIn(database);
    assert.equal(versionOf(database), version);

    await rig.resume();
    assert.equal(versionOf(database), MIGRATIONS.length);
    assert.deepEqual(damageOf(verifyDatabase(database)), []);
    const { messages, users, channels } = verifyDatabase(database).counts;
    assert.deepEqual({ messages, users, channels }, COUNTS);
    assert.deepEqual(saidIn(database), before);

    const { token } = await login(rig.url, { name: "cat", password: PASSWORD });
    await using cat = await rig.reader(token);
    const general = [...cat.replica.channels.values()].find(({ channel }) => channel.name === "general")!;
    const channelId = general.channel.id;
    const page = await request(rig.url, ["getHistory", { channelId }], { token });
    assert.equal(page.messages.length, 30);
    const [edited, deleted, , reacted] = page.messages;
    assert.equal(edited!.text, "0: edited, for @cat");
    assert.deepEqual([deleted!.deleted, deleted!.text], [true, ""]);
    // The first schema has not kept that the 👍 was there before the 🎉, as its first one was taken back.
    const likes = [["🎉", 2], ["👍", 1]];
    if (version > 1) likes.reverse();
    assert.deepEqual(reacted!.reactions.map(({ emoji, userIds }) => [emoji, userIds.length]), [
      ...likes,
      [":twig:", 1],
    ]);
    assert.equal(general.readSeq, page.messages[20]!.seq);
    assert.deepEqual([...cat.replica.channels.values()].map(({ channel: { name } }) => name).sort(), [
      "",
      "general",
      "secret",
    ]);

    // A retry of then gets its first result, whatever has happened since.
    const ann = await login(rig.url, { name: "ann", password: PASSWORD });
    const first = page.messages[0]!;
    const key = keyOf(database, channelId, first.seq);
    const again = await request(rig.url, ["sendMessage", { channelId, text: "again" }], {
      token: ann.token,
      key,
    });
    assert.equal(again.seq, first.seq);
    const { seq } = await cat.sendMessage(channelId, "we go on, @ann");
    assert.equal(seq, general.headSeq);
    await request(rig.url, ["addReaction", { channelId, messageSeq: reacted!.seq, emoji: "🎉" }], ann);
    await assert.rejects(login(rig.url, { name: "dan", password: PASSWORD }), { code: "unauthenticated" });

    const file = `${rig.folder}/saved.db`;
    assert.equal((await saveBackup(rig.folder, file, PLAIN)).counts.messages, 31);
    await rig.stop();
    assert.deepEqual(damageOf(verifyDatabase(database)), []);
    await using target = new TempFolder();
    const data = `${target.path}/data`;
    assert.equal((await restoreBackup(file, data, { force: false, endSessions: false })).counts.messages, 31);
    assert.deepEqual(rig.errors(), []);
  });

  Deno.test(`O8 a backup of schema ${version} is restored`, async () => {
    await using folder = new TempFolder();
    const backup = `${folder.path}/old.db`;
    makeFolder(backup, version);
    const { schema, counts } = await restoreBackup(backup, `${folder.path}/data`, {
      force: false,
      endSessions: true,
    });
    assert.deepEqual(schema, { before: version, after: MIGRATIONS.length });
    assert.equal(counts.messages, COUNTS.messages);
    assert.equal(versionOf(backup), version, "the backup itself stays as it is");
  });
}

function keyOf(path: string, stream: number, seq: number): string {
  using db = new DatabaseSync(path, { readOnly: true });
  return String(db.prepare("SELECT key FROM event WHERE stream = ? AND seq = ?").get(stream, seq)!["key"]);
}

Deno.test("D6 a server refuses a newer schema in plain words, and leaves every byte", async () => {
  await using folder = new TempFolder();
  await (await folder.open())[Symbol.asyncDispose]();
  {
    using db = new DatabaseSync(folder.database);
    db.exec("PRAGMA user_version = 999");
  }
  const before = await Deno.readFile(folder.database);
  const program = new URL("../../main.ts", import.meta.url).pathname;
  for (
    const args of [["serve", "--port", "0"], ["user", "list"], ["verify"], ["backup", `${folder.path}/x.db`]]
  ) {
    const { code, stderr } = await new Deno.Command("deno", {
      args: ["run", "--quiet", "--no-prompt", "-A", program, ...args, "--data", folder.path],
      stdout: "null",
    }).output();
    const said = new TextDecoder().decode(stderr);
    assert.equal(code, 1, said);
    assert.match(said, /newer Rookery \(schema 999, this one knows \d+\): run that newer version/);
    assert.deepEqual(await Deno.readFile(folder.database), before, args[0]);
  }
});

/** A large folder of the first schema, so that the second step takes its time and its pages. */
function makeLarge(path: string): void {
  makeFolder(path, 1);
  using db = new DatabaseSync(path);
  db.exec(`
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${REACTIONS})
    INSERT INTO reaction (channel, message_seq, emoji, user, seq)
    SELECT 9000 + i % 7, i / 20, 'emoji ' || i % 5, i, i FROM n`);
}

function isMigrated(path: string): void {
  assert.equal(versionOf(path), MIGRATIONS.length);
  using db = new DatabaseSync(path, { readOnly: true });
  const { count, undated } = db.prepare(
    "SELECT count(*) AS count, sum(since_seq = 0) AS undated FROM reaction WHERE channel >= 9000",
  ).get()!;
  assert.deepEqual({ count, undated }, { count: REACTIONS, undated: 0 });
  assert.equal(db.prepare("PRAGMA integrity_check").get()!["integrity_check"], "ok");
}

function sizeOf(path: string): number {
  try {
    return Deno.statSync(path).size;
  } catch {
    return 0;
  }
}

const MIGRATING = new URL("./migrating_program.ts", import.meta.url).pathname;

Deno.test("killed in the middle of a step, the folder is as before it, and the next start makes it", async () => {
  await using folder = new TempFolder();
  makeLarge(folder.database);
  const before = saidIn(folder.database);
  for (let attempt = 0; attempt < 3; attempt++) {
    const child = new Deno.Command("deno", {
      args: ["run", "--quiet", "--no-prompt", "-A", MIGRATING, folder.database, "endless"],
      stdout: "null",
      stderr: "null",
    }).spawn();
    await until(
      "pages of the step are in the log",
      () => sizeOf(`${folder.database}-wal`) > SPILLED_BYTES,
      60_000,
    );
    child.kill("SIGKILL");
    await child.status;
    assert.equal(versionOf(folder.database), 1);
  }
  assert.deepEqual(saidIn(folder.database), before);
  migrate(folder.database);
  isMigrated(folder.database);
});

Deno.test("a disk that fills up in the middle of a step leaves the folder as before it", async () => {
  await using folder = new TempFolder();
  makeLarge(folder.database);
  const before = saidIn(folder.database);
  const blocks = Math.ceil((await Deno.stat(folder.database)).size / 1024) + 64;
  const run = `deno run --quiet --no-prompt -A ${MIGRATING} ${folder.database}`;
  const { code, stderr } = await new Deno.Command("deno", {
    args: ["task", "--quiet", "--eval", `sh -c "trap '' XFSZ; ulimit -f ${blocks / 2}; exec ${run}"`],
  }).output();
  assert.notEqual(code, 0);
  assert.match(new TextDecoder().decode(stderr), /disk is full|disk I\/O error/);
  assert.equal(versionOf(folder.database), 1);
  assert.deepEqual(saidIn(folder.database), before);
  migrate(folder.database);
  isMigrated(folder.database);
});
