/** The end of a server, and of requests, whose peers do not do their part. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { request } from "../../src/client/mod.ts";
import { rawRequest, RawWebSocket } from "./raw_http.ts";
import { Rig } from "./rig.ts";

const HALF_POST =
  "POST /api/v1/Login HTTP/1.1\nhost: x\ncontent-type: application/json\ncontent-length: 100\n\n{";
/** What `startApp` gives peers, and room for a slow machine. */
const STOP_MAX_MS = 8000;

/** A peer that sends this and then does nothing any more. */
async function mute(port: number, sent: string): Promise<Deno.TcpConn> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await connection.write(new TextEncoder().encode(sent.replaceAll("\n", "\r\n")));
  return connection;
}

/** Whether the other side has ended the connection, whatever it sent before. */
async function ended(connection: Deno.TcpConn): Promise<true> {
  const buffer = new Uint8Array(64 * 1024);
  while (await connection.read(buffer).catch(() => null) !== null);
  return true;
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
    ok(await ended(peer));
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

Deno.test("O1 what is under way at the end is answered", async () => {
  await using rig = await Rig.start();
  const { name, password } = await rig.owner();
  // Hashing takes its time in a worker.
  const login = request(rig.url, ["login", { name, password }]).then(() => "done", ({ message }) => message);
  await request(rig.url, ["getServerInfo", {}]);
  const [answer] = await Promise.all([login, rig.stop()]);
  match(answer, /^(done|The server is stopping: .*)$/);
});
