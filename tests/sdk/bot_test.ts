import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import type { RookeryClient } from "../../src/client/mod.ts";
import { Rig } from "../server/rig.ts";

const BOT = new URL("../../examples/dice_bot.ts", import.meta.url).pathname;
const ROLLS = 12;
/** Longer than it should take, on a busy machine, too. */
const PATIENCE_MS = 60_000;

/** The bot as its users start it. */
function startBot(
  url: string,
  { name, password }: { name: string; password: string },
  { stderr = "inherit", deviceFile }: { stderr?: "inherit" | "piped"; deviceFile?: string } = {},
): Deno.ChildProcess {
  const files = deviceFile ? [`--allow-read=${deviceFile}`, `--allow-write=${deviceFile}`] : [];
  const rights = ["--allow-net", "--allow-env=BOT_PASSWORD", ...files];
  const args = [BOT, url, name, ...(deviceFile ? [deviceFile] : [])];
  return new Deno.Command("deno", {
    args: ["run", "--quiet", "--no-prompt", ...rights, ...args],
    env: { BOT_PASSWORD: password },
    stdin: "null",
    stdout: "null",
    stderr,
  }).spawn();
}

Deno.test("the example's bot answers every roll once, though it and the server are killed and started again", async () => {
  await using rig = await Rig.start();
  const [olga, dice] = [await rig.owner(), await rig.person("dice")];
  const client = await rig.live(olga);
  await using _client = client;
  const { id } = await client.createChannel("games");
  const answers = new Map<number, number>();
  const joined = new Set<number>();
  client.on("event", ({ body }) => {
    if (body.case === "memberJoined") joined.add(body.value.userId);
    if (body.case !== "messageSent" || body.value.replyTo === 0) return;
    answers.set(body.value.replyTo, (answers.get(body.value.replyTo) ?? 0) + 1);
  });

  const bots: Deno.ChildProcess[] = [];
  const folder = await Deno.makeTempDir({ prefix: "rookery-bot-" });
  const deviceFile = `${folder}/dice.device`;
  try {
    bots.push(startBot(rig.url, dice, { deviceFile }));
    await until(() => joined.has(dice.user.id), client);
    const rolls: number[] = [];
    const roll = async () => rolls.push((await client.sendMessage(id, "!roll 2d6")).seq);
    for (let i = 0; i < ROLLS / 2; i++) await roll();
    await until(() => answers.size >= 2, client);
    // Wherever it stands now: perhaps behind an answer and before the read marker.
    bots[0]!.kill("SIGKILL");
    for (let i = ROLLS / 2; i < ROLLS; i++) await roll();
    await rig.restart();
    const first = await Deno.readTextFile(deviceFile);
    bots.push(startBot(rig.url, dice, { deviceFile }));
    await until(() => answers.size === ROLLS, client);
    assert.equal(deviceOf(await Deno.readTextFile(deviceFile)), deviceOf(first), "it is the same device");
    assert.equal((await Deno.stat(deviceFile)).mode! & 0o777, 0o600);
    const { messages } = await client.history(id, { limit: 100 });
    const replies = messages.filter(({ authorId }) => authorId === dice.user.id);
    assert.deepEqual(replies.map(({ replyTo }) => replyTo).sort((a, b) => a - b), rolls);
    for (const { text } of replies) assert.match(text, /^[1-6] \+ [1-6] = \*\*\d+\*\*$/);
    bots[1]!.kill("SIGINT");
    assert.equal((await bots[1]!.status).code, 0, "Ctrl+C ends it");
  } finally {
    for (const bot of bots) await end(bot);
    await Deno.remove(folder, { recursive: true });
  }
});

/** The part of a device's credential that names the device. */
function deviceOf(credential: string): string {
  return Buffer.from(credential, "base64url").toString("hex", 0, 8);
}

Deno.test("the example's bot waits for a server that is not there yet, and says so; a wrong password ends it", async () => {
  await using rig = await Rig.start();
  const [olga, dice] = [await rig.owner(), await rig.person("dice")];
  const { url } = rig;
  const { port } = rig.app;
  const refused = startBot(url, { ...dice, password: "not the password" }, { stderr: "piped" });
  const { code, stderr } = await refused.output();
  assert.equal(code, 1);
  assert.equal(new TextDecoder().decode(stderr), "Name or password is wrong\n");
  await rig.stop();
  const bot = startBot(url, dice, { stderr: "piped" });
  try {
    await saysOnStderr(bot, /^No answer from .*: trying again in \d+ s\n/);
    await rig.resume(port);
    await using client = await rig.live(olga);
    const { id } = await client.createChannel("games");
    await client.addMember(id, dice.user.id);
    let answers = 0;
    client.on("event", ({ body }) => {
      if (body.case === "messageSent" && body.value.replyTo > 0) answers++;
    });
    await client.sendMessage(id, "!roll 1d6");
    await until(() => answers === 1, client);
  } finally {
    await end(bot);
  }
});

/** Waits until the bot has said this, and lets go of what it says then. */
async function saysOnStderr(bot: Deno.ChildProcess, wanted: RegExp): Promise<void> {
  let said = "";
  for await (const piece of bot.stderr.pipeThrough(new TextDecoderStream())) {
    said += piece;
    if (wanted.test(said)) return;
  }
  assert.fail(`The bot has ended, and said: ${said}`);
}

async function end(bot: Deno.ChildProcess): Promise<void> {
  try {
    bot.kill("SIGKILL");
  } catch {
    // It has ended.
  }
  await bot.status;
}

/** Looks again after everything that the client hears. */
async function until(done: () => boolean, client: RookeryClient): Promise<void> {
  const late = AbortSignal.timeout(PATIENCE_MS);
  while (!done()) {
    await new Promise<void>((resolve, reject) => {
      const offs = (["event", "state"] as const).map((type) => client.on(type, () => settle(resolve)));
      const tooLate = () => settle(() => reject(new Error(`Not so after ${PATIENCE_MS} ms: ${done}`)));
      const settle = (then: () => void) => {
        for (const off of offs) off();
        late.removeEventListener("abort", tooLate);
        then();
      };
      late.addEventListener("abort", tooLate);
    });
  }
}
