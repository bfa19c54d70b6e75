import assert from "node:assert/strict";
import { newKey, type OutboxChange, type OutboxEntry } from "../../src/client/mod.ts";
import { ErrorCode } from "../../src/wire/gen/rookery/v1/model_pb.ts";
import { CHANNEL, LIMITS, type ResultInit, stored } from "./fake_server.ts";
import { idleHarness, liveHarness, reconnect } from "./harness.ts";
import { settle } from "./manual_clock.ts";

function error(code: ErrorCode, retryAfterMs = 0): ResultInit {
  return { case: "error", value: { code, message: "no", retryAfterMs } };
}

function texts(commands: readonly { body: { case?: unknown; value?: unknown } }[]): string[] {
  return commands.filter((command) => command.body.case === "sendMessage")
    .map((command) => (command.body.value as { text: string }).text);
}

Deno.test("a command resolves with what was stored", async () => {
  const { server, client } = await liveHarness();
  const sending = client.sendMessage(CHANNEL, "hello", { replyTo: 3 });
  await settle();
  const command = server.socket.commands.at(-1)!;
  assert.match(command.key, /^[0-9a-v]{22}$/);
  assert.deepEqual(client.pending().map(({ key }) => key), [command.key]);
  await server.socket.reply(command, stored(11));
  const { stream, seq, timeMs } = await sending;
  assert.deepEqual([stream, seq, timeMs], [CHANNEL, 11, 1011]);
  assert.deepEqual(client.pending(), []);
  await client.close();
});

Deno.test("what was not answered is sent again after a cut, with the same keys in the same order", async () => {
  const harness = await liveHarness();
  const { server, client } = harness;
  const sends = ["a", "b", "c"].map((text) => client.sendMessage(CHANNEL, text));
  await settle();
  const first = server.socket.commands.slice(1);
  await server.socket.reply(first[1]!, stored(11));
  await reconnect(harness);
  const late = client.sendMessage(CHANNEL, "d");
  await server.socket.welcome();
  const again = server.socket.commands.slice(1);
  assert.deepEqual(texts(again), ["a", "c", "d"]);
  assert.deepEqual(again.slice(0, 2).map(({ key }) => key), [first[0]!.key, first[2]!.key]);
  for (const [at, command] of again.entries()) await server.socket.reply(command, stored(12 + at));
  assert.deepEqual((await Promise.all([...sends, late])).map(({ seq }) => seq), [12, 11, 13, 14]);
  await client.close();
});

Deno.test("commands asked for before the first connection wait for it", async () => {
  const { server, client } = idleHarness();
  const sending = client.sendMessage(CHANNEL, "early");
  client.connect();
  await server.socket.welcome();
  await server.socket.answer("sendMessage", stored(11));
  assert.equal((await sending).seq, 11);
  await client.close();
});

Deno.test("unavailable and resource_exhausted are tried again with the same key, and nothing overtakes", async () => {
  const { server, clock, client } = await liveHarness();
  const { socket } = server;
  const sending = client.sendMessage(CHANNEL, "a");
  await settle();
  const [first] = socket.commands.slice(-1);
  await socket.reply(first!, error(ErrorCode.RESOURCE_EXHAUSTED, 2000));
  const next = client.sendMessage(CHANNEL, "b");
  await clock.advance(2149);
  assert.deepEqual(texts(socket.commands), ["a"]);
  await clock.advance(1);
  assert.deepEqual(texts(socket.commands), ["a", "a", "b"]);
  assert.equal(socket.commands.at(-2)!.key, first!.key);
  await socket.reply(socket.commands.at(-2)!, error(ErrorCode.UNAVAILABLE));
  await clock.advance(300);
  await socket.answer("sendMessage", stored(12));
  assert.equal((await sending).seq, 12);
  await socket.reply(socket.commands.find((command) => texts([command])[0] === "b")!, stored(13));
  assert.equal((await next).seq, 13);
  await client.close();
});

Deno.test("resource_exhausted without a time to wait is final", async () => {
  const { server, client } = await liveHarness();
  const sending = assert.rejects(client.sendMessage(CHANNEL, "a"), { code: "resource_exhausted" });
  await settle();
  await server.socket.answer("sendMessage", error(ErrorCode.RESOURCE_EXHAUSTED));
  assert.deepEqual(client.pending(), []);
  await sending;
  await client.close();
});

