/**
 * A4 The time of an answer tells nobody who has an account. All kinds of attempts are made in one random order,
 * so that whatever else the machine does strikes them alike; a difference counts when it shows three times.
 */
import { deepEqual, equal, ok } from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { Rig } from "../server/rig.ts";
import { compare, type Comparison, median, mulberry32 } from "./statistics.ts";

/** About 4 ms of bcrypt: several times what the rest of an answer takes. */
const COST = 6;
const SAMPLES = 60;
const ROUNDS = 3;
/** Attempts at one account are few before it is slowed down. */
const ACCOUNTS = 40;
const WARM_UP = 30;
const RIGHT = "the right password";
const WRONG = "not the right one";
const UNUSABLE = "x".repeat(73);

/** Names and passwords of one kind of attempt. */
type Attempts = (at: number) => readonly [name: string, password: string];

const WITH_PASSWORD = {
  "a wrong password": (at) => [`known-${at % ACCOUNTS}`, WRONG],
  "a name that nobody has": (at) => [`nobody-${at}`, WRONG],
  "an account that is locked out": (at) => [`locked-${at % ACCOUNTS}`, WRONG],
  "an account that is locked out, its right password": (at) => [`locked-${(at + 1) % ACCOUNTS}`, RIGHT],
  "an account without a password": (at) => [`bare-${at % ACCOUNTS}`, WRONG],
  "a password too long, of an account": (at) => [`known-${(at + 7) % ACCOUNTS}`, UNUSABLE],
  "a password too long, of nobody": (at) => [`nobody-else-${at}`, UNUSABLE],
} satisfies Record<string, Attempts>;

const THROTTLED = {
  "an account that is slowed down": () => ["busy", WRONG],
  "nobody, slowed down": () => ["busy-nobody", WRONG],
} satisfies Record<string, Attempts>;

class Door {
  readonly #url: string;
  #visitors = 0;

  constructor(rig: Rig) {
    this.#url = `${rig.url}/api/v1/Login`;
  }

  /** Milliseconds until the answer, and its status. Everybody comes from an address of their own. */
  async try([name, password]: readonly [string, string]): Promise<{ ms: number; status: number }> {
    const visitor = ++this.#visitors;
    const init = {
      method: "POST",
      body: JSON.stringify({ name, password }),
      headers: {
        "content-type": "application/json",
        "x-forwarded-for": `198.51.${(visitor >> 8) & 255}.${visitor & 255}`,
      },
    };
    const beforeMs = performance.now();
    const response = await fetch(this.#url, init);
    await response.arrayBuffer();
    return { ms: performance.now() - beforeMs, status: response.status };
  }
}

async function scene(): Promise<Rig> {
  const rig = await Rig.start({
    limits: { commandsPerSecond: 1_000_000, commandBurst: 1_000_000 },
    settings: { bcryptCost: COST, trustedProxies: ["127.0.0.1"] },
  });
  const people = [];
  for (let at = 0; at < ACCOUNTS; at++) {
    for (const kind of ["known", "locked", "bare"]) people.push(`${kind}-${at}`);
  }
  const { token } = await rig.owner();
  const ask = async (command: string, body: unknown) => {
    const response = await fetch(`${rig.url}/api/v1/${command}`, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    });
    const answer = await response.json();
    equal(response.status, 200, JSON.stringify(answer));
    return answer;
  };
  for (const name of [...people, "busy"]) {
    const { id } = await ask("AddUser", { name, password: RIGHT });
    if (name.startsWith("locked")) await ask("SetUserDisabled", { userId: id, disabled: true });
  }
  // No command makes an account without a password; a database may hold one all the same.
  await rig.stop();
  const db = new DatabaseSync(`${rig.folder}/rookery.db`);
  db.exec("DELETE FROM credential WHERE user IN (SELECT id FROM user WHERE name LIKE 'bare-%')");
  db.close();
  await rig.resume();
  return rig;
}

/** Times of each kind of attempt, made in one random order. */
async function measure(
  door: Door,
  kinds: Readonly<Record<string, Attempts>>,
  { round, status }: { round: number; status: number },
): Promise<Map<string, number[]>> {
  const random = mulberry32(round + 1);
  const order = Object.keys(kinds).flatMap((kind) =>
    Array.from({ length: SAMPLES }, (_, at) => ({ kind, at: round * SAMPLES + at, rank: random() }))
  ).sort((a, b) => a.rank - b.rank);
  const times = new Map<string, number[]>(Object.keys(kinds).map((kind) => [kind, []]));
  for (const { kind, at } of order) {
    const { ms, status: found } = await door.try(kinds[kind]!(at));
    equal(found, status, kind);
    times.get(kind)!.push(ms);
  }
  return times;
}

/** Fails when one kind can be told from the first three times in a row. */
async function alike(
  door: Door,
  kinds: Readonly<Record<string, Attempts>>,
  status: number,
): Promise<void> {
  const [first, ...others] = Object.keys(kinds);
  let suspects = others;
  let seen: string[] = [];
  for (let round = 0; round < ROUNDS && suspects.length > 0; round++) {
    const times = await measure(door, kinds, { round, status });
    const found = new Map<string, Comparison>(
      suspects.map((kind) => [kind, compare(times.get(first!)!, times.get(kind)!, round + 1)]),
    );
    suspects = suspects.filter((kind) => found.get(kind)!.distinguishable);
    seen = suspects.map((kind) => {
      const { effect, p } = found.get(kind)!;
      const [one, other] = [median(times.get(first!)!), median(times.get(kind)!)].map((ms) => ms.toFixed(2));
      return `${kind}: ${other} ms instead of ${one}, ${Math.round(effect * 100)} %, p = ${p.toFixed(4)}`;
    });
  }
  deepEqual(seen, []);
}

Deno.test("A4 an unknown name takes as long as a wrong password, and so does every account that lets nobody in", async () => {
  await using rig = await scene();
  const door = new Door(rig);
  for (let at = 0; at < WARM_UP; at++) await door.try([`warm-up-${at}`, WRONG]);
  await alike(door, WITH_PASSWORD, 401);
});

Deno.test("A5 a name that is slowed down is answered alike, whether somebody has it or not", async () => {
  await using rig = await scene();
  const door = new Door(rig);
  for (const name of ["busy", "busy-nobody"]) {
    while ((await door.try([name, WRONG])).status !== 429);
  }
  await alike(door, THROTTLED, 429);
});

Deno.test("the comparison finds what differs by a fifth, and nothing else", () => {
  const random = mulberry32(7);
  // Times as they are: a floor, noise above it, and now and then a stall.
  const times = (floorMs: number) =>
    Array.from({ length: SAMPLES }, () => floorMs + random() + (random() < 0.1 ? 30 * random() : 0));
  let [same, other] = [0, 0];
  for (let seed = 0; seed < 20; seed++) {
    if (compare(times(5), times(5), seed).distinguishable) same++;
    if (compare(times(5), times(6.5), seed).distinguishable) other++;
    ok(compare(times(5), times(1), seed).distinguishable, `seed ${seed}`);
  }
  equal(same, 0);
  equal(other, 20);
});
