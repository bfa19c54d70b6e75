import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { copyDatabase } from "../../src/store/backup/copy.ts";
import { migrate } from "../../src/store/database.ts";
import { Draft } from "../../src/store/folder/files.ts";
import { KIND } from "../../src/store/events/mod.ts";
import { MIGRATIONS } from "../../src/store/migrations/mod.ts";
import { FolderInUse, restoreBackup, saveBackup, UnusableDatabase } from "../../src/store/mod.ts";
import { renew } from "../../src/store/backup/restore.ts";
import { damageOf, verifyDatabase } from "../../src/store/verify/verify.ts";
import { ALL, ANN, BOB, CHANNEL, draft, message, put } from "./drafts.ts";
import { furnish } from "./furnished.ts";
import { TempFolder } from "./temp_store.ts";

const PLAIN = { force: false, withSecret: false };
const QUIET = { force: false, endSessions: false };

function namesIn(path: string): string[] {
  return [...Deno.readDirSync(path)].map(({ name }) => name).sort();
}

/** A folder with data and a secret, and one for backups. */
class Place implements AsyncDisposable {
  readonly data = new TempFolder();
  readonly out = new TempFolder();

  get file(): string {
    return `${this.out.path}/saved.db`;
  }

  static async furnished(): Promise<Place> {
    const place = new Place();
    await using store = await place.data.open();
    await furnish(store);
    await Deno.writeFile(`${place.data.path}/secret.key`, new Uint8Array(32).fill(7));
    return place;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.data[Symbol.asyncDispose]();
    await this.out[Symbol.asyncDispose]();
  }
}

/** Fills a database of an older schema with the rows of a present one, as far as it has their columns. */
function makeOld(path: string, { from, version }: { readonly from: string; readonly version: number }): void {
  migrate(path, MIGRATIONS.slice(0, version));
  using old = new DatabaseSync(path);
  using present = new DatabaseSync(from, { readOnly: true });
  old.exec("DELETE FROM meta");
  for (const { name: table } of old.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all()) {
    const columns = old.prepare(`PRAGMA table_info(${table})`).all().map(({ name }) => name);
    const marks = columns.map(() => "?").join();
    const insert = old.prepare(`INSERT INTO ${table} (${columns.join()}) VALUES (${marks})`);
    for (const row of present.prepare(`SELECT ${columns.join()} FROM ${table}`).all()) {
      insert.run(...Object.values(row));
    }
  }
  // Servers of those schemas had no name to give.
  if (version < 4) old.prepare("UPDATE event SET text = '' WHERE kind = ?").run(KIND.serverUpdated);
}

async function epochOf(folder: TempFolder): Promise<string> {
  await using store = await folder.open();
  return store.epoch;
}

Deno.test("O7 a backup is one file for its owner, and never replaces another unasked", async () => {
  await using place = await Place.furnished();
  const before = namesIn(place.data.path);
  const saved = await saveBackup(place.data.path, place.file, PLAIN);
  assert.equal(saved.path, place.file);
  assert.equal(saved.counts.messages, 3);
  assert.deepEqual(namesIn(place.out.path), ["saved.db"]);
  assert.deepEqual(namesIn(place.data.path), before);
  const { mode, size } = await Deno.stat(place.file);
  assert.equal(mode! & 0o777, 0o600);
  assert.equal(size, saved.bytes);
  const first = await Deno.readFile(place.file);
  await assert.rejects(saveBackup(place.data.path, place.file, PLAIN), /exists: choose another name/);
  assert.deepEqual(await Deno.readFile(place.file), first);
  await saveBackup(place.data.path, place.file, { ...PLAIN, force: true });
  assert.deepEqual(namesIn(place.out.path), ["saved.db"]);
});

Deno.test("O7 in a folder a backup gets a name with the time", async () => {
  await using place = await Place.furnished();
  const { path } = await saveBackup(place.data.path, `${place.out.path}/`, PLAIN);
  assert.match(path, /\/rookery-\d{8}-\d{6}\.db$/);
  assert.deepEqual(namesIn(place.out.path), [path.slice(path.lastIndexOf("/") + 1)]);
});

