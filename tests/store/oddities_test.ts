import assert from "node:assert/strict";
import { odditiesOf, openStore, UnusableDatabase } from "../../src/store/mod.ts";
import { furnish } from "./furnished.ts";
import { TempFolder } from "./temp_store.ts";

const KEY = new Uint8Array(32).fill(7);

async function names(folder: string): Promise<string[]> {
  return (await odditiesOf(folder)).map(({ file }) => file.slice(folder.length + 1));
}

/** What a server that was killed has left, its log cut to this length. */
async function killed(folder: TempFolder, logBytes?: number): Promise<void> {
  await using data = new TempFolder();
  await using store = await data.open();
  await furnish(store);
  await Deno.writeFile(`${folder.path}/secret.key`, KEY);
  await Deno.writeTextFile(`${folder.path}/lock`, "");
  for (const name of ["rookery.db", "rookery.db-wal"]) {
    await Deno.copyFile(`${data.path}/${name}`, `${folder.path}/${name}`);
  }
  if (logBytes !== undefined) await Deno.truncate(`${folder.path}/rookery.db-wal`, logBytes);
}

Deno.test("a folder as servers leave it has nothing odd: new, stopped, running and killed", async () => {
  await using fresh = new TempFolder();
  assert.deepEqual(await names(`${fresh.path}/none`), []);
  // Whoever sets a folder up may bring the key.
  await Deno.writeFile(`${fresh.path}/secret.key`, KEY);
  assert.deepEqual(await names(fresh.path), []);
  {
    await using _store = await fresh.open();
    assert.deepEqual(await names(fresh.path), []);
  }
  assert.deepEqual(await names(fresh.path), []);
  await using crashed = new TempFolder();
  await killed(crashed);
  assert.deepEqual(await names(crashed.path), []);
});

Deno.test("an empty or lost database beside a key is refused in one line, and nothing is made of it", async () => {
  for (const lost of [false, true]) {
    await using folder = new TempFolder();
    await killed(folder);
    await Deno.remove(`${folder.path}/rookery.db-wal`);
    if (lost) await Deno.remove(folder.database);
    else await Deno.truncate(folder.database);
    await assert.rejects(openStore(folder.path), (error) => {
      assert.ok(error instanceof UnusableDatabase);
      assert.ok(!error.message.includes("\n"));
      assert.ok(error.message.includes(`${folder.database} is ${lost ? "missing" : "empty"}`), error.message);
      assert.match(error.message, /\(owner: user \d+\)\. Next: rookery restore BACKUP --force --data \//);
      return true;
    });
    assert.deepEqual(await Deno.readFile(`${folder.path}/secret.key`), KEY);
    assert.deepEqual([...Deno.readDirSync(folder.path)].length, lost ? 2 : 3);
  }
});

Deno.test("a missing secret and a log that was cut are told, and the store opens", async () => {
  await using folder = new TempFolder();
  // Behind frames that are whole, so that SQLite notices nothing.
  await killed(folder, 32 + 3 * (4096 + 24));
  await Deno.remove(`${folder.path}/secret.key`);
  const told: string[] = [];
  await using _store = await openStore(folder.path, {
    onOddity: ({ file, owner, found, next, fatal }) => {
      assert.deepEqual([fatal, typeof owner], [false, "number"]);
      assert.ok(found.includes(file));
      told.push(`${file.slice(folder.path.length + 1)}: ${next.split(" --data")[0]}`);
    },
  });
  assert.equal(told.length, 2);
  assert.match(told[0]!, /^secret\.key: To keep them stop the server .*install -m 600/);
  assert.equal(told[1], "rookery.db-wal: rookery verify");
});

Deno.test("a damaged database is one line with its owner and what to do next", async () => {
  await using folder = new TempFolder();
  await killed(folder);
  await Deno.remove(`${folder.path}/rookery.db-wal`);
  using file = await Deno.open(folder.database, { write: true });
  await file.seek(20, Deno.SeekMode.Start);
  await file.write(new Uint8Array(80).fill(255));
  await assert.rejects(openStore(folder.path), (error) => {
    assert.ok(error instanceof UnusableDatabase, String(error));
    assert.ok(!error.message.includes("\n"));
    assert.match(error.message, /rookery\.db \(owner: user \d+\) /);
    return true;
  });
});