Deno.test("retries end where the option says", async () => {
  const { server, clock, client } = await liveHarness({ maxRetries: 1 });
  const sending = assert.rejects(client.sendMessage(CHANNEL, "a"), {
    name: "RookeryError",
    code: "unavailable",
  });
  await settle();
  await server.socket.answer("sendMessage", error(ErrorCode.UNAVAILABLE));
  await clock.advance(300);
  await server.socket.answer("sendMessage", error(ErrorCode.UNAVAILABLE));
  await sending;
  assert.deepEqual(client.pending(), []);
  await client.close();
});

Deno.test("another refusal rejects, and is told to listeners", async () => {
  const { server, client } = await liveHarness();
  const changes: OutboxChange[] = [];
  client.on("outbox", (change) => changes.push(change));
  const sending = assert.rejects(client.sendMessage(CHANNEL, "a"), {
    code: "permission_denied",
    message: "no",
  });
  await settle();
  await server.socket.answer("sendMessage", error(ErrorCode.PERMISSION_DENIED));
  await sending;
  assert.deepEqual(changes.map(({ status }) => status), ["queued", "refused"]);
  await client.close();
});

Deno.test("a change that was not needed resolves with seq 0", async () => {
  const { server, client } = await liveHarness();
  const marking = client.markRead(CHANNEL, 3);
  await settle();
  await server.socket.answer("markRead", { case: "done", value: {} });
  assert.equal((await marking).seq, 0);
  await client.close();
});

Deno.test("discard and abort give a command up", async () => {
  const harness = await liveHarness();
  const { server, client } = harness;
  const discarded = assert.rejects(client.sendMessage(CHANNEL, "a", { key: "k1" }), {
    code: "failed_precondition",
  });
  const abort = new AbortController();
  const aborted = assert.rejects(
    client.sendMessage(CHANNEL, "b", { signal: abort.signal }),
    /changed my mind/,
  );
  assert.equal(client.discard("k1"), true);
  assert.equal(client.discard("k1"), false);
  abort.abort(new Error("changed my mind"));
  await Promise.all([discarded, aborted]);
  await settle();
  assert.deepEqual(texts(server.socket.commands), []);
  await client.close();
});

Deno.test("a key that is pending already joins its command", async () => {
  const { server, client } = await liveHarness();
  const both = [
    client.sendMessage(CHANNEL, "a", { key: "k" }),
    client.sendMessage(CHANNEL, "a", { key: "k" }),
  ];
  await assert.rejects(client.leaveChannel(CHANNEL, { key: "k" }), { code: "already_exists" });
  await assert.rejects(client.sendMessage(CHANNEL, "b", { key: "k" }), { code: "already_exists" });
  await settle();
  assert.deepEqual(texts(server.socket.commands), ["a"]);
  await server.socket.answer("sendMessage", stored(11));
  assert.deepEqual((await Promise.all(both)).map(({ seq }) => seq), [11, 11]);
  await client.close();
});

Deno.test("the store gets what is pending before it is sent, and gives it to the next client", async () => {
  const saves: OutboxEntry[][] = [];
  const store = {
    load: () => saves.at(-1) ?? [],
    save: (entries: readonly OutboxEntry[]) => void saves.push(structuredClone([...entries])),
  };
  const first = idleHarness({ outboxStore: store });
  const lost = assert.rejects(first.client.sendMessage(CHANNEL, "kept"), { code: "unavailable" });
  const secret = assert.rejects(first.client.changePassword("old secret", "new secret"), {
    code: "unavailable",
  });
  await settle();
  assert.deepEqual(saves.map((entries) => entries.map(({ name }) => name)), [["sendMessage"]]);
  await first.client.close();
  await Promise.all([lost, secret]);

  const second = idleHarness({ outboxStore: store });
  const added = second.client.sendMessage(CHANNEL, "new");
  second.client.connect();
  await settle();
  await second.server.socket.welcome();
  assert.deepEqual(texts(second.server.socket.commands), ["kept", "new"]);
  assert.equal(second.server.socket.commands[1]!.key, saves[0]![0]!.key);
  for (const command of second.server.socket.commands.slice(1)) {
    await second.server.socket.reply(command, stored(11));
  }
  await added;
  await second.client.drained();
  await settle();
  assert.deepEqual(saves.at(-1), []);
  await second.client.close();
});

