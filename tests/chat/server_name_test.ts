/** What the server is called: by its configuration, else by its owner, else by the program. */
import assert from "node:assert/strict";
import { DEFAULT_LIMITS } from "../../src/chat/limits.ts";
import { OPERATOR, Registration, SERVER_STREAM } from "../../src/chat/model.ts";
import { outcomeOf, Rig } from "./rig.ts";

async function nameOf(rig: Rig): Promise<[name: string, configured: boolean]> {
  const info = await rig.done(undefined, "getServerInfo", {});
  assert(info.case === "serverInfo");
  return [info.value.name, info.value.nameConfigured];
}

Deno.test("A14 an owner names the server, everybody connected is told, and a new start knows it", async () => {
  const rig = new Rig();
  const owner = await rig.user("owner", 3);
  const ann = rig.connect(await rig.user("ann"));
  await ann.ask("open", {});
  assert.deepEqual(await nameOf(rig), ["Rookery", false]);
  const stored = await rig.done(owner, "updateServer", { name: "  The   Nest 🐦 " }, "k");
  assert(stored.case === "stored" && stored.value.stream === SERVER_STREAM);
  const told = ann.events(SERVER_STREAM).filter(({ body }) => body.case === "serverUpdated");
  assert.deepEqual(told.map(({ body }) => body.value), [{ name: "The Nest 🐦" }]);
  assert.deepEqual(await nameOf(rig), ["The Nest 🐦", false]);
  assert.equal(rig.chat.serverName, "The Nest 🐦");
  const next = new Rig({ store: rig.store });
  assert.deepEqual(await nameOf(next), ["The Nest 🐦", false]);

  assert.deepEqual(
    await rig.done(owner, "updateServer", { name: "  The   Nest 🐦 " }, "k"),
    stored,
    "a retry",
  );
  assert.equal(outcomeOf(await rig.ask(owner, "updateServer", { name: "Another" }, "k")), "already_exists");
  assert.equal((await rig.done(owner, "updateServer", { name: "The Nest 🐦" })).case, "done", "nothing new");
  await rig.done(OPERATOR, "updateServer", { name: "" });
  assert.deepEqual(await nameOf(rig), ["Rookery", false]);
});

Deno.test("A14 commands of one batch follow each other", async () => {
  const rig = new Rig();
  const owner = await rig.user("owner", 3);
  const names = ["One", "Two", "Two", "One"];
  const results = await Promise.all(names.map((name) => rig.ask(owner, "updateServer", { name })));
  assert.deepEqual(results.map((result) => result.case), ["stored", "stored", "done", "stored"]);
  assert.deepEqual(await nameOf(rig), ["One", false]);
});

Deno.test("A14 a configured name goes before an owner's, and naming is refused with the reason", async () => {
  const rig = new Rig();
  const owner = await rig.user("owner", 3);
  const ann = await rig.user("ann");
  await rig.done(owner, "updateServer", { name: "Nest" });
  const settings = { limits: DEFAULT_LIMITS, registration: Registration.INVITE };
  rig.chat.configure({ ...settings, configuredName: "Eyrie" });
  assert.deepEqual(await nameOf(rig), ["Eyrie", true]);
  for (const who of [owner, OPERATOR]) {
    const refused = await rig.ask(who, "updateServer", { name: "Tree" });
    assert.equal(outcomeOf(refused), "failed_precondition");
    assert(refused.case === "error" && /configuration.*`name`/.test(refused.value.message));
  }
  assert.equal(outcomeOf(await rig.ask(ann, "updateServer", { name: "Tree" })), "permission_denied");
  rig.chat.configure({ ...settings, configuredName: undefined });
  assert.deepEqual(await nameOf(rig), ["Nest", false]);
});

Deno.test("A14 a server's name keeps the rules of a display name", async () => {
  const rig = new Rig();
  const owner = await rig.user("owner", 3);
  const { displayNameBytes } = DEFAULT_LIMITS;
  const bad = [
    "a\u0007",
    "a\u202eb",
    "\u2800",
    "x".repeat(displayNameBytes + 1),
    "ü".repeat(displayNameBytes),
  ];
  for (const name of bad) {
    const refused = await rig.ask(owner, "updateServer", { name });
    assert.equal(outcomeOf(refused), "invalid_argument", JSON.stringify(name));
    assert(refused.case === "error" && refused.value.message.startsWith("Server name "));
  }
  for (const name of ["علی‌رضا", "👩‍💻 & friends", "<b>", "x".repeat(displayNameBytes)]) {
    await rig.done(owner, "updateServer", { name });
    assert.deepEqual(await nameOf(rig), [name, false]);
  }
});
