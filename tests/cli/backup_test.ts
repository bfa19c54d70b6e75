/** Backup, restore and verify as an operator runs them, with clients that talk meanwhile. */
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { login, register, request, RookeryClient } from "../../src/client/mod.ts";
import { Place } from "./program.ts";

const CLIENTS = 4;
/** Messages of each client that are under way at once. */
const AT_ONCE = 4;
const PASSWORD = "a good password";

/** Clients that send without a pause, and what was acknowledged to them, by number. */
class Crowd implements AsyncDisposable {
  readonly acknowledged = new Map<number, string>();
  readonly #clients: RookeryClient[] = [];
  readonly #url: string;
  #sent = 0;
  #wake: () => void = () => {};

  constructor(url: string) {
    this.#url = url;
  }

  get clients(): readonly RookeryClient[] {
    return this.#clients;
  }

  async join(name: string, inviteCode: string): Promise<number> {
    const { token } = await register(this.#url, { name, password: PASSWORD, inviteCode });
    const client = new RookeryClient(this.#url, { token, backoff: { baseMs: 20, capMs: 200 } });
    this.#clients.push(client);
    await client.live();
    return client.replica.channels.keys().next().value!;
  }

  /** Sends until the work is done. */
  async talkDuring<T>(channelId: number, work: () => Promise<T>): Promise<T> {
    let stop = false;
    const one = async (client: RookeryClient) => {
      while (!stop) {
        const text = `message ${this.#sent++}`;
        const { seq } = await client.sendMessage(channelId, text);
        this.acknowledged.set(seq, text);
        this.#wake();
      }
    };
    const talks = this.#clients.flatMap((client) => Array.from({ length: AT_ONCE }, () => one(client)));
    try {
      return await work();
    } finally {
      stop = true;
      await Promise.all(talks);
    }
  }

  /** Resolves when this many more have been acknowledged. */
  async more(count: number): Promise<void> {
    const enough = this.acknowledged.size + count;
    while (this.acknowledged.size < enough) await new Promise<void>((resolve) => this.#wake = resolve);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients) await client.close();
  }
}

function messagesIn(path: string, channelId: number): Map<number, string> {
  using db = new DatabaseSync(path, { readOnly: true });
  const rows = db.prepare("SELECT seq, text FROM event WHERE stream = ? AND kind = 10").all(channelId);
  return new Map(rows.map((row) => [row["seq"] as number, row["text"] as string]));
}

async function crowdAt(url: string, ownerText: string): Promise<{ crowd: Crowd; channelId: number }> {
  const crowd = new Crowd(url);
  const code = /#invite=([\w-]+)/.exec(ownerText)![1]!;
  const channelId = await crowd.join("talker0", code);
  for (let at = 1; at < CLIENTS; at++) await crowd.join(`talker${at}`, "");
  return { crowd, channelId };
}

Deno.test("O7 O8 R5 a backup under load has all that was acknowledged before; restored, clients load anew", async () => {
  await using place = new Place();
  const file = `${place.folder}/saved.db`;
  const serving = await place.serve(["--registration", "open"]);
  const [ownerText] = await serving.program.output(/#invite=[\w-]+[\s\S]*In a terminal/);
  const { crowd, channelId } = await crowdAt(serving.url, ownerText);
  await using _crowd = crowd;
  const { known, saved, verified } = await crowd.talkDuring(channelId, async () => {
    await crowd.more(200);
    const known = new Map(crowd.acknowledged);
    const saved = await place.ok(["backup", file]);
    await crowd.more(50);
    const verified = await place.ok(["verify"]);
    return { known, saved, verified };
  });
  assert.match(saved, /^Saved and verified [\d,]+ messages, 4 users, [\d.]+ KB in \d+\.\d s: .*saved\.db\n$/);
  assert.match(verified, /^streams +ok /m);
  assert.ok(!verified.includes("DAMAGED"), verified);

  const inBackup = messagesIn(file, channelId);
  for (const [seq, text] of known) assert.equal(inBackup.get(seq), text);
  for (const [seq, text] of inBackup) assert.equal(crowd.acknowledged.get(seq), text);
  assert.ok(crowd.acknowledged.size > inBackup.size, "messages were sent after the backup");
  assert.equal(Number(/([\d,]+) messages/.exec(saved)![1]!.replaceAll(",", "")), inBackup.size);

  const refused = await place.run(["restore", file, "--force"]);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /is in use: stop the other Rookery first/);
  assert.equal((await serving.program.stop()).code, 0);
  assert.equal((await place.run(["restore", file])).code, 1);
  const restored = await place.ok(["restore", file, "--force"]);
  assert.match(
    restored,
    new RegExp(`^Restored ${inBackup.size.toLocaleString("en-US")} messages, 4 users and 1 ch`),
  );
  assert.match(restored, /^What was there before is kept in .*\/replaced-/m);
  await place.ok(["verify"]);

  const reloads = crowd.clients.map((client) => client.stats.reloads);
  const { port } = new URL(serving.url);
  const again = place.start(["serve", "--port", port, "--registration", "open"]);
  await again.output(/listening on/);
  for (const [index, client] of crowd.clients.entries()) {
    await client.live();
    assert.ok(client.stats.reloads > reloads[index]!, "the client was told to load anew");
    const { headSeq, messages } = client.replica.channels.get(channelId)!;
    assert.equal(headSeq, headIn(file, channelId));
    assert.deepEqual(messages.filter(({ seq }) => !inBackup.has(seq)), []);
  }
  // The restored server goes on behind the backup, and everybody sees the same.
  crowd.acknowledged.clear();
  await crowd.talkDuring(channelId, () => crowd.more(50));
  for (const { stats: { doubled, gaps } } of crowd.clients) {
    assert.deepEqual({ doubled, gaps }, { doubled: 0, gaps: 0 });
  }
  await place.ok(["verify"]);
  assert.equal((await again.stop()).code, 0);
  const inFile = messagesIn(`${place.data}/rookery.db`, channelId);
  assert.deepEqual(inFile, new Map([...inBackup, ...[...crowd.acknowledged].sort(([a], [b]) => a - b)]));
});

function headIn(path: string, channelId: number): unknown {
  using db = new DatabaseSync(path, { readOnly: true });
  return db.prepare("SELECT max(seq) AS seq FROM event WHERE stream = ?").get(channelId)!["seq"];
}

Deno.test("O8 sessions outlive a restore unless they are ended, and invite links need the secret", async () => {
  await using place = new Place();
  const file = `${place.folder}/saved.db`;
  await place.ok(["user", "add", "ada", "--role", "owner", "--password-stdin"], { stdin: PASSWORD });
  const link = (await place.ok(["invite", "create", "--uses", "9"])).trim();
  let server = await place.serve();
  const { token } = await login(server.url, { name: "ada", password: PASSWORD });
  await place.ok(["backup", file, "--with-secret"]);
  await server.program.stop();

  const links = async () => await place.ok(["invite", "list"]);
  const code = link.slice(link.indexOf("#"));
  const withSecret = await place.ok(["restore", file, "--force"]);
  assert.match(withSecret, /secret\.key is the backup's/);
  assert.match(withSecret, /Sessions are those of the backup/);
  assert.ok((await links()).includes(code));
  server = await place.serve();
  await request(server.url, ["listSessions", {}], { token });
  await server.program.stop();

  await Deno.remove(`${file}.key`);
  const kept = await place.ok(["restore", file, "--force"]);
  assert.match(kept, /secret\.key is the folder's own/);
  assert.ok((await links()).includes(code));
  await Deno.remove(`${place.data}/secret.key`);
  const without = await place.ok(["restore", file, "--force", "--end-sessions"]);
  assert.match(without, /secret\.key is made anew/);
  assert.match(without, /All sessions are ended/);
  assert.ok(!(await links()).includes(code));
  server = await place.serve();
  await assert.rejects(request(server.url, ["listSessions", {}], { token }), { code: "unauthenticated" });
  await login(server.url, { name: "ada", password: PASSWORD });
});

Deno.test("O9 verify tells damage on standard error and by its exit code, of folders and of backups", async () => {
  await using place = new Place();
  const file = `${place.folder}/saved.db`;
  await place.ok(["user", "add", "ada", "--role", "owner", "--password-stdin"], { stdin: PASSWORD });
  await place.ok(["backup", file]);
  assert.match(await place.ok(["verify", file]), /^CHECK +STATE +FOUND\npages +ok /);
  for (const path of [file, `${place.data}/rookery.db`]) {
    using db = new DatabaseSync(path);
    db.exec("DELETE FROM membership");
  }
  for (const args of [["verify", file], ["verify"]]) {
    const { code, stdout, stderr } = await place.run(args);
    assert.equal(code, 1);
    assert.match(stdout, /^memberships +DAMAGED +0$/m);
    assert.match(stderr, /^memberships: user \d+ in channel \d+ is in the log and not in its table\n$/);
  }
  const none = await place.run(["verify", "--data", `${place.folder}/none`]);
  assert.deepEqual([none.code, /There is no database in/.test(none.stderr)], [1, true]);
});

Deno.test("O7 a backup that is killed leaves no file under the backup's name, and the next one works", async () => {
  await using place = new Place();
  const out = `${place.folder}/out`;
  await Deno.mkdir(out);
  await place.ok(["user", "add", "ada", "--role", "owner", "--password-stdin"], { stdin: PASSWORD });
  fill(`${place.data}/rookery.db`);
  for (const signal of ["SIGINT", "SIGKILL"] as const) {
    const watcher = Deno.watchFs(out);
    const program = place.start(["backup", out]);
    for await (const _ of watcher) break;
    const { code } = await program.stop(signal);
    const names = [...Deno.readDirSync(out)].map(({ name }) => name).filter((name) =>
      !name.includes(".part")
    );
    // A machine that was faster than the signal has a whole backup.
    if (code === 0) continue;
    assert.deepEqual(names, []);
    if (signal === "SIGINT") {
      assert.equal(code, 130);
      assert.deepEqual([...Deno.readDirSync(out)], []);
    }
  }
  await place.ok(["backup", `${out}/whole.db`]);
  await place.ok(["backup", out]);
  const names = [...Deno.readDirSync(out)].map(({ name }) => name);
  assert.ok(!names.some((name) => name.includes(".part")), names.join());
  for (const name of names) await place.ok(["verify", `${out}/${name}`]);
});

/** Adds messages enough that a copy takes a while. */
function fill(path: string): void {
  using db = new DatabaseSync(path);
  db.exec(`
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000),
      head AS (SELECT max(seq) AS seq, stream FROM event WHERE stream = (SELECT id FROM channel)),
      latest AS (SELECT max(time_ms) AS ms FROM event)
    INSERT INTO event (stream, seq, time_ms, actor, kind, target, text)
    SELECT head.stream, head.seq + i, latest.ms, 0, 10, 0, hex(randomblob(400)) FROM n, head, latest`);
}
