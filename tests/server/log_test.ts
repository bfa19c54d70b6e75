/** What the log says of requests, connections and commands, and that answers and lines find each other. */
import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { login, request, RookeryError } from "../../src/client/mod.ts";
import { rawRequest } from "./raw_http.ts";
import { Rig, until } from "./rig.ts";
import { WireSocket } from "./wire_socket.ts";

type Line = Record<string, unknown>;

function linesOf(rig: Rig, event?: string): Line[] {
  const lines = rig.logged.map((line) => JSON.parse(line) as Line);
  return event === undefined ? lines : lines.filter((line) => line["event"] === event);
}

async function lineOf(rig: Rig, event: string, fields: Line): Promise<Line> {
  const fits = (line: Line) => Object.entries(fields).every(([name, value]) => line[name] === value);
  await until(`${event} with ${JSON.stringify(fields)}`, () => linesOf(rig, event).some(fits));
  return linesOf(rig, event).find(fits)!;
}

Deno.test("every response has the name of its request, also in the error of a command", async () => {
  await using rig = await Rig.start({ log: { level: "debug" } });
  const ids = new Set<string>();
  for (const path of ["/", "/healthz", "/readyz", "/nowhere", "/api/v1/socket", "/api/v1/Nothing"]) {
    const response = await fetch(rig.url + path, { headers: { "x-request-id": "not-a-proxy" } });
    await response.body?.cancel();
    const id = response.headers.get("x-request-id")!;
    match(id, /^[0-9a-f]{16}$/);
    ids.add(id);
    const line = await lineOf(rig, "request", { request: id });
    equal(line["status"], response.status);
    equal(line["level"], "debug");
  }
  equal(ids.size, 6);
  for (const [name, body] of [["GetServerInfo", "{"], ["ListUsers", "{}"], ["Nothing", "{}"]]) {
    const response = await fetch(`${rig.url}/api/v1/${name}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: body!,
    });
    equal((await response.json()).requestId, response.headers.get("x-request-id"), name!);
  }
  const error = await login(rig.url, { name: "nobody", password: "nothing like it" }).catch((error) => error);
  ok(error instanceof RookeryError);
  const refused = await lineOf(rig, "command_refused", { request: error.requestId });
  deepEqual([refused["command"], refused["reason"]], ["login", "unauthenticated"]);
});

Deno.test("a trusted proxy names requests, as long as the names are sane", async () => {
  await using rig = await Rig.start({ settings: { trustedProxies: ["127.0.0.1"] } });
  const named = async (id: string) => {
    const response = await fetch(`${rig.url}/healthz`, { headers: { "x-request-id": id } });
    await response.body?.cancel();
    return response.headers.get("x-request-id")!;
  };
  for (const id of ["5f2b1c9e-7d1d-4c55-9a59-0a7e5a3cf1b2", "a", "a.b_c-1"]) equal(await named(id), id);
  for (const id of ["", "a b", "ä", '"', "a".repeat(65), "a\tb"]) match(await named(id), /^[0-9a-f]{16}$/);
});

Deno.test("the line about a request says who, what kind of address, and how long, and nothing of the query", async () => {
  await using rig = await Rig.start({ log: { requests: "info" } });
  const olga = await rig.owner();
  rig.logged.length = 0;
  await request(rig.url, ["listChannels", {}], { token: olga.token });
  const line = await lineOf(rig, "request", { route: "/api/v1/ListChannels" });
  equal(line["user"], olga.user.id);
  equal(line["method"], "POST");
  equal(line["address"], "127.0.0.1");
  equal(line["level"], "info");
  ok(typeof line["duration_ms"] === "number" && line["duration_ms"] >= 0);
  await (await fetch(`${rig.url}/some/secret-place?token=secret-query`)).body?.cancel();
  await rawRequest(rig.app.port, "SECRETMETHOD / HTTP/1.1\nhost: x\nconnection: close\n\n");
  await lineOf(rig, "request", { route: "other" });
  await lineOf(rig, "request", { method: "other" });
  for (const name of ["SecretCommand", "listChannels", "ListChannels/secret", "__proto__", "socket/secret"]) {
    const before = rig.logged.length;
    await (await fetch(`${rig.url}/api/v1/${name}`, { method: "POST" })).body?.cancel();
    await until(
      "the line",
      () => rig.logged.slice(before).some((line) => line.includes('"route":"/api/v1/*"')),
    );
  }
  ok(!/secret/i.test(rig.logged.join("\n")));
});

Deno.test("without debug nothing is written of requests, connections and refusals", async () => {
  await using rig = await Rig.start();
  const olga = await rig.owner();
  await using _ = await rig.live(olga);
  await rejects(request(rig.url, ["getHistory", { channelId: 999_999 }], { token: olga.token }));
  deepEqual(linesOf(rig), []);
});

Deno.test("a connection is told when it opens and closes, with the same number and what it did", async () => {
  await using rig = await Rig.start({ log: { level: "debug" } });
  const olga = await rig.owner();
  const wire = await WireSocket.open(rig.socketUrl, { token: olga.token, json: true });
  const opened = await lineOf(rig, "connection_opened", { user: olga.user.id });
  equal(opened["format"], "rookery.v1.json");
  equal(opened["connection"], 1);
  equal((await lineOf(rig, "request", { status: 101 }))["request"], opened["request"]);
  wire.send({ id: 2, body: { case: "getHistory", value: { channelId: 999_999 } } });
  await wire.reply(2);
  const refused = await lineOf(rig, "command_refused", { connection: 1 });
  deepEqual([refused["user"], refused["command"], refused["reason"]], [
    olga.user.id,
    "getHistory",
    "not_found",
  ]);
  await wire.close();
  const closed = await lineOf(rig, "connection_closed", { connection: 1 });
  equal(closed["by"], "peer");
  equal(closed["user"], olga.user.id);
  equal(closed["frames_in"], 2);
  ok((closed["frames_out"] as number) >= 2 && (closed["bytes_out"] as number) > 100);
  ok((closed["duration_ms"] as number) >= 0);

  const broken = await WireSocket.open(rig.socketUrl, { token: olga.token, json: true });
  broken.socket.send("{ broken");
  await broken.closed;
  const ended = await lineOf(rig, "connection_closed", { connection: 2 });
  deepEqual([ended["by"], ended["close_code"], ended["reason"]], ["server", 3502, "malformed"]);
  ok(!rig.logged.join().includes("broken"), "the reason for the peer may quote the peer");
});

Deno.test("what fails inside is told with request or connection, user and stack, and answered as internal", async () => {
  await using rig = await Rig.start();
  const olga = await rig.owner();
  const wire = await WireSocket.open(rig.socketUrl, { token: olga.token });
  const { store } = rig.app.core;
  Object.defineProperty(store, "history", {
    value: () => {
      throw new TypeError("The reader broke");
    },
  });
  const channelId = store.channelByName("general")!.id;
  const error = await request(rig.url, ["getHistory", { channelId }], { token: olga.token }).catch((e) => e);
  equal(error.code, "internal");
  const byPost = await lineOf(rig, "command_failed", { request: error.requestId });
  deepEqual([byPost["user"], byPost["command"], byPost["level"]], [olga.user.id, "getHistory", "error"]);
  match(String(byPost["error"]), /^TypeError: The reader broke\n +at /);
  equal(byPost["address"], undefined);
  wire.send({ id: 7, body: { case: "getHistory", value: { channelId } } });
  const reply = await wire.reply(7);
  equal(reply.result.case === "error" && reply.result.value.message.includes("broke"), false);
  await lineOf(rig, "command_failed", { connection: 1 });
  await wire.close();
});

Deno.test("a handshake, a command or a page that breaks the server is a 500 with a name, and a line", async () => {
  await using rig = await Rig.start();
  const olga = await rig.owner();
  const { chat } = rig.app.core;
  Object.defineProperty(chat, "authenticate", {
    value: () => {
      throw new RangeError("The disk is gone");
    },
  });
  const authorization = `Bearer ${olga.token}`;
  const headers = { authorization, "content-type": "application/json" };
  const command = await fetch(`${rig.url}/api/v1/ListUsers`, { method: "POST", headers, body: "{}" });
  equal(command.status, 500);
  const { requestId, code } = await command.json();
  equal(code, "ERROR_CODE_INTERNAL");
  match(
    String((await lineOf(rig, "request_failed", { request: requestId }))["error"]),
    /RangeError: The disk/,
  );
  const answer = await rawRequest(
    rig.app.port,
    [
      "GET /api/v1/socket HTTP/1.1",
      "host: x",
      "connection: Upgrade",
      "upgrade: websocket",
      "sec-websocket-version: 13",
      "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==",
      "sec-websocket-protocol: rookery.v1.proto",
      `authorization: ${authorization}`,
      "\n",
    ].join("\n"),
  );
  match(answer, /^HTTP\/1.1 500 /);
  const [, id] = /x-request-id: (\S+)/i.exec(answer)!;
  await lineOf(rig, "request_failed", { request: id });
});
