import assert from "node:assert/strict";
import { create, fromBinary, toBinary, toJsonString } from "@bufbuild/protobuf";
import {
  checkInvite,
  InviteState,
  login,
  request,
  RookeryClient,
  RookeryError,
  serverInfo,
  type WebSocketClass,
} from "../../src/client/mod.ts";
import { CheckInviteSchema, LoginSchema } from "../../src/wire/gen/rookery/v1/command_pb.ts";
import { InviteCheckSchema, SessionTokenSchema } from "../../src/wire/gen/rookery/v1/frame_pb.ts";
import { ErrorCode, ErrorSchema } from "../../src/wire/gen/rookery/v1/model_pb.ts";
import { FakeServer } from "./fake_server.ts";
import { ManualClock, settle } from "./manual_clock.ts";

const BASE = "https://chat.test/rooms";

function answer(body: BodyInit, status = 200, type = "application/protobuf"): () => Response {
  return () => new Response(body, { status, headers: { "content-type": type } });
}

Deno.test("login posts the message and returns the token", async () => {
  const server = new FakeServer();
  const token = create(SessionTokenSchema, { token: "t", user: { id: 7 }, sessionId: 3 });
  server.response = answer(toBinary(SessionTokenSchema, token));
  const session = await login(BASE, { name: "ada", password: "secret" }, { fetch: server.fetch });
  assert.deepEqual([session.token, session.user.id, session.sessionId], ["t", 7, 3]);
  const [post] = server.posts;
  assert.equal(post?.path, "/rooms/api/v1/Login");
  assert.equal(post.headers.get("content-type"), "application/protobuf");
  assert.equal(post.headers.get("authorization"), null);
  assert.equal(fromBinary(LoginSchema, post.body).name, "ada");
});

