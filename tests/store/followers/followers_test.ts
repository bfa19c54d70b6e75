/** Followers of the log see every change once, in order, whatever happens to them. */
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { followerFile, followerFiles } from "../../../src/store/followers/follower_files.ts";
import { type FollowerEntry, restoreBackup, saveBackup } from "../../../src/store/mod.ts";
import { MortalWorkers } from "../../../tools/chaos/mortal_workers.ts";
import { until } from "../../until.ts";
import { ANN, draft, message, put } from "../drafts.ts";
import { furnish } from "../furnished.ts";
import { TempFolder } from "../temp_store.ts";
import { FOLD } from "./fold_tables.ts";
import { assertFolded, heavyFold, lightFold } from "./folding.ts";
import { FollowedStore } from "./followed_store.ts";
import { someTalk } from "./talk.ts";

const BATCHES = 60;

async function talk({ store }: FollowedStore, batches = BATCHES): Promise<void> {
  for (let batch = 0; batch < batches; batch++) await store.commit(someTalk(store));
}

for (const [where, fold] of [["beside the core", lightFold], ["in a worker", heavyFold]] as const) {
  Deno.test(`O13 a follower ${where} is woken by commits and folds what the log says, edits and deletions too`, async () => {
    await using folder = new TempFolder();
    await using followed = await FollowedStore.open(folder, fold());
    await furnish(followed.store);
    for (let round = 0; round < 3; round++) {
      await talk(followed);
      await followed.caughtUp();
      assertFolded(folder.path);
    }
    assert.deepEqual({ failures: followed.report.failures, rebuilds: followed.report.rebuilds }, {
      failures: 0,
      rebuilds: 1,
    });
  });

  Deno.test(`O13 a follower ${where} goes on after a stop where it was, and sees what was stored without it`, async () => {
    await using folder = new TempFolder();
    {
      await using followed = await FollowedStore.open(folder, fold());
      await talk(followed);
    }
    {
      await using store = await folder.open();
      for (let batch = 0; batch < BATCHES; batch++) await store.commit(someTalk(store));
    }
    await using followed = await FollowedStore.open(folder, fold());
    await talk(followed);
    await followed.caughtUp();
    assertFolded(folder.path);
    assert.equal(followed.report.rebuilds, 0);
  });

  Deno.test(`O13 a follower ${where} lets go of its file with the folder, and goes on with it`, async () => {
    await using folder = new TempFolder();
    await using followed = await FollowedStore.open(folder, fold());
    await talk(followed);
    await followed.followers.suspend();
    // Whoever has a write-ahead log open has the database open.
    await assert.rejects(Deno.stat(`${followerFile(folder.path, FOLD)}-wal`), Deno.errors.NotFound);
    await talk(followed);
    assert.ok(followed.report.lag > 0);
    followed.followers.resume();
    await followed.caughtUp();
    assertFolded(folder.path);
  });
}

for (const [where, fold] of [["beside the core", lightFold], ["in a worker", heavyFold]] as const) {
  Deno.test(`O13 a follower ${where} writes nothing while the disk has little room, and goes on when it has`, async () => {
    await using folder = new TempFolder();
    await using followed = await FollowedStore.open(folder, fold());
    await furnish(followed.store);
    await followed.caughtUp();
    followed.held = true;
    const { position } = followed.report;
    await talk(followed);
    await until("it is held", () => followed.report.state === "failing");
    assert.match(followed.report.reason, /little room/);
    assert.equal(followed.report.position, position);
    followed.held = false;
    await followed.caughtUp();
    assertFolded(folder.path);
  });
}

Deno.test("O13 a follower that fails holds up no commit, is tried again with pauses, and leaves nothing out", async () => {
  await using folder = new TempFolder();
  let pages = 0;
  const before = () => {
    if (++pages % 3 !== 0) throw new Error("no network");
  };
  await using followed = await FollowedStore.open(folder, lightFold({ before }));
  await furnish(followed.store);
  await talk(followed);
  await until("it has failed", () => followed.report.failures > 2);
  await followed.caughtUp();
  assertFolded(folder.path);
  const told = followed.log.lines.filter((line) => line.includes("follower"));
  assert.ok(told.some((line) => line.includes("no network")), told.join("\n"));
  assert.ok(told.some((line) => line.includes("works again")), told.join("\n"));
});

Deno.test("O13 a follower that fails at every page is behind, says why, and commits go on", async () => {
  await using folder = new TempFolder();
  const before = () => {
    throw new Error("it never works");
  };
  await using followed = await FollowedStore.open(folder, lightFold({ before }));
  await talk(followed);
  await until("it has failed", () => followed.report.failures > 1);
  const { state, reason, lag, position } = followed.report;
  assert.deepEqual({ state, reason, position }, { state: "failing", reason: "it never works", position: 0 });
  assert.equal(lag, followed.store.lastPosition);
});

