import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { StoreFailure } from "../../src/chat/ports.ts";
import { damageOf, verifyFolder } from "../../src/store/mod.ts";
import { Rig } from "../chat/rig.ts";
import { searchesOf } from "../searches.ts";
import { contract } from "./contract.ts";
import { ALL, ANN, BOB, CHANNEL, draft, edit, event, inChannel, keyed, message, put } from "./drafts.ts";
import { TempFolder } from "./temp_store.ts";

contract("SqliteStore", async () => {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(new TempFolder());
  const store = stack.use(await folder.open());
  const kept = stack.move();
  return { store, [Symbol.asyncDispose]: () => kept.disposeAsync() };
});

/** Looks into the file of a store that is closed, or changes it. */
function inspect<T>(path: string, look: (db: DatabaseSync) => T): T {
  const db = new DatabaseSync(path);
  try {
    return look(db);
  } finally {
    db.close();
  }
}

function checkIntegrity(path: string): void {
  const answer = inspect(path, (db) => db.prepare("PRAGMA integrity_check").get());
  assert.equal(answer!.integrity_check, "ok");
}

function files(folder: TempFolder): string[] {
  return [...Deno.readDirSync(folder.path)].map(({ name }) => name).sort();
}

Deno.test("openStore finds everything again", async () => {
  await using folder = new TempFolder();
  await using first = await folder.open();
  await put(
    first,
    keyed(ANN, "k", message("one")),
    draft(BOB, inChannel("reactionAdded", { messageSeq: 1, emoji: "x" })),
  );
  await put(first, draft(ANN, edit(1, "two")));
  const { epoch } = first;
  const before = [first.events(CHANNEL, ALL), first.history(CHANNEL, 9), first.maxId()];
  await first[Symbol.asyncDispose]();

  await using again = await folder.open();
  assert.equal(again.epoch, epoch);
  assert.deepEqual([again.events(CHANNEL, ALL), again.history(CHANNEL, 9), again.maxId()], before);
  const [repeated] = await again.commit([keyed(ANN, "k", message("one"))]);
  assert.ok(repeated!.status === "duplicate" && repeated!.first.seq === 1);
  assert.equal((await put(again, draft(ANN, message("next"))))[0]!.seq, 4);
});

Deno.test("openStore leaves one database file and its locks when closed, for the owner only", async () => {
  await using folder = new TempFolder();
  await using store = await folder.open();
  await put(store, draft(ANN, message("one")));
  assert.deepEqual(files(folder), ["lock", "lock.next", "rookery.db", "rookery.db-shm", "rookery.db-wal"]);
  await store[Symbol.asyncDispose]();
  assert.deepEqual(files(folder), ["lock", "lock.next", "rookery.db"]);
  if (Deno.build.os !== "windows") assert.equal((await Deno.stat(folder.database)).mode! & 0o777, 0o600);
});

Deno.test("SqliteStore.commit never stamps a time before the stream's newest", async () => {
  await using folder = new TempFolder();
  await using first = await folder.open();
  await put(first, draft(ANN, message("one"), inChannel("reactionAdded", { messageSeq: 1, emoji: "x" })));
  await first[Symbol.asyncDispose]();
  const future = Date.now() + 1_000_000;
  inspect(folder.database, (db) => db.prepare("UPDATE event SET time_ms = ? WHERE seq = 2").run(future));
  await using again = await folder.open();
  assert.equal((await put(again, draft(ANN, message("two"))))[0]!.timeMs, future);
});

Deno.test("SqliteStore.commit keeps secrets out of the log and erases what was deleted", async () => {
  await using folder = new TempFolder();
  await using store = await folder.open();
  await put(
    store,
    draft(ANN, message("private words"), edit(1, "private thoughts")),
    draft(ANN, event(ANN, "sessionStarted", { sessionId: 9, device: "", tokenHash: "private token" })),
    draft(ANN, event(ANN, "passwordChanged", { passwordHash: "private hash" })),
    draft(ANN, inChannel("messageDeleted", { messageSeq: 1 })),
  );
  await store[Symbol.asyncDispose]();
  const rows = inspect(folder.database, (db) => db.prepare("SELECT * FROM event").all());
  assert.equal(rows.length, 5);
  assert.doesNotMatch(JSON.stringify(rows), /private/);
});

Deno.test("SqliteStore.commit fails as a whole on a full disk and recovers with space", async () => {
  await using folder = new TempFolder();
  await using store = await folder.open();
  await put(store, keyed(ANN, "k", message("before")));
  store.limitPages(1);
  const many = Array.from({ length: 200 }, (_, index) => keyed(ANN, `k${index}`, message("x".repeat(2000))));
  for (let attempt = 0; attempt < 3; attempt++) await assert.rejects(store.commit(many), StoreFailure);
  assert.equal(store.head(CHANNEL), 1);
  store.limitPages(1_000_000);
  assert.deepEqual((await put(store, ...many)).map(({ seq }) => seq), many.map((_, index) => index + 2));
  const [repeated] = await store.commit([keyed(ANN, "k", message("again"))]);
  assert.equal(repeated!.status, "duplicate");
  await store[Symbol.asyncDispose]();
  checkIntegrity(folder.database);
});

