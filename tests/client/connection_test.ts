import assert from "node:assert/strict";
import { create, toJsonString } from "@bufbuild/protobuf";
import type { ClientState } from "../../src/client/mod.ts";
import { ErrorCode, ErrorSchema } from "../../src/wire/gen/rookery/v1/model_pb.ts";
import { channelView, sent } from "./fake_server.ts";
import { idleHarness, liveHarness, reconnect } from "./harness.ts";
import { settle } from "./manual_clock.ts";

/** What a Rookery server answers when it refuses. */
function refusal(code: ErrorCode, status: number, retryAfterMs = 0): Response {
  const error = { code, message: "in its words", retryAfterMs, requestId: "4f" };
  const body = toJsonString(ErrorSchema, create(ErrorSchema, error));
  return new Response(body, { status, headers: { "content-type": "application/json" } });
}

function page(status: number, type = "text/html", body = "<h1>Something</h1>"): Response {
  return new Response(body, { status, headers: { "content-type": type } });
}

Deno.test("connects with its encoding and token, opens, and is live when caught up", async () => {
  const { server, client } = idleHarness();
  const states: string[] = [];
  client.on("state", ({ name }) => states.push(name));
  const live = client.live();
  assert.equal(server.socket.url, "ws://chat.test/base/api/v1/socket");
  assert.deepEqual(server.socket.protocols, ["rookery.v1.proto", "bearer.secret"]);
  assert.equal(server.socket.binaryType, "arraybuffer");
  await server.socket.welcome();
  await live;
  assert.equal(server.socket.commands[0]?.body.case, "open");
  assert.deepEqual(states, ["connecting", "catching-up", "live"]);
  assert.equal(client.replica.me?.name, "me");
  await client.close();
});

Deno.test("a browser with a cookie sends no token", async () => {
  const { server, client } = idleHarness({ token: undefined, format: "json" });
  client.connect();
  assert.deepEqual(server.socket.protocols, ["rookery.v1.json", "unknown-fields.ignore"]);
  await server.socket.welcome();
  assert.equal(client.state.name, "live");
  await client.close();
});

Deno.test("comes back with its epoch and cursors, and applies what it missed", async () => {
  const harness = await liveHarness();
  const { server, client } = harness;
  await server.socket.say(sent(11));
  await reconnect(harness);
  const texts: string[] = [];
  client.on("message", ({ message }) => texts.push(message.text));
  await server.socket.welcome({ channels: [channelView({ headSeq: 13 })] }, [sent(12), sent(13)]);
  const open = server.socket.commands[0]!.body;
  assert.equal(open.case, "open");
  if (open.case !== "open") return;
  assert.equal(open.value.epoch, "e1");
  assert.deepEqual(open.value.cursors.map(({ stream, seq }) => [stream, seq]), [[1, 5], [7, 4], [20, 11]]);
  assert.deepEqual(texts, ["message 12", "message 13"]);
  assert.deepEqual(client.stats, { connections: 2, events: 3, doubled: 0, gaps: 0, reloads: 0, strays: 0 });
  await client.close();
});

Deno.test("pauses between attempts double up to the cap", async () => {
  const { server, clock, client } = idleHarness({ backoff: { capMs: 2000 } });
  const pauses: number[] = [];
  client.on("state", (state) => {
    if (state.name === "waiting") pauses.push(state.retryAtMs - clock.now());
  });
  client.connect();
  for (let attempt = 0; attempt < 5; attempt++) {
    await server.socket.drop();
    await clock.advance(1000);
  }
  assert.deepEqual(pauses, [150, 300, 600, 1000, 1000]);
  await client.close();
});

Deno.test("a connection that lasted makes the next failure a first one", async () => {
  const harness = await liveHarness();
  const { server, clock, client } = harness;
  await server.socket.drop();
  await clock.advance(150);
  await server.socket.drop();
  await clock.advance(300);
  await server.socket.welcome();
  await clock.advance(5000);
  await server.socket.drop();
  assert.equal(client.state.name === "waiting" && client.state.retryAtMs - clock.now(), 150);
  await client.close();
});