Deno.test("O13 pages are bounded and in order, and an idle follower is not called", async () => {
  await using folder = new TempFolder();
  const pages: number[][] = [];
  const before: Parameters<typeof lightFold>[0] = {
    before: (changes) => void pages.push(changes.map(({ position }) => position)),
  };
  {
    await using store = await folder.open();
    for (let at = 0; at < 5; at++) {
      await put(store, ...Array.from({ length: 40 }, () => draft(ANN, message("x"))));
    }
  }
  await using followed = await FollowedStore.open(folder, lightFold(before));
  await followed.caughtUp();
  assert.deepEqual(pages.flat(), Array.from({ length: 200 }, (_, index) => index + 1));
  assert.ok(pages.every((page) => page.length <= 32));
  const { length } = pages;
  followed.followers.wake();
  await until("it has looked", () => followed.report.state === "following");
  assert.equal(pages.length, length);
});

interface Mishap {
  readonly what: string;
  /** Does something to the files while nothing runs. */
  befall(folder: TempFolder): void | Promise<void>;
  readonly next?: () => FollowerEntry;
}

const MISHAPS: readonly Mishap[] = [
  { what: "another version", befall() {}, next: () => lightFold({ version: 2 }) },
  {
    what: "a file that is no database",
    befall: ({ path }) => Deno.writeTextFile(followerFile(path, FOLD), "A letter to my aunt.\n".repeat(500)),
  },
  {
    what: "a page that is damaged",
    async befall({ path }) {
      using file = await Deno.open(followerFile(path, FOLD), { write: true });
      const { size } = await file.stat();
      for (let at = 4096; at < size; at += 4096) {
        await file.seek(at, Deno.SeekMode.Start);
        await file.write(new Uint8Array(4096).fill(0xff));
      }
    },
  },
  { what: "an empty file", befall: ({ path }) => Deno.truncate(followerFile(path, FOLD)) },
  { what: "no file", befall: ({ path }) => Deno.remove(followerFile(path, FOLD)) },
  {
    what: "a log that is behind it",
    befall({ path }) {
      using db = new DatabaseSync(`${path}/rookery.db`);
      db.exec("DELETE FROM event WHERE position > (SELECT max(position) FROM event) - 5");
    },
  },
  {
    what: "a log of the same name that has something else there",
    async befall(folder) {
      {
        using db = new DatabaseSync(`${folder.path}/rookery.db`);
        db.exec("DELETE FROM event WHERE position > (SELECT max(position) FROM event) - 5");
      }
      await using store = await folder.open();
      await put(store, ...Array.from({ length: 9 }, () => draft(ANN, message("another history"))));
    },
  },
];

for (const { what, befall, next = lightFold } of MISHAPS) {
  Deno.test(`O13 a follower that meets ${what} is made anew`, async () => {
    await using folder = new TempFolder();
    {
      await using followed = await FollowedStore.open(folder, lightFold());
      await furnish(followed.store);
      await put(followed.store, ...Array.from({ length: 99 }, () => draft(ANN, message("x".repeat(200)))));
      await followed.caughtUp();
    }
    await befall(folder);
    await using followed = await FollowedStore.open(folder, next());
    await talk(followed, 5);
    await followed.caughtUp();
    assertFolded(folder.path);
    assert.equal(followed.report.rebuilds, 1);
  });
}

Deno.test("O8 a backup has nothing of a follower, and after a restore it is made anew", async () => {
  await using folder = new TempFolder();
  await using saved = new TempFolder();
  const backup = `${saved.path}/saved.db`;
  {
    await using followed = await FollowedStore.open(folder, lightFold());
    await furnish(followed.store);
    await saveBackup(folder.path, backup, { force: false, withSecret: false });
    await talk(followed);
    await followed.caughtUp();
  }
  assert.deepEqual([...Deno.readDirSync(saved.path)].map(({ name }) => name), ["saved.db"]);
  const { aside } = await restoreBackup(backup, folder.path, { force: true, endSessions: false });
  for (const place of [folder.path, aside]) await assert.rejects(Deno.stat(`${place}/followers`));
  await using followed = await FollowedStore.open(folder, lightFold());
  await followed.caughtUp();
  assertFolded(folder.path);
});

Deno.test("O13 a follower's worker that dies is replaced, and nothing is left out", async () => {
  using workers = new MortalWorkers();
  await using folder = new TempFolder();
  await using followed = await FollowedStore.open(folder, heavyFold());
  await furnish(followed.store);
  for (let death = 0; death < 6; death++) {
    await talk(followed, 10);
    await until("it lives", () => workers.kill("folding_worker"));
  }
  await followed.caughtUp();
  assertFolded(folder.path);
  assert.equal(followed.report.failures, 6);
});

Deno.test("O13 two that follow with the same file do not do the same twice", async () => {
  await using folder = new TempFolder();
  await using followed = await FollowedStore.open(folder, lightFold(), heavyFold());
  await furnish(followed.store);
  await talk(followed);
  await followed.caughtUp();
  assertFolded(folder.path);
});

Deno.test("O13 how far followers are can be read beside the server", async () => {
  await using folder = new TempFolder();
  assert.deepEqual(await followerFiles(folder.path), []);
  await using followed = await FollowedStore.open(folder, lightFold());
  await furnish(followed.store);
  await followed.caughtUp();
  const head = followed.store.lastPosition;
  assert.deepEqual(await followerFiles(folder.path), [{ name: FOLD, position: head, head }]);
  assert.equal((await Deno.stat(followerFile(folder.path, FOLD))).mode! & 0o777, 0o600);
});
