import assert from "node:assert/strict";
import { buildSdk, protobufFolder } from "../../tools/sdk.ts";
import { Rig } from "../server/rig.ts";

const PROGRAM = new URL("node_program.js", import.meta.url).pathname;
/** A global WebSocket stands behind a flag before. */
const NODE_OF_SDK = 22;

/** Major version of the Node on the path; undefined when there is none. */
function nodeVersion(): number | undefined {
  try {
    const { stdout } = new Deno.Command("node", { args: ["--version"] }).outputSync();
    return Number(/^v(\d+)/.exec(new TextDecoder().decode(stdout))?.[1]);
  } catch {
    return undefined;
  }
}

const version = nodeVersion();

Deno.test({
  name: `the SDK as a package chats under Node${
    version === undefined ? " (SKIPPED: no node on the path)" : ""
  }`,
  ignore: version === undefined,
  async fn() {
    const folder = await Deno.makeTempDir({ prefix: "rookery_" });
    try {
      const modules = `${folder}/node_modules`;
      await buildSdk(`${modules}/rookery-client`);
      const readme = await Deno.readTextFile(`${modules}/rookery-client/README.md`);
      assert.match(readme, /`examples\/dice_bot\.ts` is a whole bot/);
      assert.doesNotMatch(readme, /\]\(\.\.\//);
      await Deno.mkdir(`${modules}/@bufbuild`);
      await Deno.symlink(protobufFolder(), `${modules}/@bufbuild/protobuf`);
      await Deno.copyFile(PROGRAM, `${folder}/program.mjs`);
      const { dependencies } = JSON.parse(await Deno.readTextFile(`${modules}/rookery-client/package.json`));
      const { version: installed } = JSON.parse(await Deno.readTextFile(`${protobufFolder()}/package.json`));
      assert.deepEqual(dependencies, { "@bufbuild/protobuf": installed });

      await using rig = await Rig.start();
      await using olga = await rig.live(await rig.owner());
      await olga.createChannel("games");
      const { name, password } = await rig.person("nora");
      const flags = version! < NODE_OF_SDK ? ["--experimental-websocket", "--no-warnings"] : [];
      const { code, stdout, stderr } = await new Deno.Command("node", {
        args: [...flags, `${folder}/program.mjs`, rig.url, name, password, "games"],
      }).output();
      assert.equal(new TextDecoder().decode(stderr), "");
      assert.equal(new TextDecoder().decode(stdout), "done\n");
      assert.equal(code, 0);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
