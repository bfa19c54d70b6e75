/** Single bits flip, as disks and memory do it: what verify finds, and what it cannot. */
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { UnusableDatabase } from "../../src/store/mod.ts";
import { damageOf, verifyDatabase } from "../../src/store/verify/verify.ts";
import { Dice } from "../chat/simulation/dice.ts";
import { furnish } from "./furnished.ts";
import { TempFolder } from "./temp_store.ts";

const FLIPS = 600;
/** What stands in one place only, so that nothing can contradict it. */
const SINGLE = new Set([
  ...[
    "event.text",
    "event.extra",
    "event.target",
    "event.time_ms",
    "event.edited_ms",
    "meta.epoch",
    "meta.one",
    "meta.max_id",
  ],
  ...["credential.hash", "session.token_hash", "session.last_used_ms", "reaction.since_seq"],
  ...["invite.role", "invite.uses_left", "invite.expires_ms", "invite.creator", "invite.channel_ids"],
]);

/** Every value by its place. */
function dump(path: string): Map<string, unknown> {
  using db = new DatabaseSync(path, { readOnly: true });
  const values = new Map<string, unknown>();
  for (const { name } of db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all()) {
    for (const [at, row] of db.prepare(`SELECT * FROM ${name}`).all().entries()) {
      for (const [column, value] of Object.entries(row)) values.set(`${name}.${column} ${at}`, value);
    }
  }
  return values;
}

function isDamaged(path: string): boolean {
  try {
    return damageOf(verifyDatabase(path)).length > 0;
  } catch (error) {
    // So damaged that it does not even look like a database of ours.
    assert.ok(error instanceof UnusableDatabase, String(error));
    return true;
  }
}

Deno.test("O9 a flipped bit is found, unless it changes nothing or a value that stands in one place only", async () => {
  await using folder = new TempFolder();
  {
    await using store = await folder.open();
    await furnish(store);
  }
  const whole = await Deno.readFile(folder.database);
  const before = dump(folder.database);
  const used = [...whole.keys()].filter((at) => whole[at] !== 0);
  const dice = new Dice(1);
  const path = `${folder.path}/flipped.db`;
  let found = 0;
  for (let flip = 0; flip < FLIPS; flip++) {
    const bytes = whole.slice();
    const at = dice.pick(used)!;
    bytes[at]! ^= 1 << dice.below(8);
    await Deno.writeFile(path, bytes);
    if (isDamaged(path)) {
      found++;
      continue;
    }
    const after = dump(path);
    for (const place of new Set([...before.keys(), ...after.keys()])) {
      if (after.get(place) === before.get(place)) continue;
      const [column] = place.split(" ");
      assert.ok(SINGLE.has(column!), `byte ${at}: ${place} is ${after.get(place)}, and nobody tells`);
    }
  }
  assert.ok(found > FLIPS / 3, `${found} of ${FLIPS} were found`);
});
