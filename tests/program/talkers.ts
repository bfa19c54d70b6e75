/** Clients that send all the time and remember what was acknowledged, and what the file says of it afterwards. @module */
import { deepEqual, equal } from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { register, RookeryClient } from "../../src/client/mod.ts";

/** Sends one message after the other, several at once, until it is told to stop. */
export class Talker {
  readonly client: RookeryClient;
  /** Texts by number, as the server acknowledged them. */
  readonly acknowledged = new Map<number, string>();
  readonly name: string;
  #sent = 0;
  #stopped = false;

  constructor(client: RookeryClient, name: string) {
    this.client = client;
    this.name = name;
  }

  get sent(): number {
    return this.#sent;
  }

  /** Resolves when it was stopped and everything that it sent has its answer. */
  async talk(channelId: number, onAcknowledged: () => void): Promise<void> {
    const one = async () => {
      while (!this.#stopped) {
        const text = `${this.name} ${this.#sent++}`;
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

/** People who talk in the first channel of a server that has no owner yet. */
export async function newTalkers(url: string, code: string, count: number): Promise<Talker[]> {
  const talkers: Talker[] = [];
  for (let at = 0; at < count; at++) {
    const name = `talker${at}`;
    const registrant = { name, password: "a good password", inviteCode: at === 0 ? code : "" };
    const { token } = await register(url, registrant);
    const client = new RookeryClient(url, { token, backoff: { baseMs: 20, capMs: 200 } });
    await client.live();
    talkers.push(new Talker(client, name));
  }
  return talkers;
}

/** Messages of the channel as they stand in the file, and SQLite's own opinion of it. */
function inFile(path: string, channelId: number): { messages: Map<number, string>; integrity: unknown } {
  using db = new DatabaseSync(`${path}/rookery.db`, { readOnly: true });
  const rows = db.prepare("SELECT seq, text FROM event WHERE stream = ? AND kind = 10").all(channelId);
  const messages = new Map(rows.map((row) => [row["seq"] as number, row["text"] as string]));
  return { messages, integrity: db.prepare("PRAGMA integrity_check").get()!["integrity_check"] };
}

/** Everything that was sent was acknowledged, and stands in the file once and in everybody's order. */
export function assertAllKept(path: string, channelId: number, talkers: readonly Talker[]): void {
  const { messages, integrity } = inFile(path, channelId);
  equal(integrity, "ok");
  for (const { name, acknowledged } of talkers) {
    const texts = [...acknowledged].sort(([a], [b]) => a - b).map(([, text]) => text);
    deepEqual(texts, texts.map((_, at) => `${name} ${at}`));
  }
  const acknowledged = new Map(talkers.flatMap((talker) => [...talker.acknowledged]));
  // Every send was acknowledged in the end, so file and answers agree to the last message.
  equal(acknowledged.size, talkers.reduce((sum, { sent }) => sum + sent, 0));
  deepEqual([...messages].sort(([a], [b]) => a - b), [...acknowledged].sort(([a], [b]) => a - b));
}

/** Ends them when they hold everything, each event once. */
export async function closeTalkers(talkers: readonly Talker[]): Promise<void> {
  for (const { client } of talkers) {
    await client.live();
    const { doubled, gaps } = client.stats;
    deepEqual({ doubled, gaps }, { doubled: 0, gaps: 0 });
    await client.close();
  }
}

/** The owner's code that the program has printed. */
export function codeIn(printed: string): string {
  return /#invite=(\S+)$/m.exec(printed)![1]!;
}
