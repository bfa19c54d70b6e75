/** The end of a server, and of requests, whose peers do not do their part. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { request } from "../../src/client/mod.ts";
import { rawRequest, RawWebSocket } from "./raw_http.ts";
import { Rig } from "./rig.ts";

const HALF_POST =
  "POST /api/v1/Login HTTP/1.1\nhost: x\ncontent-type: application/json\ncontent-length: 100\n\n{";
/** `startApp` gives peers a few seconds; the rest is for slow machines. Peers that are waited for never let go. */
const STOP_MAX_MS = 60_000;

/** A peer that sends this and then does nothing any more. */
async function mute(port: number, sent: string): Promise<Deno.TcpConn> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await connection.write(new TextEncoder().encode(sent.replaceAll("\n", "\r\n")));
  return connection;
}

/** What the other side sends until it ends the connection. */
async function received(connection: Deno.TcpConn): Promise<string> {
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(64 * 1024);
  let text = "";
  for (;;) {
    const size = await connection.read(buffer).catch(() => null);
    if (size === null) return text;
    text += decoder.decode(buffer.subarray(0, size), { stream: true });
  }
}

Deno.test("O1 no peer can put off the end: half requests, answers not read, sockets that do not close", async () => {
  await using rig = await Rig.start();
  const { token } = await rig.owner();
  const { port } = rig.app;
  const peers = [
    await mute(port, HALF_POST),
    await mute(port, "GET /heal"),
    await mute(port, "GET /healthz HTTP/1.1\nhost: x\n\n"),
    await mute(port, "GET / HTTP/1.1\nhost: x\n\n".repeat(200)),
  ];
  using socket = await RawWebSocket.connect(port, token);
  // Answered, so all that was sent before has arrived.
  await request(rig.url, ["getServerInfo", {}]);
  const beforeMs = performance.now();
  await rig.stop();
  ok(performance.now() - beforeMs < STOP_MAX_MS);
  for (const peer of peers) {
    await received(peer);
    peer.close();
  }
  let last = await socket.receive();
  while (typeof last === "object") last = await socket.receive();
  equal(last, 3000);
  deepEqual(rig.errors(), []);
});

Deno.test("L7 a body that does not come in time is refused, and others are answered meanwhile", async () => {
  await using rig = await Rig.start({ limits: { bodyMs: 200 } });
  const slow = rawRequest(rig.app.port, HALF_POST);
  await request(rig.url, ["getServerInfo", {}]);
  const answer = await slow;
  match(answer, /^HTTP\/1\.1 408 .*"ERROR_CODE_UNAVAILABLE".*did not come within 0\.2 s: send it again/s);
  match(answer, /^connection: close\r$/im);
  deepEqual(rig.errors(), []);
});

Deno.test("L7 a stranger's long body is refused by its length, unread, and a member's is taken", async () => {
  await using rig = await Rig.start();
  const { token } = await rig.owner();
  const { port } = rig.app;
  const head = "POST /api/v1/GetServerInfo HTTP/1.1\nhost: x\ncontent-type: application/json\n";
  // Not a byte of the body follows, so that only the head can have been the reason.
  const unread = await rawRequest(port, `${head}content-length: 8193\n\n`);
  match(unread, /^HTTP\/1\.1 400 .*Request too large: at most 8192 bytes/s);
  const padded = (size: number) => `{}${" ".repeat(size - 2)}`;
  const chunk = `2001\n${padded(0x2001)}\n0\n\n`;
  match(
    await rawRequest(port, `${head}transfer-encoding: chunked\n\n${chunk}`),
    /^HTTP\/1\.1 400 .*too large/s,
  );
  match(await rawRequest(port, `${head}content-length: 8192\n\n${padded(8192)}`), /^HTTP\/1\.1 200 /);
  const member = `${head}authorization: Bearer ${token}\n`;
  match(await rawRequest(port, `${member}content-length: 65536\n\n${padded(65536)}`), /^HTTP\/1\.1 200 /);
  const over = await rawRequest(port, `${member}content-length: 65537\n\n`);
  match(over, /^HTTP\/1\.1 400 .*Request too large: at most 65536 bytes/s);
  deepEqual(rig.errors(), []);
});

Deno.test("O1 what is under way at the end is answered", async () => {
  await using rig = await Rig.start();
  const { name, password } = await rig.owner();
  // Hashing takes its time in a worker.
  const body = JSON.stringify({ name, password });
  const head = `POST /api/v1/Login HTTP/1.1\nhost: x\ncontent-type: application/json\ncontent-length: `;
  using peer = await mute(rig.app.port, `${head}${body.length}\n\n${body}`);
  // Answered, so what was sent before has arrived.
  await request(rig.url, ["getServerInfo", {}]);
  const [answer] = await Promise.all([received(peer), rig.stop()]);
  match(answer, /^HTTP\/1\.1 (200 .*"token":|503 .*The server is stopping: )/s);
});
