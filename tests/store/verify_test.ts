import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { MIGRATIONS } from "../../src/store/migrations/mod.ts";
import { UnusableDatabase, verifyFolder } from "../../src/store/mod.ts";
import { damageOf, verifyDatabase } from "../../src/store/verify/verify.ts";
import { ANN, BOB, CHANNEL, draft, inChannel, message, put } from "./drafts.ts";
import { AT, CAT, furnish } from "./furnished.ts";
import { TempFolder } from "./temp_store.ts";

async function furnishedFolder(): Promise<TempFolder> {
  const folder = new TempFolder();
  await using store = await folder.open();
  await furnish(store);
  const pin = (messageSeq: number) => inChannel("messagePinned", { messageSeq });
  await put(
    store,
    draft(ANN, pin(AT.deleted), pin(AT.edited), pin(AT.plain)),
    draft(BOB, inChannel("messageUnpinned", { messageSeq: AT.plain })),
  );
  return folder;
}

/** What is found after the statements were run on a furnished database. */
async function damageAfter(sql: string): Promise<string[]> {
  await using folder = await furnishedFolder();
  {
    using db = new DatabaseSync(folder.database);
    db.exec(sql);
  }
  return damageOf(verifyDatabase(folder.database));
}

Deno.test("O9 a database in order has no damage, and its contents are counted", async () => {
  await using folder = await furnishedFolder();
  const verification = verifyDatabase(folder.database);
  assert.deepEqual(damageOf(verification), []);
  const { newestMs, ...counts } = verification.counts;
  assert.deepEqual(counts, { messages: 3, users: 3, channels: 2, events: 40 });
  assert.ok(newestMs > 0);
  const found = Object.fromEntries(verification.checks.map(({ name, found }) => [name, found]));
  const rows = {
    users: "3",
    memberships: "3",
    reactions: "1",
    pins: "1",
    mentions: "2",
    sessions: "1",
    invites: "1",
  };
  for (const [name, count] of Object.entries(rows)) assert.equal(found[name], count, name);
});

const IN_CHANNEL = `stream = ${CHANNEL} AND seq =`;

