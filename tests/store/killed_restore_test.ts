/** A restore that is killed, over the data of a server that was killed, too. */
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { restoreBackup, saveBackup } from "../../src/store/mod.ts";
import { ANN, CHANNEL, draft, message, put } from "./drafts.ts";
import { furnish } from "./furnished.ts";
import { TempFolder } from "./temp_store.ts";

const PROGRAM = new URL("./killed_restore_program.ts", import.meta.url).pathname;
const OWN = ["rookery.db", "rookery.db-wal", "secret.key", "server.json"];
/** From this step on the data is the backup's. */
const COMMIT = "rename rookery.db.restored rookery.db";
const LATE = "committed after the backup";

/** What a server that was killed has left: its newest commit is in the log alone. */
async function crashed(place: TempFolder): Promise<{ backup: string; left: string }> {
  const [backup, left] = [`${place.path}/saved.db`, `${place.path}/left`];
  await Deno.mkdir(left);
  await using data = new TempFolder();
  await using store = await data.open();
  await furnish(store);
  await Deno.writeFile(`${data.path}/secret.key`, new Uint8Array(32).fill(7));
  await saveBackup(data.path, backup, { force: false, withSecret: true });
  await put(store, draft(ANN, message(LATE)));
  await Deno.writeFile(`${data.path}/secret.key`, new Uint8Array(32).fill(8));
  await Deno.writeTextFile(`${data.path}/server.json`, "{}");
  for (const name of OWN) await Deno.copyFile(`${data.path}/${name}`, `${left}/${name}`);
  return { backup, left };
}

function whatIsIn(folder: string): { late: boolean; sound: boolean } {
  using db = new DatabaseSync(`${folder}/rookery.db`);
  const late = db.prepare("SELECT count(*) AS n FROM event WHERE stream = ? AND text = ?").get(
    CHANNEL,
    LATE,
  )!;
  const { integrity_check } = db.prepare("PRAGMA integrity_check").get()!;
  return { late: late["n"] === 1, sound: integrity_check === "ok" };
}

Deno.test("O8 a restore that is killed at any step leaves the old data whole, or the new", async () => {
  await using place = new TempFolder();
  const { backup, left } = await crashed(place);
  const folder = `${place.path}/data`;
  const seen: string[] = [];
  for (let fatal = 1;; fatal++) {
    await Deno.mkdir(folder);
    for (const name of OWN) await Deno.copyFile(`${left}/${name}`, `${folder}/${name}`);
    const { code, stdout, stderr } = await new Deno.Command("deno", {
      args: ["run", "--quiet", "--no-prompt", "-A", PROGRAM, backup, folder, String(fatal)],
    }).output();
    const step = new TextDecoder().decode(stdout).replaceAll(`${folder}/`, "");
    const aside = [...Deno.readDirSync(folder)].find(({ name }) => name.startsWith("replaced-"))?.name;
    const { late, sound } = whatIsIn(folder);
    const secret = (await Deno.readFile(`${folder}/secret.key`))[0];
    assert.ok(sound, step);
    if (code === 0) {
      assert.deepEqual({ late, secret }, { late: false, secret: 7 });
      assert.deepEqual(whatIsIn(`${folder}/${aside}`), { late: true, sound: true });
      break;
    }
    assert.notEqual(step, "", new TextDecoder().decode(stderr));
    const replaced = seen.includes(COMMIT);
    seen.push(step);
    assert.equal(late, !replaced, `before ${step}`);
    if (!replaced) assert.equal(secret, 8, `before ${step}`);
    else assert.deepEqual(whatIsIn(`${folder}/${aside}`), { late: true, sound: true });
    await Deno.remove(folder, { recursive: true });
  }
  assert.ok(seen.includes(COMMIT), seen.join("\n"));
});

Deno.test("O8 data that nobody can read any more is kept aside with its log, and no obstacle", async () => {
  await using place = new TempFolder();
  const { backup, left } = await crashed(place);
  const files = ["rookery.db", "rookery.db-wal"];
  const letter = "A letter to my aunt.\n".repeat(1_000);
  for (const name of files) await Deno.writeTextFile(`${left}/${name}`, letter);
  const { aside } = await restoreBackup(backup, left, { force: true, endSessions: false });
  assert.deepEqual(whatIsIn(left), { late: false, sound: true });
  for (const name of files) assert.equal(await Deno.readTextFile(`${aside}/${name}`), letter, name);
});

Deno.test("O8 data that another command reads is not replaced under it", async () => {
  await using place = new TempFolder();
  const { backup, left } = await crashed(place);
  {
    using reader = new DatabaseSync(`${left}/rookery.db`, { readOnly: true });
    reader.exec("BEGIN; SELECT count(*) FROM event");
    const restoring = restoreBackup(backup, left, { force: true, endSessions: false });
    await assert.rejects(restoring, /Another command reads the data/);
  }
  assert.deepEqual(whatIsIn(left), { late: true, sound: true });
});
