/** Every sample of the guides runs as it stands there, but for addresses, names, passwords and numbers. */
import assert from "node:assert/strict";
import { login, type RookeryClient } from "../../src/client/mod.ts";
import { Rig } from "../server/rig.ts";
import { onNode } from "./nodes.ts";
import { Project, says, world } from "./project.ts";

type Start = (project: Project, program: string, args: readonly string[]) => Deno.ChildProcess;

function guide(name: string): string {
  return Deno.readTextFileSync(new URL(`../../${name}`, import.meta.url));
}

/** The only sample of this language in the SDK's guide that has these words. */
function sample(language: string, words: string): string {
  const all = guide("docs/sdk.md").matchAll(new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``, "g"));
  const [found, ...others] = [...all].map(([, text]) => text!).filter((text) => text.includes(words));
  assert(found && others.length === 0, words);
  return found;
}

/** Replaces what is the reader's; each of these must be there. */
function filled(text: string, values: Readonly<Record<string, string>>): string {
  for (const [written, value] of Object.entries(values)) {
    assert(text.includes(written), written);
    text = text.replaceAll(written, value);
  }
  return text;
}

/** Registers a test under Deno and under each Node. */
function everywhere(name: string, work: (start: Start) => Promise<void>): void {
  onNode(name, (node) => work((project, ...program) => project.startTyped(node, ...program)));
  Deno.test(`${name} under Deno`, () => work((project, ...program) => project.startOnDeno(...program)));
}

async function firstProgram(start: Start): Promise<void> {
  await using project = await Project.make();
  const { rig, name, password } = await world();
  await using _ = rig;
  assert((await project.read("README.md")).includes(sample("ts", "import { login")));
  const values = { "https://chat.example": rig.url, '"ada"': `"${name}"`, '"…"': `"${password}"` };
  await says(start(project, filled(sample("ts", "import { login"), values), []));
  const { token } = await login(rig.url, { name, password });
  await using nora = await rig.reader(token);
  const [channelId] = nora.replica.channels.keys();
  const { messages } = await nora.history(channelId!);
  assert.deepEqual(messages.map(({ text }) => text), ["Hello"]);
}

// It is JavaScript, too, and needs no Node that leaves types out.
onNode(
  "the guide's first program runs",
  (node) => firstProgram((project, ...program) => project.start(node, ...program)),
);
Deno.test("the guide's first program runs under Deno", () =>
  firstProgram((project, ...program) => project.startOnDeno(...program)));

/** What the sample leaves to its reader: it prints, and ends when it has dealt with "stop". */
const READERS_PART = `
import process from "node:process";
import { type Event, RookeryClient } from "rookery-client";
const [base, token, point] = process.argv.slice(2);
const saved = point ? JSON.parse(point) : undefined;
let stopping = false;
async function write(point: unknown): Promise<void> {
  console.log("point " + JSON.stringify(point));
  if (stopping) process.exit(0);
}
async function answer({ body }: Event): Promise<void> {
  if (body.case !== "messageSent") return;
  console.log("message " + body.value.text);
  stopping = body.value.text === "stop";
}
async function count(stream: number, seq: number): Promise<void> {
  console.log("reaction " + (stream > 0 && seq > 0));
}
`;

everywhere("the guide's program with a resume point misses nothing", async (start) => {
  await using project = await Project.make();
  await using rig = await Rig.start();
  await using olga = await rig.live(await rig.owner());
  const bot = await rig.person("nora");
  const channelId = [...olga.replica.channels.keys()][0]!;
  const text = READERS_PART + sample("ts", "for await (const event of events)");
  const run = async (point: string, act: (client: RookeryClient) => Promise<unknown>) => {
    const child = start(project, text, [rig.url, bot.token, point]);
    const stderr = new Response(child.stderr).text();
    let said = "";
    let acted = false;
    for await (const piece of child.stdout.pipeThrough(new TextDecoderStream())) {
      said += piece;
      if (!acted && said.includes("point ")) {
        acted = true;
        await act(olga);
      }
    }
    assert.equal(await stderr, "");
    assert.equal((await child.status).code, 0);
    const lines = said.trim().split("\n");
    return {
      point: lines.findLast((line) => line.startsWith("point "))!.slice("point ".length),
      heard: lines.filter((line) => !line.startsWith("point ")),
    };
  };
  const first = await run("", async (client) => {
    const one = await client.sendMessage(channelId, "one");
    await client.addReaction({ channelId, seq: one.seq }, "👍");
    await client.sendMessage(channelId, "stop");
  });
  assert.deepEqual(first.heard, ["message one", "reaction true", "message stop"]);
  const two = await olga.sendMessage(channelId, "two");
  await olga.addReaction({ channelId, seq: two.seq }, "👍");
  const second = await run(first.point, (client) => client.sendMessage(channelId, "stop"));
  assert.deepEqual(second.heard, ["message two", "reaction true", "message stop"]);
});