Deno.test("waits as long as the server's goodbye asks for", async () => {
  const { server, clock, client } = await liveHarness();
  await server.socket.say({ case: "goodbye", value: { code: 3000, reason: "restart", retryAfterMs: 5000 } });
  await server.socket.drop(3000);
  assert.equal(client.state.name === "waiting" && client.state.retryAtMs - clock.now(), 5150);
  assert.equal(client.state.name === "waiting" && client.state.planned, true);
  await client.close();
});

Deno.test("with something to send it does not wait for a goodbye's time, but for failures", async () => {
  const { server, clock, client } = await liveHarness();
  const sending = client.sendMessage(20, "early");
  await settle();
  await server.socket.say({ case: "goodbye", value: { code: 3000, reason: "restart", retryAfterMs: 5000 } });
  await server.socket.drop(3000);
  await clock.advance(150);
  assert.equal(server.sockets.length, 2);
  await server.socket.drop();
  assert.equal(client.state.name === "waiting" && client.state.planned, undefined);
  assert.equal(server.sockets.length, 2);
  await clock.advance(1000);
  await server.socket.welcome();
  await server.socket.answer("sendMessage", { case: "stored", value: { stream: 20, seq: 11, timeMs: 1 } });
  assert.equal((await sending).seq, 11);
  await client.close();
});

Deno.test("what is sent while it waits as the goodbye asked ends the pause", async () => {
  const { server, clock, client } = await liveHarness();
  await server.socket.say({ case: "goodbye", value: { code: 3000, reason: "restart", retryAfterMs: 5000 } });
  await server.socket.drop(3000);
  await clock.advance(1000);
  assert.equal(server.sockets.length, 1);
  const sending = client.sendMessage(20, "now");
  await clock.advance(150);
  assert.equal(server.sockets.length, 2);
  await server.socket.welcome();
  await server.socket.answer("sendMessage", { case: "stored", value: { stream: 20, seq: 11, timeMs: 1 } });
  assert.equal((await sending).seq, 11);
  await client.close();
});

Deno.test("W10 sent away for sending too much, it stays away as long as it was told, whatever there is to send", async () => {
  const { server, clock, client } = await liveHarness();
  const sending = client.sendMessage(20, "late");
  await settle();
  await server.socket.say({
    case: "goodbye",
    value: { code: 3003, reason: "too much", retryAfterMs: 10_000 },
  });
  await server.socket.drop(3003, "too much");
  const { state } = client;
  assert.ok(state.name === "waiting");
  assert.deepEqual([state.planned, state.obstacle, state.error.message], [undefined, "refused", "too much"]);
  await clock.advance(9_999);
  assert.equal(server.sockets.length, 1);
  await clock.advance(151);
  assert.equal(server.sockets.length, 2);
  await server.socket.welcome();
  await server.socket.answer("sendMessage", { case: "stored", value: { stream: 20, seq: 11, timeMs: 1 } });
  assert.equal((await sending).seq, 11);
  await client.close();
});

Deno.test("connect() cuts a pause short", async () => {
  const { server, client } = await liveHarness();
  await server.socket.drop();
  client.connect();
  assert.equal(server.sockets.length, 2);
  await client.close();
});

for (const [code, kind] of [[3500, "unauthenticated"], [3999, "failed_precondition"]] as const) {
  Deno.test(`close code ${code} ends the client`, async () => {
    const { server, clock, client } = await liveHarness();
    await server.socket.drop(code, "session revoked");
    const state = client.state as Extract<ClientState, { name: "ended" }>;
    assert.equal(state.name, "ended");
    assert.equal(state.reason, "session revoked");
    assert.equal(state.error?.code, kind);
    await assert.rejects(client.live(), { code: kind });
    await assert.rejects(client.sendMessage(20, "x"), { code: kind });
    await clock.advance(60_000);
    assert.equal(server.sockets.length, 1);
    assert.equal(clock.armed, 0);
  });
}

