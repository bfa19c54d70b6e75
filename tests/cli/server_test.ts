import assert from "node:assert/strict";
import { serverInfo } from "../../src/client/mod.ts";
import { Place } from "./program.ts";

Deno.test("A14 the operator names the server, with and without one that runs, and is told of a configured name", async () => {
  await using place = new Place();
  assert.equal(await place.ok(["server", "name"]), "Rookery\n");
  assert.equal(await place.ok(["server", "name", "Salt  marsh"]), "The server is called Salt marsh\n");
  const { url } = await place.serve();
  assert.equal((await serverInfo(url)).name, "Salt marsh");
  assert.equal(await place.ok(["server", "name", "Reed bed 🐦"]), "The server is called Reed bed 🐦\n");
  assert.equal((await serverInfo(url)).name, "Reed bed 🐦");
  assert.equal(await place.ok(["server", "name"]), "Reed bed 🐦\n");
  const { code, stderr } = await place.run(["server", "name", "a\u202eb"]);
  assert.deepEqual([code, /^rookery: Server name not allowed/.test(stderr)], [1, true], stderr);
});

Deno.test("A14 a name in the settings file is not changed by the command line", async () => {
  await using place = new Place();
  const file = `${place.data}.json`;
  await Deno.writeTextFile(file, JSON.stringify({ name: "Eyrie" }));
  try {
    assert.equal(await place.ok(["server", "name", "--config", file]), "Eyrie\n");
    const { code, stderr } = await place.run(["server", "name", "Nest", "--config", file]);
    assert.equal(code, 1);
    assert.match(stderr, /set by its configuration/);
  } finally {
    await Deno.remove(file);
  }
});
