/** SIGKILL in the middle of traffic: nothing acknowledged is lost, nothing is stored twice. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { register, RookeryClient } from "../../src/client/mod.ts";
import { Program, temporaryFolder } from "./program.ts";

const CLIENTS = 4;
const KILLS = 3;
/** Messages that are acknowledged between two kills, over all clients. */
const ACKNOWLEDGED = 60;

/** Sends one message after the other, several at once, until it is told to stop. */
class Talker {
  readonly client: RookeryClient;
  /** Texts by number, as the server acknowledged them. */
  readonly acknowledged = new Map<number, string>();
  readonly #name: string;
  #sent = 0;
  #stopped = false;

  constructor(client: RookeryClient, name: string) {
    this.client = client;
    this.#name = name;
  }

  get sent(): number {
    return this.#sent;
  }

  /** Resolves when it was stopped and everything that it sent has its answer. */
  async talk(channelId: number, onAcknowledged: () => void): Promise<void> {
    const one = async () => {
      while (!this.#stopped) {
        const text = `${this.#name} ${this.#sent++}`;
        const { seq } = await this.client.sendMessage(channelId, text);
        this.acknowledged.set(seq, text);
        onAcknowledged();
      }
    };
    await Promise.all(Array.from({ length: 8 }, one));
  }

  stop(): void {
    this.#stopped = true;
  }
}

function start(path: string, port = "0"): Program {
  return new Program(["--port", port, "--data", path, "--registration", "open", "--bcrypt-cost", "4"]);
}

async function newTalker(url: string, name: string, inviteCode: string): Promise<Talker> {
  const { token } = await register(url, { name, password: "a good password", inviteCode });
  const client = new RookeryClient(url, { token, backoff: { baseMs: 20, capMs: 200 } });
  await client.live();
  return new Talker(client, name);
}

/** Messages of the channel as they stand in the file, and SQLite's own opinion of it. */
function inFile(path: string, channelId: number): { messages: Map<number, string>; integrity: unknown } {
  using db = new DatabaseSync(`${path}/rookery.db`, { readOnly: true });
  const rows = db.prepare("SELECT seq, text FROM event WHERE stream = ? AND kind = 10").all(channelId);
  const messages = new Map(rows.map((row) => [row["seq"] as number, row["text"] as string]));
  return { messages, integrity: db.prepare("PRAGMA integrity_check").get()!["integrity_check"] };
}

Deno.test("killed in the middle of traffic and started again: all that was acknowledged is there, once", async () => {
  await using folder = await temporaryFolder();
  let program = start(folder.path);
  try {
    const url = await program.address();
    const { port } = new URL(url);
    const code = /#invite=(\S+)$/m.exec(await program.prints("In a terminal:"))![1]!;
    const talkers = [await newTalker(url, "talker0", code)];
    for (let at = 1; at < CLIENTS; at++) talkers.push(await newTalker(url, `talker${at}`, ""));
    const [channelId] = talkers[0]!.client.replica.channels.keys();
    let count = 0;
    let wake = () => {};
    const talks = talkers.map((talker) =>
      talker.talk(channelId!, () => {
        if (++count % ACKNOWLEDGED === 0) wake();
      })
    );
    for (let kill = 0; kill < KILLS; kill++) {
      await new Promise<void>((resolve) => wake = resolve);
      program.kill();
      await program.end();
      program = start(folder.path, port);
      await program.address();
    }
    for (const talker of talkers) talker.stop();
    await Promise.all(talks);
    for (const { client } of talkers) {
      await client.live();
      const { doubled, gaps } = client.stats;
      deepEqual({ doubled, gaps }, { doubled: 0, gaps: 0 });
      await client.close();
    }
    program.signal("SIGTERM");
    equal((await program.end()).code, 0);

    const { messages, integrity } = inFile(folder.path, channelId!);
    equal(integrity, "ok");
    const acknowledged = new Map(talkers.flatMap((talker) => [...talker.acknowledged]));
    ok(acknowledged.size >= KILLS * ACKNOWLEDGED);
    // Every send was acknowledged in the end, so file and answers agree to the last message.
    equal(acknowledged.size, talkers.reduce((sum, { sent }) => sum + sent, 0));
    deepEqual([...messages].sort(([a], [b]) => a - b), [...acknowledged].sort(([a], [b]) => a - b));
  } finally {
    await program[Symbol.asyncDispose]();
  }
});