/** Statements that damage a database, and a line that has to tell of it. */
const DAMAGES: readonly [name: string, sql: string, line: string][] = [
  [
    "a message is gone",
    `DELETE FROM event WHERE ${IN_CHANNEL} ${AT.plain}`,
    `streams: stream ${CHANNEL}: event ${AT.plain} is missing`,
  ],
  [
    "the first event is gone",
    `DELETE FROM event WHERE ${IN_CHANNEL} 1`,
    `streams: stream ${CHANNEL}: event 1 is missing`,
  ],
  [
    "a number was changed",
    `UPDATE event SET seq = 900 WHERE ${IN_CHANNEL} ${AT.plain}`,
    `streams: stream ${CHANNEL}: 895 events are missing, the first is ${AT.plain}`,
  ],
  [
    "a number is there twice",
    `UPDATE event SET seq = ${AT.plain} WHERE ${IN_CHANNEL} ${AT.mentioning}`,
    `streams: stream ${CHANNEL}: 1 events stand behind later ones or are there twice, the first is ${AT.plain}`,
  ],
  [
    "a time runs backwards",
    `UPDATE event SET time_ms = 5 WHERE ${IN_CHANNEL} ${AT.plain}`,
    `streams: stream ${CHANNEL}: 1 events are older than the one before`,
  ],
  [
    "a deleted message is back",
    `UPDATE event SET kind = 10, text = 'back' WHERE ${IN_CHANNEL} ${AT.deleted}`,
    `events: message ${AT.deleted} of channel ${CHANNEL} was deleted and is still there`,
  ],
  [
    "a deleted message has its text",
    `UPDATE event SET text = 'back' WHERE ${IN_CHANNEL} ${AT.deleted}`,
    `events: message ${AT.deleted} of channel ${CHANNEL} is deleted and not empty`,
  ],
  [
    "a message was emptied",
    `UPDATE event SET kind = 9, text = NULL WHERE ${IN_CHANNEL} ${AT.plain}`,
    `events: message ${AT.plain} of channel ${CHANNEL} is empty, and the log tells of no deletion`,
  ],
  [
    "a kind is unknown",
    `UPDATE event SET kind = 99 WHERE ${IN_CHANNEL} 9`,
    `events: event 9 of stream ${CHANNEL} has the unknown kind 99`,
  ],
  [
    "a pin is gone",
    "DELETE FROM pin",
    `pins: pin of message ${AT.edited} of channel ${CHANNEL} is in the log and not in its table`,
  ],
  [
    "a pin is another's",
    `UPDATE pin SET user = ${BOB}`,
    `pins: pin of message ${AT.edited} of channel ${CHANNEL}: the table says by user ${BOB}`,
  ],
  [
    "a member is gone",
    `DELETE FROM membership WHERE user = ${BOB}`,
    `memberships: user ${BOB} in channel ${CHANNEL} is in the log and not in its table`,
  ],
  [
    "a member has another role",
    `UPDATE membership SET role = 3 WHERE user = ${BOB}`,
    `memberships: user ${BOB} in channel ${CHANNEL}: the table says role 3, read up to ${AT.edited}, ` +
    `the log says role 2, read up to ${AT.edited}`,
  ],
  [
    "a ban is lifted",
    `UPDATE membership SET banned = 0 WHERE user = ${CAT}`,
    `memberships: user ${CAT} in channel ${CHANNEL}: the table says role 1, read up to 18, ` +
    "the log says role 1, banned, read up to 18",
  ],
  [
    "a read marker has moved",
    `UPDATE membership SET read_seq = 1 WHERE user = ${BOB}`,
    `memberships: user ${BOB} in channel ${CHANNEL}: the table says role 2, read up to 1, ` +
    `the log says role 2, read up to ${AT.edited}`,
  ],
  [
    "a place that was given counts as taken",
    `UPDATE membership SET added = 1 - added WHERE channel = ${CHANNEL}`,
    "memberships: user",
  ],
  [
    "a stranger is a member",
    `INSERT INTO membership (channel, user, role, banned, read_seq) VALUES (${CHANNEL}, 77, 1, 0, 1)`,
    `memberships: user 77 in channel ${CHANNEL} is in its table and not in the log`,
  ],
  [
    "a reaction is gone",
    "DELETE FROM reaction",
    `reactions: reaction 👍 of user ${BOB} to message ${AT.plain} of channel ${CHANNEL} ` +
    "is in the log and not in its table",
  ],
  [
    "a reaction is somebody else's",
    `UPDATE reaction SET user = ${ANN}`,
    `reactions: reaction 👍 of user ${ANN} to message ${AT.plain} of channel ${CHANNEL} ` +
    "is in its table and not in the log",
  ],
  [
    "an emoji stands before its message",
    "UPDATE reaction SET since_seq = 1",
    `emoji order: emoji 👍 under message ${AT.plain} of channel ${CHANNEL} has a wrong place in the order`,
  ],
  [
    "a mention is gone",
    `DELETE FROM mention WHERE user = ${BOB}`,
    `mentions: mention of user ${BOB} in message ${AT.mentioning} of channel ${CHANNEL} is missing in its table`,
  ],
  [
    "a mention has no message",
    `INSERT INTO mention VALUES (${BOB}, ${CHANNEL}, ${AT.plain}, ${ANN})`,
    `mentions: mention of user ${BOB} in message ${AT.plain} of channel ${CHANNEL} is not in that message`,
  ],
  [
    "a user is gone",
    `DELETE FROM user WHERE id = ${BOB}`,
    `users: user ${BOB} is in the log and not in its table`,
  ],
  [
    "a user has become owner",
    `UPDATE user SET role = 3 WHERE id = ${BOB}`,
    `users: user ${BOB}: the table says ["bob","BOB",3,0], the log says ["bob","BOB",1,0]`,
  ],
  [
    "a password is gone",
    "DELETE FROM credential",
    `passwords: password of user ${ANN} is in the log and not in its table`,
  ],
  [
    "an ended session is back",
    `INSERT INTO session VALUES (110, ${BOB}, 'a', 'phone', 1, 1)`,
    "sessions: session 110 is in its table and not in the log",
  ],
  [
    "a channel has another topic",
    `UPDATE channel SET topic = '' WHERE id = ${CHANNEL}`,
    `channels: channel ${CHANNEL}: the table says [1,"general","",0,2,null], the log says [1,"general","All",0,2,null]`,
  ],
  [
    "a revoked invite is good again",
    "UPDATE invite SET revoked = 0",
    "invites: invite 120: the table says not revoked, the log says revoked",
  ],
  [
    "the server has another name",
    "UPDATE meta SET server_name = 'Nests'",
    `server names: the server's name: the table says "Nests", the log says "Nest"`,
  ],
  [
    "ids would be given twice",
    "UPDATE meta SET max_id = 3",
    "owners: the newest id is 120, and the table meta says 3",
  ],
  [
    "a stream is nobody's",
    "INSERT INTO event (stream, seq, time_ms, actor, kind, target, text) VALUES (55, 1, 1, 2, 10, 0, 'x')",
    "owners: stream 55 belongs to no user and no channel",
  ],
  [
    "an actor is unknown",
    `UPDATE event SET actor = 66 WHERE ${IN_CHANNEL} ${AT.plain}`,
    "owners: events were made by user 66, who is unknown",
  ],
  [
    "a row is no JSON",
    `UPDATE event SET extra = '{' WHERE ${IN_CHANNEL} 1`,
    "events: cannot be read",
  ],
];