Deno.test("O7 places where no backup can be are told", async () => {
  await using place = await Place.furnished();
  const { data, out } = place;
  const cases: [target: string, problem: RegExp][] = [
    [`${out.path}/none/file.db`, /There is no folder .*none/],
    [`${out.path}/none/`, /There is no folder .*none/],
    [data.database, /the server's own database/],
  ];
  for (const [target, problem] of cases) {
    await assert.rejects(saveBackup(data.path, target, { ...PLAIN, force: true }), problem);
  }
  await assert.rejects(saveBackup(out.path, place.file, PLAIN), /There is no database in/);
  assert.deepEqual(namesIn(out.path), []);
});

Deno.test("O7 the secret is saved on request only, for its owner", async () => {
  await using place = await Place.furnished();
  await saveBackup(place.data.path, place.file, { ...PLAIN, withSecret: true });
  assert.deepEqual(namesIn(place.out.path), ["saved.db", "saved.db.key"]);
  assert.equal((await Deno.stat(`${place.file}.key`)).mode! & 0o777, 0o600);
  assert.deepEqual(await Deno.readFile(`${place.file}.key`), new Uint8Array(32).fill(7));
  // A replaced backup does not keep the other one's secret.
  await saveBackup(place.data.path, place.file, { ...PLAIN, force: true });
  assert.deepEqual(namesIn(place.out.path), ["saved.db"]);
  await Deno.remove(`${place.data.path}/secret.key`);
  const withSecret = { force: true, withSecret: true };
  await assert.rejects(saveBackup(place.data.path, place.file, withSecret), /There is no secret.key/);
});

Deno.test("O7 an interrupted backup leaves nothing, and what a killed one left is taken over", async () => {
  await using place = await Place.furnished();
  for (const stage of ["Copying", "Checking pages", "Reading the log", "Comparing tables"]) {
    const controller = new AbortController();
    const onProgress = (what: string) => what === stage && controller.abort(new Error(stage));
    const options = { ...PLAIN, signal: controller.signal, onProgress };
    await assert.rejects(saveBackup(place.data.path, place.file, options), { message: stage });
    assert.deepEqual(namesIn(place.out.path), [], stage);
  }
  await Deno.writeTextFile(`${place.file}.part`, "half a database");
  await Deno.writeTextFile(`${place.file}.part-journal`, "and its journal");
  await saveBackup(place.data.path, place.file, PLAIN);
  assert.deepEqual(namesIn(place.out.path), ["saved.db"]);
  assert.deepEqual(damageOf(verifyDatabase(place.file)), []);
});

Deno.test("O7 two backups to one name at once: one is refused and disturbs nothing", async () => {
  await using place = await Place.furnished();
  {
    await using _other = await Draft.begin(`${place.file}.part`);
    await assert.rejects(saveBackup(place.data.path, place.file, PLAIN), /Another command writes to/);
    assert.deepEqual(namesIn(place.out.path), ["saved.db.part"]);
  }
  assert.deepEqual(namesIn(place.out.path), []);
});

Deno.test("O7 a backup follows no link that stands in its way, and adopts no other user's file", async () => {
  await using place = await Place.furnished();
  const victim = `${place.out.path}/victim`;
  await Deno.writeTextFile(victim, "precious");
  const key = `${place.file}.key`;
  for (const suffix of ["", "-journal"]) {
    await Deno.symlink(victim, `${place.file}.part${suffix}`);
    const saving = saveBackup(place.data.path, place.file, PLAIN);
    if (suffix === "") {
      await assert.rejects(saving, /saved\.db\.part is in the way and not this user's file/);
      await Deno.remove(`${place.file}.part`);
    } else await saving;
    assert.equal(await Deno.readTextFile(victim), "precious");
  }
  await Deno.remove(place.file);
  await Deno.symlink(victim, `${key}.part`);
  await assert.rejects(
    saveBackup(place.data.path, place.file, { ...PLAIN, withSecret: true }),
    /is in the way/,
  );
  assert.equal(await Deno.readTextFile(victim), "precious");
});

Deno.test("O7 no backup is made where everybody may replace it, unless what is another's stays there", async () => {
  await using place = await Place.furnished();
  await Deno.chmod(place.out.path, 0o777);
  await assert.rejects(saveBackup(place.data.path, place.file, PLAIN), /Everybody may replace files in/);
  await Deno.chmod(place.out.path, 0o1777);
  await saveBackup(place.data.path, place.file, PLAIN);
  assert.equal((await Deno.stat(place.file)).mode! & 0o777, 0o600);
});

Deno.test("O7 damaged data is not saved as if it were good", async () => {
  await using place = await Place.furnished();
  {
    using db = new DatabaseSync(place.data.database);
    db.exec(`DELETE FROM event WHERE stream = ${CHANNEL} AND seq = 5`);
  }
  await assert.rejects(saveBackup(place.data.path, place.file, PLAIN), (error) => {
    assert.ok(error instanceof UnusableDatabase);
    assert.match(error.message, /Nothing was saved.*\n {2}streams: stream 100: event 5 is missing/);
    return true;
  });
  assert.deepEqual(namesIn(place.out.path), []);
});

Deno.test("O7 a full disk in the middle leaves nothing", async () => {
  await using place = await Place.furnished();
  // A bound on the size of files is met where the end of a disk would be, and needs no disk of its own.
  const program = new URL("../../main.ts", import.meta.url).pathname;
  const args = ["backup", place.file, "--data", place.data.path];
  const run = ["deno", "run", "--quiet", "--no-prompt", "-A", program, ...args].join(" ");
  const { code, stderr } = await new Deno.Command("deno", {
    args: ["task", "--quiet", "--eval", `sh -c "trap '' XFSZ; ulimit -f 128; exec ${run}"`],
  }).output();
  assert.equal(code, 1);
  assert.match(new TextDecoder().decode(stderr), /^rookery: Cannot copy .* to .*saved\.db\.part: .*\n$/);
  assert.deepEqual(namesIn(place.out.path), []);
});

Deno.test("O7 a copy is made in one go while another connection commits without a pause", async () => {
  await using place = await Place.furnished();
  await using store = await place.data.open();
  await put(store, ...Array.from({ length: 300 }, () => draft(ANN, message("x".repeat(16_000)))));
  using db = new DatabaseSync(place.data.database);
  const seq = store.head(CHANNEL);
  let commits = 0;
  const onProgress = () => db.exec(`UPDATE session SET last_used_ms = last_used_ms + ${++commits}`);
  await copyDatabase(place.data.database, place.file, { onProgress });
  assert.ok(commits > 0 && commits < 10, `${commits} steps`);
  using copy = new DatabaseSync(place.file, { readOnly: true });
  assert.equal(
    copy.prepare(`SELECT max(seq) AS seq FROM event WHERE stream = ${CHANNEL}`).get()!["seq"],
    seq,
  );
});

Deno.test("O8 R5 a restored folder has the same data and another epoch", async () => {
  await using place = await Place.furnished();
  const { path } = place.data;
  await saveBackup(path, place.file, PLAIN);
  const before = await epochOf(place.data);
  await using target = new TempFolder();
  const folder = `${target.path}/new/data`;
  const restored = await restoreBackup(place.file, folder, QUIET);
  assert.equal(restored.counts.messages, 3);
  assert.deepEqual({ secret: restored.secret, aside: restored.aside }, { secret: "none", aside: undefined });
  assert.equal((await Deno.stat(folder)).mode! & 0o777, 0o700);
  assert.deepEqual(namesIn(folder), ["lock", "lock.next", "rookery.db"]);
  assert.equal((await Deno.stat(`${folder}/rookery.db`)).mode! & 0o777, 0o600);
  const again = new TempFolder();
  await Deno.remove(again.path);
  await Deno.rename(folder, again.path);
  await using opened = again;
  await using old = await place.data.open();
  await using store = await opened.open();
  assert.notEqual(store.epoch, before);
  assert.deepEqual(store.events(CHANNEL, ALL), old.events(CHANNEL, ALL));
  assert.equal(store.sessionsOf(BOB).length, 1);
});

Deno.test("O8 a folder with data is refused, and kept aside with --force", async () => {
  await using place = await Place.furnished();
  const { path } = place.data;
  await saveBackup(path, place.file, { ...PLAIN, withSecret: true });
  {
    await using store = await place.data.open();
    await put(store, draft(ANN, message("after the backup")));
  }
  await Deno.writeFile(`${path}/secret.key`, new Uint8Array(32).fill(8));
  await Deno.writeTextFile(`${path}/server.json`, "{}");
  await Deno.writeTextFile(`${path}/notes.txt`, "mine");
  const bytes = await Deno.readFile(place.data.database);
  await assert.rejects(restoreBackup(place.file, path, QUIET), /holds data: .*--force/);
  assert.deepEqual(await Deno.readFile(place.data.database), bytes);
  const { aside, secret } = await restoreBackup(place.file, path, { ...QUIET, force: true });
  assert.equal(secret, "backup");
  assert.match(aside!, /\/replaced-\d{8}-\d{6}$/);
  assert.deepEqual(namesIn(aside!), ["rookery.db", "secret.key", "server.json"]);
  assert.deepEqual(await Deno.readFile(`${aside}/rookery.db`), bytes);
  const rest = namesIn(path).filter((name) => !name.startsWith("replaced-"));
  assert.deepEqual(rest, ["lock", "lock.next", "notes.txt", "rookery.db", "secret.key"]);
  assert.deepEqual(await Deno.readFile(`${path}/secret.key`), new Uint8Array(32).fill(7));
  assert.deepEqual(damageOf(verifyDatabase(place.data.database)), []);
  // A backup without a secret leaves the folder's own.
  await Deno.remove(`${place.file}.key`);
  await Deno.writeFile(`${path}/secret.key`, new Uint8Array(32).fill(9));
  assert.equal((await restoreBackup(place.file, path, { ...QUIET, force: true })).secret, "kept");
  assert.deepEqual(await Deno.readFile(`${path}/secret.key`), new Uint8Array(32).fill(9));
  // Once more at once: the name aside is taken.
  const second = await restoreBackup(place.file, path, { ...QUIET, force: true });
  assert.notEqual(second.aside, aside);
});

Deno.test("O8 a running store, a damaged backup and a foreign file are refused, and the data stays", async () => {
  await using place = await Place.furnished();
  const { path } = place.data;
  const force = { ...QUIET, force: true };
  await saveBackup(path, place.file, PLAIN);
  {
    await using _store = await place.data.open();
    await assert.rejects(restoreBackup(place.file, path, force), FolderInUse);
  }
  const before = { names: namesIn(path), bytes: await Deno.readFile(place.data.database) };
  {
    using db = new DatabaseSync(place.file);
    db.exec(`DELETE FROM membership WHERE user = ${BOB}`);
  }
  await assert.rejects(restoreBackup(place.file, path, force), /Nothing was restored.*\n {2}memberships: /);
  await Deno.writeTextFile(place.file, "A letter to my aunt.\n".repeat(100));
  await assert.rejects(restoreBackup(place.file, path, force), UnusableDatabase);
  await assert.rejects(restoreBackup(`${place.file}x`, path, force), /There is no file/);
  await assert.rejects(restoreBackup(place.out.path, path, force), /There is no file/);
  assert.deepEqual({ names: namesIn(path), bytes: await Deno.readFile(place.data.database) }, before);
  const fresh = `${place.out.path}/fresh`;
  await assert.rejects(restoreBackup(place.file, fresh, QUIET), UnusableDatabase);
  await assert.rejects(Deno.stat(fresh), Deno.errors.NotFound);
});

Deno.test("O8 an interrupted restore leaves the data as it was", async () => {
  await using place = await Place.furnished();
  const { path } = place.data;
  await saveBackup(path, place.file, PLAIN);
  const before = { names: namesIn(path), bytes: await Deno.readFile(place.data.database) };
  for (const stage of ["Checking pages", "Copying", "Comparing tables"]) {
    const controller = new AbortController();
    const onProgress = (what: string) => what === stage && controller.abort(new Error(stage));
    const options = { ...QUIET, force: true, signal: controller.signal, onProgress };
    await assert.rejects(restoreBackup(place.file, path, options), { message: stage });
    assert.deepEqual(
      { names: namesIn(path), bytes: await Deno.readFile(place.data.database) },
      before,
      stage,
    );
  }
});

Deno.test("O8 sessions end on request, by events like any other end", async () => {
  await using place = await Place.furnished();
  const { path } = place.data;
  await saveBackup(path, place.file, PLAIN);
  await restoreBackup(place.file, path, { force: true, endSessions: true });
  assert.deepEqual(damageOf(verifyDatabase(place.data.database)), []);
  await using store = await place.data.open();
  assert.deepEqual(store.sessionsOf(BOB), []);
  const last = store.events(BOB, ALL).at(-1)!;
  assert.deepEqual(last.body, { case: "sessionEnded", value: { sessionId: 111 } });
});

Deno.test("O8 a backup of an older schema is brought up to date", async () => {
  await using folder = new TempFolder();
  for (let version = 1; version <= MIGRATIONS.length; version++) {
    const path = `${folder.path}/${version}.db`;
    const steps = MIGRATIONS.slice(0, version);
    migrate(path, steps);
    const later = [...MIGRATIONS, "CREATE TABLE later (a)"];
    renew(path, { endSessions: true, steps: later });
    using db = new DatabaseSync(path);
    assert.equal(db.prepare("PRAGMA user_version").get()!["user_version"], later.length);
    db.exec("SELECT a FROM later");
  }
  await using place = await Place.furnished();
  for (let version = 1; version < MIGRATIONS.length; version++) {
    const path = `${place.out.path}/${version}.db`;
    makeOld(path, { from: place.data.database, version });
    const data = `${place.data.path}/${version}`;
    const { schema, counts } = await restoreBackup(path, data, QUIET);
    assert.equal(counts.messages, 3);
    assert.deepEqual(schema, { before: version, after: MIGRATIONS.length });
    assert.deepEqual(damageOf(verifyDatabase(`${data}/rookery.db`)), []);
  }
});
