/** The SDK as a package, as its users have it. */
import assert from "node:assert/strict";
import { login } from "../../src/client/mod.ts";
import { buildSdk, originUrl, protobufFolder } from "../../tools/sdk.ts";
import { Rig } from "../server/rig.ts";
import { CutWay } from "./cut_way.ts";
import { onNode } from "./nodes.ts";

/** A project that has the package. Disposing removes it. */
class Project implements AsyncDisposable {
  readonly folder = Deno.makeTempDirSync({ prefix: "rookery_" });
  readonly package = `${this.folder}/node_modules/rookery-client`;

  static async make(): Promise<Project> {
    const project = new Project();
    await buildSdk(project.package);
    await Deno.mkdir(`${project.folder}/node_modules/@bufbuild`);
    await Deno.symlink(protobufFolder(), `${project.folder}/node_modules/@bufbuild/protobuf`);
    return project;
  }

  read(name: string): Promise<string> {
    return Deno.readTextFile(`${this.package}/${name}`);
  }

  start(node: string, program: string, args: readonly string[]): Deno.ChildProcess {
    const path = `${this.folder}/program.mjs`;
    Deno.writeTextFileSync(path, program);
    return new Deno.Command(node, { args: [path, ...args], stdin: "null", stdout: "piped", stderr: "piped" })
      .spawn();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.folder, { recursive: true });
  }
}

function program(name: string): string {
  return Deno.readTextFileSync(new URL(name, import.meta.url));
}

/** A server with a public channel, and somebody who may talk there. */
async function world() {
  const rig = await Rig.start();
  await using olga = await rig.live(await rig.owner());
  await olga.createChannel("games");
  const { name, password } = await rig.person("nora");
  return { rig, name, password };
}

async function says(child: Deno.ChildProcess): Promise<string> {
  const { code, stdout, stderr } = await child.output();
  assert.equal(new TextDecoder().decode(stderr), "");
  assert.equal(code, 0);
  return new TextDecoder().decode(stdout);
}

Deno.test("the package says what it is, and has the contract inside", async () => {
  await using project = await Project.make();
  const readme = await project.read("README.md");
  assert.match(readme, /`examples\/dice_bot\.ts` is a whole bot/);
  assert.doesNotMatch(readme, /\]\(\.\.\//);
  const about = JSON.parse(await project.read("package.json"));
  const { version } = JSON.parse(await Deno.readTextFile(`${protobufFolder()}/package.json`));
  assert.deepEqual(about.dependencies, { "@bufbuild/protobuf": version });
  assert.deepEqual([about.sideEffects, about.engines.node], [false, ">=22"]);
  assert(about.keywords.includes("chat"));
  assert.equal(about.repository?.url ?? "", originUrl());
  for await (const { name } of Deno.readDir(new URL("../../proto/rookery/v1", import.meta.url))) {
    assert.match(await project.read(`proto/rookery/v1/${name}`), /^syntax = "proto3";$/m);
  }
});

onNode("the package chats", async (node) => {
  await using project = await Project.make();
  const { rig, name, password } = await world();
  await using _ = rig;
  const said = await says(
    project.start(node, program("node_program.js"), [rig.url, name, password, "games"]),
  );
  assert.equal(said, "done\n");
});

onNode(
  "a refused port, a dead token and a killed server are noticed at once by the package",
  async (node) => {
    await using project = await Project.make();
    const { rig, name, password } = await world();
    await using _ = rig;
    using way = new CutWay(rig.app.port);
    const url = `http://127.0.0.1:${way.port}`;
    const child = project.start(node, program("node_failures.js"), [url, rig.url, name, password, "games"]);
    let said = "";
    const stderr = new Response(child.stderr).text();
    for await (const piece of child.stdout.pipeThrough(new TextDecoderStream())) {
      said += piece;
      if (piece.includes("live")) way.cut();
      if (piece.includes("waiting")) way.open();
    }
    assert.equal(await stderr, "");
    assert.equal(said, "live\nwaiting\ndone\n");
    assert.equal((await child.status).code, 0);
  },
);

onNode("the README's first program runs", async (node) => {
  await using project = await Project.make();
  const { rig, name, password } = await world();
  await using _ = rig;
  const [, sample] = /```ts\n(import \{ login[^]*?)```/.exec(await project.read("README.md")) ?? [];
  const filled = sample!.replaceAll("https://chat.example", rig.url).replace('"ada"', `"${name}"`)
    .replace('"…"', `"${password}"`);
  assert.notEqual(filled, sample);
  await says(project.start(node, filled, []));
  const { token } = await login(rig.url, { name, password });
  await using nora = await rig.reader(token);
  const [channelId] = nora.replica.channels.keys();
  const { messages } = await nora.history(channelId!);
  assert.deepEqual(messages.map(({ text }) => text), ["Hello"]);
});

Deno.test("everything that the SDK exports has words: classes, methods, functions and types", async () => {
  const module = new URL("../../src/client/mod.ts", import.meta.url).pathname;
  const { stdout, stderr } = await new Deno.Command("deno", {
    args: ["doc", "--lint", module],
    env: { NO_COLOR: "1" },
  }).output();
  const said = new TextDecoder().decode(stderr) + new TextDecoder().decode(stdout);
  const places = [...said.matchAll(/^error\[missing-jsdoc\][^\n]*\n\s*--> ([^\n:]+):(\d+):\d+$/gm)];
  assert.equal(places.length, said.split("error[missing-jsdoc]").length - 1, "every complaint has its place");
  assert(/^error|^Checked/m.test(said), said);
  const wordless: string[] = [];
  for (const [, path, row] of places) {
    const line = (await Deno.readTextFile(path!)).split("\n")[Number(row) - 1]!;
    // Fields whose names and types say all need none.
    if (!/^ +(?:readonly )?\w+\??:/.test(line)) wordless.push(`${path}:${row}: ${line}`);
  }
  assert.deepEqual(wordless, []);
});