Deno.test("a refused handshake asks once whether the session is gone", async () => {
  const { server, client } = idleHarness();
  server.response = () => refusal(ErrorCode.UNAUTHENTICATED, 401);
  client.connect();
  await server.socket.drop();
  assert.equal(client.state.name, "ended");
  assert.deepEqual(server.posts.map(({ path }) => path), ["/base/api/v1/socket"]);
  assert.equal(server.posts[0]?.headers.get("authorization"), "Bearer secret");
});

Deno.test("a server that cannot be reached is tried again", async () => {
  const { server, clock, client } = idleHarness();
  client.connect();
  await server.socket.drop();
  assert.equal(client.state.name, "waiting");
  await clock.advance(1000);
  await server.socket.welcome();
  assert.equal(client.state.name, "live");
  await client.close();
});

for (
  const [what, response, obstacle, message] of [
    ["nobody answers", undefined, "unreachable", /^The server cannot be reached$/],
    ["a proxy without a server", () => page(502), "unreachable", /a proxy answers with HTTP status 502$/],
    [
      "a website",
      () => page(404),
      "foreign",
      /^What answers at http:\/\/chat\.test\/base is not a Rookery server/,
    ],
    ["a website that likes everything", () => page(200), "foreign", /not a Rookery server/],
    ["another API", () => page(200, "application/json", '{"ok":true}'), "foreign", /not a Rookery server/],
    [
      "another API's refusal",
      () => page(404, "application/json", '{"message":"no route"}'),
      "foreign",
      /not a Rookery/,
    ],
    ["a proxy with a password", () => page(401), "foreign", /not a Rookery server \(HTTP status 401\)$/],
    ["a proxy that lets nobody in", () => page(403), "foreign", /not a Rookery server \(HTTP status 403\)$/],
    ["a server that stops", () => refusal(ErrorCode.UNAVAILABLE, 503), "refused", /^in its words$/],
    ["a full server", () => refusal(ErrorCode.RESOURCE_EXHAUSTED, 429, 7000), "refused", /^in its words$/],
  ] as const
) {
  Deno.test(`a failed handshake is explained: ${what}`, async () => {
    const { server, clock, client } = idleHarness();
    server.response = response;
    client.connect();
    await server.socket.drop();
    const { state } = client;
    assert(state.name === "waiting");
    assert.equal(state.obstacle, obstacle);
    assert.match(state.error.message, message);
    assert.equal(state.error.code, "unavailable");
    assert.equal(state.retryAtMs - clock.now(), what === "a full server" ? 7150 : 150);
    await client.close();
  });
}

Deno.test("no WebSocket gets through when the server would take two in a row that failed", async () => {
  const { server, clock, client } = idleHarness();
  const taken = () => page(200, "application/json", "{}");
  const told: string[] = [];
  client.on("state", (state) => state.name === "waiting" && told.push(state.obstacle));
  client.connect();
  for (const response of [taken, undefined, taken, taken, taken]) {
    server.response = response;
    await server.socket.drop();
    await clock.advance(5000);
  }
  assert.deepEqual(told, ["unreachable", "unreachable", "unreachable", "blocked", "blocked"]);
  await server.socket.welcome();
  await server.socket.drop();
  assert.equal(told.at(-1), "lost");
  await client.close();
});

Deno.test("a handshake that never ends is given up", async () => {
  const { server, clock, client } = idleHarness();
  client.connect();
  await clock.advance(15_000);
  assert.equal(server.sockets[0]?.closedWith, 3000);
  await clock.advance(1000);
  assert.equal(server.sockets.length, 2);
  await client.close();
});

Deno.test("pings when quiet, and gives a silent server up", async () => {
  const { server, clock, client } = await liveHarness();
  const { socket } = server;
  const pings = () => socket.frames.flat().filter((command) => command.body.case === "ping");
  await clock.advance(26_999);
  assert.equal(pings().length, 0);
  await clock.advance(1);
  assert.equal(pings().length, 1);
  await socket.reply(pings()[0]!, { case: "done", value: {} });
  await clock.advance(44_999);
  assert.equal(pings().length, 2);
  assert.equal(client.state.name, "live");
  await clock.advance(1);
  assert.equal(client.state.name, "waiting");
  assert.equal(socket.closedWith, 3000);
  await client.close();
  assert.equal(clock.armed, 0);
});

