/** The SDK as a package, as its users have it. */
import assert from "node:assert/strict";
import { originUrl, protobufFolder } from "../../tools/sdk.ts";
import { CutWay } from "./cut_way.ts";
import { onNode } from "./nodes.ts";
import { Project, says, world } from "./project.ts";

function program(name: string): string {
  return Deno.readTextFileSync(new URL(name, import.meta.url));
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
