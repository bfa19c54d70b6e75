import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { migrate } from "../../src/store/database.ts";
import { MIGRATIONS } from "../../src/store/migrations/mod.ts";
import { FolderInUse, openStore, UnusableDatabase } from "../../src/store/mod.ts";
import { TempFolder } from "./temp_store.ts";

function run(path: string, sql: string): void {
  const db = new DatabaseSync(path);
  db.exec(sql);
  db.close();
}

function versionOf(path: string): unknown {
  const db = new DatabaseSync(path);
  const { user_version } = db.prepare("PRAGMA user_version").get()!;
  db.close();
  return user_version;
}

Deno.test("openStore creates its folder for the owner only", async () => {
  await using folder = new TempFolder();
  const path = `${folder.path}/deep/data`;
  await using _store = await openStore(path);
  const { isDirectory, mode } = await Deno.stat(path);
  assert.ok(isDirectory);
  if (Deno.build.os !== "windows") assert.equal(mode! & 0o777, 0o700);
});

Deno.test("openStore refuses a folder that is in use, until it is given back", async () => {
  await using folder = new TempFolder();
  await using first = await folder.open();
  await assert.rejects(folder.open(), FolderInUse);
  await first[Symbol.asyncDispose]();
  await using again = await folder.open();
  assert.equal(again.epoch, first.epoch);
});

Deno.test("openStore refuses a database of a newer Rookery, saying what to do", async () => {
  await using folder = new TempFolder();
  await (await folder.open())[Symbol.asyncDispose]();
  run(folder.database, "PRAGMA user_version = 999");
  await assert.rejects(folder.open(), (error) => {
    assert.ok(error instanceof UnusableDatabase);
    assert.match(error.message, /newer Rookery.*schema 999.*run that newer version/);
    return true;
  });
  run(folder.database, `PRAGMA user_version = ${MIGRATIONS.length}`);
  await using _store = await folder.open();
});

Deno.test("openStore refuses the database of another program and leaves it alone", async () => {
  await using folder = new TempFolder();
  run(folder.database, "CREATE TABLE recipes (name TEXT)");
  const before = await Deno.readFile(folder.database);
  await assert.rejects(folder.open(), UnusableDatabase);
  assert.deepEqual(await Deno.readFile(folder.database), before);
});

Deno.test("openStore refuses a file that is no database and leaves it alone", async () => {
  await using folder = new TempFolder();
  const text = "This is a letter to my aunt, and not a database at all.\n".repeat(100);
  await Deno.writeTextFile(folder.database, text);
  await assert.rejects(folder.open(), UnusableDatabase);
  assert.equal(await Deno.readTextFile(folder.database), text);
});

Deno.test("migrate takes all steps or none", async () => {
  await using folder = new TempFolder();
  const broken = [...MIGRATIONS, "CREATE TABLE extra (a)", "CREATE TABLE more (a); CREATE TABLE extra (a)"];
  assert.throws(() => migrate(folder.database, broken), /already exists/);
  assert.equal(versionOf(folder.database), 0);
  migrate(folder.database);
  assert.throws(() => migrate(folder.database, broken), /already exists/);
  assert.equal(versionOf(folder.database), MIGRATIONS.length);
  for (const table of ["extra", "more"]) {
    assert.throws(() => run(folder.database, `INSERT INTO ${table} VALUES (1)`), /no such table/);
  }
  migrate(folder.database, [...broken.slice(0, -1), "CREATE TABLE more (a)"]);
  assert.equal(versionOf(folder.database), MIGRATIONS.length + 2);
});

Deno.test("openStore works on when the program gives up its permissions", async () => {
  await using folder = new TempFolder();
  const program = new URL("./revoked_program.ts", import.meta.url).pathname;
  const { success, stdout, stderr } = await new Deno.Command("deno", {
    args: ["run", "--no-prompt", "--allow-read", "--allow-write", program, folder.path],
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  assert.equal(new TextDecoder().decode(stdout).trim(), "read: prompt, stored: 6000");
});