Deno.test("a clock that is put back keeps it neither from pinging nor from noticing silence", async () => {
  const { server, clock, client } = await liveHarness();
  const pings = () => server.socket.frames.flat().filter((command) => command.body.case === "ping");
  await clock.advance(1000);
  clock.putBack(3600_000);
  await clock.advance(60_000);
  assert.ok(pings().length > 0);
  await clock.advance(60_000);
  assert.notEqual(client.state.name, "live");
  await client.close();
});

Deno.test("close() ends everything that waits", async () => {
  const { clock, client } = await liveHarness();
  const send = assert.rejects(client.sendMessage(20, "x"), { code: "unavailable" });
  const read = assert.rejects(client.history(20), { code: "unavailable" });
  await client.close();
  await Promise.all([send, read]);
  assert.deepEqual(client.state, { name: "ended", reason: "closed" });
  assert.equal(clock.armed, 0);
});

Deno.test("logout ends the session over HTTP, then the client", async () => {
  const { server, client } = await liveHarness();
  server.response = () =>
    new Response(new Uint8Array(), { headers: { "content-type": "application/protobuf" } });
  await client.logout();
  assert.deepEqual(server.posts.map(({ path }) => path), ["/base/api/v1/Logout"]);
  assert.deepEqual(client.state, { name: "ended", reason: "logged out" });
});

for (const status of [401, 403]) {
  Deno.test(`a proxy's ${status} is no answer to a logout`, async () => {
    const { server, client } = await liveHarness();
    server.response = () => page(status);
    await assert.rejects(client.logout(), { code: "unavailable", message: /not a Rookery server/ });
    assert.equal(client.state.name, "live");
    server.response = () => refusal(ErrorCode.UNAUTHENTICATED, 401);
    await client.logout();
    assert.deepEqual(client.state, { name: "ended", reason: "logged out" });
  });
}

Deno.test("nudge gives up a connection that does not answer, and ends a pause", async () => {
  const { server, clock, client } = await liveHarness();
  client.nudge();
  await clock.advance(1000);
  await server.socket.reply(server.socket.frames.at(-1)![0]!, { case: "done", value: {} });
  await clock.advance(10_000);
  assert.equal(client.state.name, "live");
  client.nudge();
  await clock.advance(5000);
  assert.equal(client.state.name, "waiting");
  client.nudge();
  assert.equal(server.sockets.length, 2);
  await client.close();
});

Deno.test("the rest of a frame is dropped with its connection, even if a listener connects at once", async () => {
  const { server, client } = await liveHarness();
  client.on("state", ({ name }) => name === "waiting" && client.connect());
  await server.socket.say(sent(13), sent(11));
  assert.equal(server.sockets.length, 2);
  assert.deepEqual(client.resumePoint().cursors.find(({ stream }) => stream === 20)?.seq, 10);
  await server.socket.welcome({}, [sent(11), sent(12), sent(13)]);
  assert.equal(client.stats.events, 3);
  await client.close();
});

Deno.test("a frame that cannot be read costs the connection, not the client", async () => {
  const { server, clock, client } = await liveHarness();
  server.socket.onmessage?.({ data: new Uint8Array([10, 200, 1]).buffer });
  assert.equal(client.state.name, "waiting");
  await clock.advance(1000);
  await server.socket.welcome();
  assert.equal(client.state.name, "live");
  await client.close();
});

Deno.test("a refused open ends the client or is tried again", async () => {
  const { server, clock, client } = idleHarness();
  client.connect();
  await server.socket.accept();
  const error = { code: ErrorCode.UNAVAILABLE, message: "starting" };
  await server.socket.answer("open", { case: "error", value: error });
  assert.equal(client.state.name, "waiting");
  await clock.advance(1000);
  await server.socket.accept();
  await server.socket.answer("open", { case: "error", value: { ...error, code: ErrorCode.UNAUTHENTICATED } });
  assert.equal(client.state.name, "ended");
});