Deno.test("what is no server's address is said at once, and so is a runtime without WebSocket", async () => {
  const server = new FakeServer();
  for (const base of ["chat.test", "localhost:8080", "ws://chat.test", ""]) {
    const wrong = (error: unknown) => {
      assert(error instanceof RookeryError);
      assert.equal(error.code, "invalid_argument");
      assert.match(error.message, /begins with http:\/\/ or https:\/\//);
      return true;
    };
    await assert.rejects(login(base, { name: "ada", password: "secret" }, { fetch: server.fetch }), wrong);
    assert.throws(() => new RookeryClient(base), wrong);
  }
  assert.equal(server.posts.length, 0);
  const own = globalThis.WebSocket;
  try {
    globalThis.WebSocket = undefined as unknown as typeof WebSocket;
    assert.throws(
      () => new RookeryClient(BASE),
      (error) => error instanceof RookeryError && error.code === "failed_precondition",
    );
    new RookeryClient(BASE, { WebSocket: own as unknown as WebSocketClass });
  } finally {
    globalThis.WebSocket = own;
  }
});

Deno.test("a call that makes no sense is refused before there is a connection", async () => {
  await using client = new RookeryClient(BASE);
  const refused = (message: RegExp) => (error: unknown) => {
    assert(error instanceof RookeryError);
    assert.equal(error.code, "invalid_argument");
    assert.match(error.message, message);
    return true;
  };
  await assert.rejects(client.history(20, { before: 5, around: 3 }), refused(/give one of the three/));
  await assert.rejects(
    client.call("sendMesage" as "sendMessage", {}),
    refused(/No such command: sendMesage/),
  );
});

Deno.test("an invite is asked about without a session", async () => {
  const server = new FakeServer();
  const check = create(InviteCheckSchema, { state: InviteState.EXPIRED, reason: "The invite has expired" });
  server.response = answer(toBinary(InviteCheckSchema, check));
  const { state, reason } = await checkInvite(BASE, "code", { fetch: server.fetch });
  assert.deepEqual([state, reason], [InviteState.EXPIRED, "The invite has expired"]);
  const [post] = server.posts;
  assert.equal(post?.path, "/rooms/api/v1/CheckInvite");
  assert.equal(fromBinary(CheckInviteSchema, post.body).inviteCode, "code");
});

Deno.test("a request carries token, key and encoding", async () => {
  const server = new FakeServer();
  server.response = answer('{"stream":20,"seq":5}', 200, "application/json; charset=utf-8");
  const options = { token: "t", key: "k", format: "json", fetch: server.fetch } as const;
  const stored = await request(BASE, ["sendMessage", { channelId: 20, text: "hi" }], options);
  assert.equal(stored.seq, 5);
  const { headers, body } = server.posts[0]!;
  assert.equal(headers.get("authorization"), "Bearer t");
  assert.equal(headers.get("idempotency-key"), "k");
  assert.deepEqual(JSON.parse(new TextDecoder().decode(body)), { channelId: 20, text: "hi" });
});

Deno.test("a refusal throws the server's words", async () => {
  const server = new FakeServer();
  const error = create(ErrorSchema, {
    code: ErrorCode.RESOURCE_EXHAUSTED,
    message: "slow down",
    retryAfterMs: 900,
  });
  server.response = answer(toJsonString(ErrorSchema, error), 429, "application/json");
  await assert.rejects(login(BASE, { name: "a", password: "b" }, { fetch: server.fetch }), (thrown) => {
    assert.deepEqual(thrown instanceof RookeryError && [thrown.code, thrown.message, thrown.retryAfterMs], [
      "resource_exhausted",
      "slow down",
      900,
    ]);
    return true;
  });
});

Deno.test("answers of proxies, rubbish and silence have codes too", async () => {
  const server = new FakeServer();
  const { fetch } = server;
  server.response = answer("<h1>Bad gateway</h1>", 502, "text/html");
  await assert.rejects(serverInfo(BASE, { fetch }), { code: "unavailable" });
  server.response = answer("hello", 200, "text/html");
  await assert.rejects(serverInfo(BASE, { fetch }), { code: "internal" });
  server.response = answer(new Uint8Array([255]), 200);
  await assert.rejects(serverInfo(BASE, { fetch }), { code: "internal" });
  server.response = undefined;
  await assert.rejects(serverInfo(BASE, { fetch }), { code: "unavailable" });
  await assert.rejects(serverInfo(BASE, { fetch, signal: AbortSignal.abort(new Error("enough")) }), /enough/);
});

Deno.test("a login that is told how to wait goes on while nobody answers, and stops at a refusal or an abort", async () => {
  const server = new FakeServer();
  const clock = new ManualClock();
  const credentials = { name: "ada", password: "secret" };
  const { fetch } = server;
  await assert.rejects(login(BASE, credentials, { fetch }), { code: "unavailable" });
  const told: [string, number][] = [];
  const waiting = ({ code }: RookeryError, waitMs: number) => void told.push([code, waitMs]);
  const options = { fetch, waiting, clock, random: () => 0.5 };

  const session = login(BASE, credentials, options);
  await settle();
  await clock.advance(150);
  const busy = { code: ErrorCode.RESOURCE_EXHAUSTED, message: "slow down", retryAfterMs: 900 };
  server.response = answer(toBinary(ErrorSchema, create(ErrorSchema, busy)), 429);
  await clock.advance(300);
  server.response = answer(
    toBinary(SessionTokenSchema, create(SessionTokenSchema, { token: "t", user: { id: 7 } })),
  );
  await clock.advance(1500);
  assert.equal((await session).token, "t");
  assert.deepEqual(told, [["unavailable", 150], ["unavailable", 300], ["resource_exhausted", 1500]]);

  const wrong = { code: ErrorCode.UNAUTHENTICATED, message: "wrong" };
  server.response = answer(toBinary(ErrorSchema, create(ErrorSchema, wrong)), 401);
  await assert.rejects(login(BASE, credentials, options), { code: "unauthenticated" });
  assert.equal(told.length, 3);

  server.response = undefined;
  const enough = new AbortController();
  const given = login(BASE, credentials, { ...options, signal: enough.signal });
  const up = assert.rejects(given, /enough/);
  await settle();
  enough.abort(new Error("enough"));
  await up;
  assert.equal(clock.armed, 0);
});