Deno.test("keys sort as commands were given, within a millisecond and over a clock that is put back", async () => {
  const kept: OutboxEntry[][] = [];
  const store = {
    load: () => kept.at(-1) ?? [],
    save: (entries: readonly OutboxEntry[]) => void kept.push([...entries]),
  };
  const first = idleHarness({ outboxStore: store });
  const told = (text: string) => first.client.sendMessage(CHANNEL, text).catch(() => {});
  for (const text of ["a", "b", "c", "d"]) void told(text);
  first.clock.putBack(3600_000);
  for (const text of ["e", "f"]) void told(text);
  await settle();
  await first.client.close();
  // A program that is started again under the same clock.
  const second = idleHarness({ outboxStore: store });
  second.clock.putBack(3600_000);
  second.client.connect();
  await settle();
  void second.client.sendMessage(CHANNEL, "g").catch(() => {});
  const sorted = second.client.pending().toSorted((a, b) => a.key < b.key ? -1 : 1);
  assert.deepEqual(sorted.map(({ body }) => (body as { text: string }).text), [
    "a",
    "b",
    "c",
    "d",
    "e",
    "f",
    "g",
  ]);
  await second.client.close();
});

Deno.test("a store that fails, or has kept rubbish, is told and does no further harm", async () => {
  const rubbish = { key: "k1", name: "noSuchCommand", body: {}, createdMs: 1 } as unknown as OutboxEntry;
  const good: OutboxEntry = {
    key: "k2",
    name: "markRead",
    body: { channelId: CHANNEL, seq: 3 },
    createdMs: 2,
  };
  const { server, client } = idleHarness({
    outboxStore: { load: () => [rubbish, good], save: () => Promise.reject(new Error("disk full")) },
  });
  const errors: string[] = [];
  client.on("error", ({ message }) => errors.push(message));
  client.connect();
  await settle();
  await server.socket.welcome();
  assert.deepEqual(server.socket.commands.map(({ key }) => key), ["", "k2"]);
  await server.socket.answer("markRead", { case: "done", value: {} });
  assert.equal(errors.length, 2);
  assert.match(errors[0]!, /noSuchCommand/);
  assert.equal(errors[1], "disk full");
  await client.close();
});

Deno.test("K8 a command that an ended session could not send stays, for whoever logs in next", async () => {
  const kept: (readonly OutboxEntry[])[] = [];
  const outboxStore = { load: () => [], save: (entries: readonly OutboxEntry[]) => void kept.push(entries) };
  const { server, client } = idleHarness({ outboxStore });
  client.connect();
  await settle();
  await server.socket.welcome();
  const changes: string[] = [];
  client.on("outbox", ({ status }) => changes.push(status));
  const sent = client.sendMessage(CHANNEL, "last words", { key: "k1" });
  const rejected = assert.rejects(sent, { code: "unauthenticated" });
  await settle();
  const ended = { code: 2, message: "The session has ended: log in again", retryAfterMs: 0 };
  await server.socket.answer("sendMessage", { case: "error", value: ended });
  assert.deepEqual(client.pending().map(({ key }) => key), ["k1"]);
  await server.socket.drop(3500, "The session has ended: log in again");
  await rejected;
  assert.deepEqual(client.pending().map(({ key }) => key), ["k1"]);
  assert.deepEqual([changes, kept.at(-1)!.map(({ key }) => key)], [["queued"], ["k1"]]);
});

Deno.test("a listener may discard a command while it is being queued", async () => {
  const { client } = await liveHarness();
  client.on("outbox", ({ entry, status }) => status === "queued" && client.discard(entry.key));
  await assert.rejects(client.sendMessage(CHANNEL, "x"), { code: "failed_precondition" });
  await client.drained();
  await client.close();
});

Deno.test("a command larger than a frame is refused at once", async () => {
  const { client } = await liveHarness();
  await assert.rejects(client.sendMessage(CHANNEL, "x".repeat(LIMITS.frameBytes)), {
    code: "invalid_argument",
  });
  assert.deepEqual(client.pending(), []);
  await client.close();
});

Deno.test("keys sort by time and differ", () => {
  const keys = [1_800_000_000_000, 1_800_000_000_001, 1_900_000_000_000].map(newKey);
  assert.deepEqual(keys.toSorted(), keys);
  assert.equal(newKey(1_800_000_000_000).slice(0, 8), keys[0]!.slice(0, 8));
  assert.equal(new Set(Array.from({ length: 1000 }, () => newKey(0))).size, 1000);
});
