/** The index follows the log: in it is what can be read now, and nothing else. */
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { matchOf, placeToken } from "../../src/search/tokens.ts";
import { followerFile } from "../../src/store/followers/follower_files.ts";
import type { FollowerEntry } from "../../src/store/mod.ts";
import { MortalWorkers } from "../../tools/chaos/mortal_workers.ts";
import { ANN, BOB, CHANNEL, draft, edit, inChannel, message, put } from "../store/drafts.ts";
import { FollowedStore } from "../store/followers/followed_store.ts";
import { someTalk } from "../store/followers/talk.ts";
import { furnish } from "../store/furnished.ts";
import { TempFolder } from "../store/temp_store.ts";
import { until } from "../until.ts";

const SEARCH: FollowerEntry = {
  name: "search",
  spawn: () => new Worker(new URL("../../src/search/search_worker.ts", import.meta.url), { type: "module" }),
};

/** Positions that the index gives, newest first. */
function found(folder: TempFolder, match: string): number[] {
  using db = new DatabaseSync(followerFile(folder.path, "search"), { readOnly: true });
  return db.prepare("SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid DESC").all(match)
    .map(({ rowid }) => rowid as number);
}

/** Fails unless the index has exactly the messages that there are, each found by all of its words. */
function assertIndexed(folder: TempFolder): void {
  using log = new DatabaseSync(`${folder.path}/rookery.db`, { readOnly: true });
  using db = new DatabaseSync(followerFile(folder.path, "search"), { readOnly: true });
  const messages = log.prepare("SELECT position, text FROM event WHERE kind = 10 ORDER BY position").all();
  const rows = db.prepare("SELECT rowid FROM words ORDER BY rowid").all().map(({ rowid }) => rowid);
  assert.deepEqual(rows, messages.map(({ position }) => position));
  const has = db.prepare(
    "SELECT count(*) AS n FROM words WHERE words MATCH ? AND rowid = CAST(? AS INTEGER)",
  );
  for (const { position, text } of messages) {
    assert.equal(has.get(matchOf(String(text))!, position as number)!.n, 1, String(text));
  }
}

Deno.test("messages are found by words, channel, author, mention and link; edits and deletions at once", async () => {
  await using folder = new TempFolder();
  await using followed = await FollowedStore.open(folder, SEARCH);
  const { store } = followed;
  await put(
    store,
    draft(ANN, message("我家在上海东边")),
    draft(BOB, message("Look at https://deno.com, @ann", { mentionIds: [ANN] })),
    draft(ANN, message("Shanghai is far", { mentionChannel: true })),
  );
  await followed.caughtUp();
  assert.deepEqual(found(folder, matchOf("上海")!), [1]);
  assert.deepEqual(found(folder, matchOf("海")!), [1]);
  assert.deepEqual(found(folder, matchOf("shang", { begun: true })!), [3]);
  assert.deepEqual(found(folder, `"${placeToken.channel(CHANNEL)}" AND "${placeToken.author(ANN)}"`), [3, 1]);
  assert.deepEqual(found(folder, `"${placeToken.mention(ANN)}"`), [2]);
  assert.deepEqual(found(folder, `"${placeToken.mention(0)}"`), [3]);
  assert.deepEqual(found(folder, `"${placeToken.link}"`), [2]);
  await put(
    store,
    draft(ANN, edit(3, "Beijing is farther")),
    draft(ANN, inChannel("messageDeleted", { messageSeq: 1 })),
  );
  await followed.caughtUp();
  assert.deepEqual(found(folder, matchOf("shanghai")!), []);
  assert.deepEqual(found(folder, `"${placeToken.mention(0)}"`), []);
  assert.deepEqual(found(folder, matchOf("上海")!), []);
  assert.deepEqual(found(folder, matchOf("beijing")!), [3]);
  assertIndexed(folder);
});

Deno.test("D7 words that were deleted or edited away are soon in no file of the index", async () => {
  await using folder = new TempFolder();
  await using followed = await FollowedStore.open(folder, SEARCH);
  const { store } = followed;
  for (let at = 0; at < 20; at++) {
    await put(
      store,
      ...Array.from({ length: 50 }, (_, n) => draft(ANN, message(`words of message ${at} ${n}`))),
    );
    await followed.caughtUp();
  }
  await put(store, draft(ANN, message("a mesmerizing secret")), draft(BOB, message("one mislaid word")));
  await followed.caughtUp();
  const remains = () =>
    [...Deno.readDirSync(`${folder.path}/followers`)].some(({ name }) => {
      const bytes = new TextDecoder("latin1").decode(Deno.readFileSync(`${folder.path}/followers/${name}`));
      return /esmerizing|islaid/.test(bytes);
    });
  assert.ok(remains(), "the file can be searched for words");
  const seq = store.head(CHANNEL);
  await put(
    store,
    draft(ANN, inChannel("messageDeleted", { messageSeq: seq - 1 })),
    draft(BOB, edit(seq, "another word")),
  );
  await followed.caughtUp();
  await until("the words are gone", () => !remains());
  assertIndexed(folder);
});

Deno.test("a worker that dies at any moment leaves an index that is as if it had lived", async () => {
  using workers = new MortalWorkers();
  await using folder = new TempFolder();
  await using followed = await FollowedStore.open(folder, SEARCH);
  await furnish(followed.store);
  for (let death = 0; death < 5; death++) {
    for (let batch = 0; batch < 20; batch++) await followed.store.commit(someTalk(followed.store));
    await until("it lives", () => workers.kill("search_worker"));
  }
  await followed.caughtUp();
  assertIndexed(folder);
});