Deno.test("SqliteStore.commit fails as a whole when the disk fills after a refused draft", async () => {
  await using folder = new TempFolder();
  await using store = await folder.open();
  const token = () => draft(ANN, event(ANN, "sessionStarted", { sessionId: 9, device: "", tokenHash: "t" }));
  await put(store, token());
  store.limitPages(1);
  const batch = [draft(ANN, message("small")), token(), draft(ANN, message("x".repeat(100_000)))];
  await assert.rejects(store.commit(batch), StoreFailure);
  assert.deepEqual([store.head(CHANNEL), store.head(ANN)], [0, 1]);
  store.limitPages(1_000_000);
  assert.deepEqual((await store.commit(batch)).map(({ status }) => status), ["stored", "failed", "stored"]);
  await store[Symbol.asyncDispose]();
  checkIntegrity(folder.database);
});

Deno.test("SqliteStore.commit need not make the WAL longer", async () => {
  await using folder = new TempFolder();
  await using store = await folder.open();
  const bytes = () => Deno.statSync(`${folder.database}-wal`).size;
  const atFirst = bytes();
  for (let round = 0; round < 100; round++) await put(store, draft(ANN, message(`${round}`)));
  assert.equal(bytes(), atFirst);
  assert.equal(store.head(CHANNEL), 100);
  await store[Symbol.asyncDispose]();
  checkIntegrity(folder.database);
});

Deno.test("SqliteStore.commit keeps the WAL small while others read", async () => {
  await using folder = new TempFolder();
  await using store = await folder.open();
  const batch = Array.from({ length: 500 }, (_, index) => draft(ANN, message(`${index} ${"x".repeat(500)}`)));
  for (let round = 0; round < 60; round++) {
    await put(store, ...batch);
    store.history(CHANNEL, 100);
    store.unread(CHANNEL, BOB, { afterSeq: 0, upToSeq: 1000, limit: 1000 });
  }
  assert.equal(store.head(CHANNEL), 30_000);
  assert.ok((await Deno.stat(`${folder.database}-wal`)).size < 16 * 1024 * 1024);
  await store[Symbol.asyncDispose]();
  checkIntegrity(folder.database);
});

Deno.test("SqliteStore.asyncDispose waits for the commits under way and takes no more", async () => {
  await using folder = new TempFolder();
  await using store = await folder.open();
  await put(store, keyed(ANN, "k", message("one")));
  const first = store.commit([draft(ANN, message("two"))]);
  const second = store.commit([keyed(ANN, "k", message("again"))]);
  const disposed = store[Symbol.asyncDispose]();
  await assert.rejects(store.commit([draft(ANN, message("late"))]), StoreFailure);
  store.touchSessions(new Map([[1, 1]]));
  assert.deepEqual([(await first)[0]!.status, (await second)[0]!.status], ["stored", "duplicate"]);
  await disposed;
  await store[Symbol.asyncDispose]();
  await using again = await folder.open();
  assert.equal(again.head(CHANNEL), 2);
});

Deno.test("SqliteStore.commit takes several batches at once, in order", async () => {
  await using folder = new TempFolder();
  await using store = await folder.open();
  const commits = ["a", "b", "c"].map((text) => put(store, draft(ANN, message(text))));
  assert.deepEqual((await Promise.all(commits)).map(([stored]) => stored!.seq), [1, 2, 3]);
});

Deno.test("L8 a message's reactions are read in time linear in the people they are from", async () => {
  await using folder = new TempFolder();
  await using store = await folder.open();
  await put(store, draft(ANN, message("hi")));
  const people = 500;
  for (let user = 1; user <= people; user++) {
    await put(store, draft(1000 + user, event(CHANNEL, "reactionAdded", { messageSeq: 1, emoji: "👍" })));
  }
  const { result, looked } = searchesOf(() => store.history(CHANNEL, 1)[0]!.reactions);
  assert.equal(result[0]!.userIds.length, people);
  assert.ok(looked < 20 * people, `${looked} places looked at`);
});

Deno.test("M4 reactions that were stored in two spellings are shown as one, and taken back as one", async () => {
  await using folder = new TempFolder();
  await using store = await folder.open();
  const rig = new Rig({ dependencies: { reader: store, writer: store } });
  const [ann, bob] = [await rig.user("ann"), await rig.user("bob")];
  const channelId = await rig.channel(ann, "den");
  await rig.done(bob, "joinChannel", { channelId });
  const messageSeq = await rig.say(ann, channelId, "hi");
  const spelled = (emoji: string) => event(channelId, "reactionAdded", { messageSeq, emoji });
  await put(
    store,
    draft(ann.userId, spelled("❤"), spelled("❤\ufe0f")),
    draft(bob.userId, spelled("❤")),
  );
  const shown = () => store.history(channelId, 1)[0]!.reactions;
  const heart = "❤\ufe0f";
  assert.deepEqual(shown(), [{ emoji: heart, userIds: [ann.userId, bob.userId] }]);
  const replayed = store.events(channelId, { after: messageSeq, upTo: messageSeq + 3, limit: 9 });
  for (const { body } of replayed) assert.deepEqual(body, spelled(heart).body);
  assert.equal((await rig.ask(bob, "addReaction", { channelId, messageSeq, emoji: heart })).case, "done");
  await rig.done(ann, "removeReaction", { channelId, messageSeq, emoji: heart });
  assert.deepEqual(shown(), [{ emoji: heart, userIds: [bob.userId] }]);
  await rig.done(bob, "removeReaction", { channelId, messageSeq, emoji: "❤" });
  assert.deepEqual(shown(), []);
  assert.deepEqual(damageOf(await verifyFolder(folder.path)), []);
});