Deno.test("O9 verify tells of every damage to rows", async (t) => {
  for (const [name, sql, line] of DAMAGES) {
    await t.step(name, async () => {
      const damage = await damageAfter(sql);
      assert.ok(damage.some((found) => found.startsWith(line)), `${line}\nnot in\n${damage.join("\n")}`);
    });
  }
});

Deno.test("O9 many damages of one kind are a few lines and their number", async () => {
  const rows = "WITH RECURSIVE n(i) AS (SELECT 200 UNION ALL SELECT i + 1 FROM n WHERE i < 999)";
  const damage = await damageAfter(
    `INSERT INTO membership (channel, user, role, banned, read_seq) ${rows} SELECT i, 2, 1, 0, 1 FROM n`,
  );
  assert.equal(damage.length, 11);
  assert.equal(damage.at(-1), "memberships: and 790 more of this kind");
});

Deno.test("O9 verify tells of pages that are damaged or missing", async (t) => {
  const PAGE = 4096;
  await using folder = await furnishedFolder();
  const whole = await Deno.readFile(folder.database);
  const examine = async (bytes: Uint8Array): Promise<string[]> => {
    await Deno.writeFile(folder.database, bytes);
    try {
      return damageOf(verifyDatabase(folder.database));
    } catch (error) {
      // So damaged that SQLite does not even open it.
      assert.ok(error instanceof UnusableDatabase);
      return [`pages: ${error.message}`];
    }
  };
  assert.deepEqual(await examine(whole), []);
  await t.step("the last page is cut off", async () => {
    const damage = await examine(whole.subarray(0, whole.length - PAGE));
    assert.ok(damage.some((line) => line.startsWith("pages: ")), damage.join("\n"));
  });
  await t.step("half of a page is cut off", async () => {
    const damage = await examine(whole.subarray(0, whole.length - PAGE / 2));
    assert.ok(damage.some((line) => line.startsWith("pages: ")), damage.join("\n"));
  });
  await t.step("every page but the first, filled with zeros", async () => {
    for (let at = PAGE; at < whole.length; at += PAGE) {
      if (whole.subarray(at, at + PAGE).every((byte) => byte === 0)) continue;
      const damaged = whole.slice();
      damaged.fill(0, at, at + PAGE);
      const damage = await examine(damaged);
      assert.ok(damage.length > 0, `page ${at / PAGE + 1}`);
    }
  });
});

Deno.test("O9 files that are no database of this program are refused", async () => {
  await using folder = new TempFolder();
  await assert.rejects(verifyFolder(folder.path), /There is no database in/);
  await Deno.writeFile(folder.database, new Uint8Array());
  assert.throws(() => verifyDatabase(folder.database), /is empty/);
  await Deno.writeTextFile(folder.database, "A letter to my aunt.\n".repeat(100));
  assert.throws(() => verifyDatabase(folder.database), UnusableDatabase);
  await Deno.remove(folder.database);
  {
    using db = new DatabaseSync(folder.database);
    db.exec("CREATE TABLE recipe (name TEXT)");
  }
  assert.throws(() => verifyDatabase(folder.database), /not a Rookery database/);
});

Deno.test("O9 of an older schema pages and numbers are examined, and a newer one is refused", async () => {
  await using folder = await furnishedFolder();
  const newer = [...MIGRATIONS, "CREATE TABLE later (a)"];
  const { checks } = verifyDatabase(folder.database, { steps: newer });
  assert.match(checks[1]!.found, /the next start brings it to/);
  assert.ok(!checks.some(({ name }) => name === "memberships"));
  {
    using db = new DatabaseSync(folder.database);
    db.exec(`DELETE FROM event WHERE ${IN_CHANNEL} ${AT.plain}`);
  }
  assert.match(damageOf(verifyDatabase(folder.database, { steps: newer })).join(), /is missing/);
  assert.throws(() => verifyDatabase(folder.database, { steps: [] }), /newer Rookery/);
});

Deno.test("O9 verify reads beside a store that writes, and leaves a stopped folder as it was", async () => {
  await using folder = await furnishedFolder();
  const names = () => [...Deno.readDirSync(folder.path)].map(({ name }) => name).sort();
  const before = { names: names(), bytes: await Deno.readFile(folder.database) };
  assert.deepEqual(damageOf(await verifyFolder(folder.path)), []);
  assert.deepEqual({ names: names(), bytes: await Deno.readFile(folder.database) }, before);
  await using store = await folder.open();
  let stop = false;
  const writing = (async () => {
    while (!stop) await put(store, draft(ANN, message("more")), draft(BOB, message("and more")));
  })();
  for (let time = 0; time < 5; time++) assert.deepEqual(damageOf(await verifyFolder(folder.path)), []);
  stop = true;
  await writing;
});
