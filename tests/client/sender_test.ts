import assert from "node:assert/strict";
import { CHANNEL, LIMITS } from "./fake_server.ts";
import { idleHarness, liveHarness } from "./harness.ts";
import { settle } from "./manual_clock.ts";

function ignore(...promises: Promise<unknown>[]): void {
  for (const promise of promises) promise.catch(() => {});
}

Deno.test("what is asked for in one turn travels in one frame, in order", async () => {
  const { server, client } = await liveHarness();
  ignore(client.sendMessage(CHANNEL, "a"), client.history(CHANNEL), client.sendMessage(CHANNEL, "b"));
  await settle();
  assert.deepEqual(server.socket.frames.slice(1).map((frame) => frame.map(({ body }) => body.case)), [
    ["sendMessage", "getHistory", "sendMessage"],
  ]);
  const ids = server.socket.commands.map(({ id }) => id);
  assert.equal(new Set(ids).size, 4);
  await client.close();
});

for (const format of ["proto", "json"] as const) {
  Deno.test(`frames stay below the limit of bytes (${format})`, async () => {
    const { server, client } = await liveHarness({ format });
    for (let n = 0; n < 40; n++) ignore(client.sendMessage(CHANNEL, "ü".repeat(4000)));
    await settle();
    assert.equal(server.socket.commands.length, 41);
    assert.ok(server.socket.frames.length >= 6);
    for (const bytes of server.socket.frameBytes) assert.ok(bytes <= LIMITS.frameBytes, `${bytes}`);
    await client.close();
  });
}

Deno.test("commands keep to the server's rate", async () => {
  const { server, clock, client } = await liveHarness();
  const limits = { ...LIMITS, commandsPerSecond: 10, commandBurst: 20 };
  await server.socket.drop();
  await clock.advance(1000);
  await server.socket.welcome({ limits });
  for (let n = 0; n < 50; n++) ignore(client.sendMessage(CHANNEL, `${n}`));
  await settle();
  assert.equal(server.socket.commands.length, 18);
  await clock.advance(1000);
  assert.equal(server.socket.commands.length, 28);
  await clock.advance(10_000);
  const texts = server.socket.commands.slice(1).map(({ body }) =>
    body.case === "sendMessage" && body.value.text
  );
  assert.deepEqual(texts, Array.from({ length: 50 }, (_, n) => `${n}`));
  await client.close();
});

Deno.test("reads are refused without a connection, rejected by a cut, and given up in time", async () => {
  const { server, clock, client } = idleHarness();
  await assert.rejects(client.history(CHANNEL), { code: "unavailable" });
  client.connect();
  const early = assert.rejects(client.listUsers(), { code: "unavailable" });
  await server.socket.welcome();
  assert.equal(server.socket.commands.at(-1)?.body.case, "listUsers");
  await server.socket.drop();
  await early;
  await assert.rejects(client.listUsers(), { code: "unavailable" });
  await clock.advance(1000);
  await server.socket.welcome();
  const slow = assert.rejects(client.listUsers({ timeoutMs: 500 }), /within 500 ms/);
  await clock.advance(500);
  await slow;
  const abort = new AbortController();
  const aborted = assert.rejects(client.listUsers({ signal: abort.signal }), /enough/);
  abort.abort(new Error("enough"));
  await aborted;
  await client.close();
});

Deno.test("L2 reads that are too much at once are asked again, in order, when the server says, within their time", async () => {
  const { server, clock, client } = await liveHarness();
  const busy = (retryAfterMs: number) => ({
    case: "error" as const,
    value: { code: 6, message: "Too many commands: slow down", retryAfterMs },
  });
  const names = () => server.socket.commands.slice(1).map(({ body }) => body.case);
  const [first, second] = [client.listUsers(), client.history(CHANNEL)];
  await settle();
  const [users, history] = server.socket.commands.slice(1);
  await server.socket.reply(history!, busy(400));
  await server.socket.reply(users!, busy(400));
  const third = assert.rejects(client.listChannels({ timeoutMs: 1000 }), { code: "resource_exhausted" });
  await clock.advance(399);
  assert.equal(names().length, 2);
  await clock.advance(1);
  assert.deepEqual(names().slice(2), ["listUsers", "getHistory", "listChannels"]);
  await server.socket.answer("listUsers", { case: "userPage", value: { users: [], more: false } });
  await server.socket.answer("getHistory", { case: "messagePage", value: { messages: [] } });
  await Promise.all([first, second]);
  // It could not be answered in its time.
  await server.socket.answer("listChannels", busy(5000));
  await third;
  await client.close();
});

Deno.test("typing is sent every three seconds at most", async () => {
  const { server, clock, client } = await liveHarness();
  const count = () => server.socket.commands.filter(({ body }) => body.case === "setTyping").length;
  for (let n = 0; n < 5; n++) client.setTyping(CHANNEL);
  await settle();
  assert.equal(count(), 1);
  assert.equal(server.socket.commands.at(-1)?.id, 0);
  await clock.advance(3000);
  client.setTyping(CHANNEL);
  await settle();
  assert.equal(count(), 2);
  await client.close();
});

Deno.test("watch and presence are said again after a reconnect", async () => {
  const { server, clock, client } = await liveHarness();
  client.watch([CHANNEL, 8]);
  client.setPresence(true);
  await settle();
  assert.deepEqual(server.socket.commands.slice(1).map(({ body }) => body.case), ["watch", "setPresence"]);
  await server.socket.drop();
  await clock.advance(1000);
  await server.socket.welcome();
  const [open, watch] = server.socket.commands;
  assert.equal(open?.body.case === "open" && open.body.value.away, true);
  assert.deepEqual(watch?.body.case === "watch" && watch.body.value.ids, [CHANNEL, 8]);
  await server.socket.answer("watch", {
    case: "presencePage",
    value: { presences: [{ userId: 8, state: 1 }] },
  });
  assert.deepEqual([...client.replica.presence], [[8, 1]]);
  await client.close();
});

Deno.test("a command that cannot be encoded rejects", async () => {
  const { client } = await liveHarness();
  await assert.rejects(client.sendMessage(-1, "x"), { code: "invalid_argument" });
  await assert.rejects(client.call("login", {}), { code: "invalid_argument" });
  assert.deepEqual(client.pending(), []);
  await client.close();
});