/** Whether this program can be started here. */
function has(program: string): boolean {
  try {
    return new Deno.Command(program, { args: ["--version"] }).outputSync().success;
  } catch {
    return false;
  }
}

/** Registers a test that needs a program; where it is missing, this is said and the test skipped. */
function withProgram(program: string, name: string, fn: () => Promise<void>): void {
  const there = has(program);
  Deno.test({ name: there ? name : `${name} (SKIPPED: no ${program})`, ignore: !there, fn });
}

function spawn(program: string, args: readonly string[]): Deno.ChildProcess {
  return new Deno.Command(program, { args: [...args], stdin: "null", stdout: "piped", stderr: "piped" })
    .spawn();
}

withProgram("python3", "the guide's program for Python sends and reads", async () => {
  await using rig = await Rig.start();
  await rig.owner();
  const { password } = await rig.person("nora");
  const text = filled(sample("python", "import json"), {
    "http://127.0.0.1:8080": rig.url,
    '"ada"': '"nora"',
    "…": password,
  });
  const [stored, messages] = (await says(spawn("python3", ["-c", text]))).split("\n");
  assert.match(stored!, /'seq': \d+/);
  assert.match(messages!, /'text': 'Hello'/);
});

withProgram("curl", "the README's curl sends", async () => {
  await using rig = await Rig.start();
  await using olga = await rig.live(await rig.owner());
  const nora = await rig.person("nora");
  const channelId = [...olga.replica.channels.keys()][0]!;
  const [written] = /^ {4}curl [^]*?SendMessage[^]*?}'$/m.exec(guide("README.md")) ?? [];
  const [, number] = /"channelId":(\d+)/.exec(written!)!;
  const text = filled(written!, {
    "http://127.0.0.1:8080": rig.url,
    "Bearer …": `Bearer ${nora.token}`,
    [`"channelId":${number}`]: `"channelId":${channelId}`,
  });
  assert.match(await says(spawn("sh", ["-c", `${text} -sS`])), /"seq":\d+/);
  const { messages } = await olga.history(channelId);
  assert.deepEqual(messages.map(({ text }) => text), ["Hello"]);
});

Deno.test("the README's bot says again what others say", async () => {
  await using project = await Project.make();
  await using rig = await Rig.start();
  await using olga = await rig.live(await rig.owner());
  const { password } = await rig.person("echo");
  const channelId = [...olga.replica.channels.keys()][0]!;
  const [, written] = /```ts\n([^]*?)```/.exec(guide("README.md")) ?? [];
  const text = filled(written!, {
    "./src/client/mod.ts": "rookery-client",
    "http://127.0.0.1:8080": rig.url,
    "…": password,
  });
  const echoed = Promise.withResolvers<string>();
  olga.on("message", ({ kind, message }) => {
    if (kind === "sent" && message.authorId !== olga.replica.me?.id) echoed.resolve(message.text);
  });
  const bot = project.startOnDeno(`${text}\nconsole.log("live");`, []);
  const ended = bot.stderr.pipeTo(new WritableStream());
  try {
    const reader = bot.stdout.getReader();
    assert.equal(new TextDecoder().decode((await reader.read()).value), "live\n");
    await olga.sendMessage(channelId, "Hello, Echo");
    assert.equal(await echoed.promise, "Hello, Echo");
    await reader.cancel();
  } finally {
    bot.kill("SIGKILL");
    await Promise.all([bot.status, ended]);
  }
});

Deno.test("the guide's words on the socket hold: a session's subprotocols, the first command and the ping", async () => {
  await using rig = await Rig.start();
  const { token } = await rig.owner();
  const frames = [...guide("docs/sdk.md").matchAll(/`(\{"commands":.*?\})`/g)].map(([, frame]) => frame!);
  assert.equal(frames.length, 2);
  const socket = new WebSocket(`${rig.url.replace("http", "ws")}/api/v1/socket`, [
    "rookery.v1.json",
    `bearer.${token}`,
  ]);
  const heard = new Map<number, string[]>();
  const both = Promise.withResolvers<void>();
  socket.onopen = () => frames.forEach((frame) => socket.send(frame));
  socket.onerror = socket.onclose = () => both.reject(new Error("The socket is closed"));
  socket.onmessage = ({ data }) => {
    for (const { reply } of JSON.parse(data).items) {
      if (reply) heard.set(reply.id, Object.keys(reply));
    }
    if (heard.size === 2) both.resolve();
  };
  await both.promise;
  assert(heard.get(1)!.includes("welcome"), `${heard.get(1)}`);
  assert(heard.has(2));
  const closed = Promise.withResolvers<void>();
  socket.onclose = () => closed.resolve();
  socket.close();
  await closed.promise;
});
