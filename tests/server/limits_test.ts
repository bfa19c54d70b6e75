/** What one client may take: commands a second, connections of a user and of an address. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { SendBudget } from "../../src/server/sockets/send_budget.ts";
import { Rig, until } from "./rig.ts";
import { WireSocket } from "./wire_socket.ts";

const PATIENCE_MS = 60_000;

async function opens(rig: Rig, token: string): Promise<WireSocket | undefined> {
  const wire = new WireSocket(rig.socketUrl, { token });
  if (await wire.opened) return wire;
  await wire.closed;
  return undefined;
}

/** As soon as there is a place: the server notices a moment later that a connection is closed. */
async function opensSoon(rig: Rig, token: string): Promise<WireSocket> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const wire = await opens(rig, token);
    if (wire) return wire;
    ok(performance.now() < deadline, "No place becomes free");
  }
}

Deno.test("too many commands are refused with the time to wait, and the connection lives", async () => {
  await using rig = await Rig.start({ limits: { commandsPerSecond: 20, commandBurst: 10 } });
  const { token } = await rig.owner();
  const wire = await WireSocket.open(rig.socketUrl, { token });
  const ids = Array.from({ length: 40 }, (_, at) => at + 100);
  wire.send(...ids.map((id) => ({ id, body: { case: "ping" as const, value: {} } })));
  const replies = await Promise.all(ids.map((id) => wire.reply(id)));
  const refused = replies.flatMap(({ result }) => result.case === "error" ? [result.value] : []);
  ok(refused.length >= 30, `${refused.length} refused`);
  for (const { code, retryAfterMs } of refused) {
    equal(code, 6);
    ok(retryAfterMs >= 1 && retryAfterMs <= 100, `${retryAfterMs}`);
  }
  // After the time it was told, the client is welcome again.
  await new Promise((resolve) => setTimeout(resolve, refused.at(-1)!.retryAfterMs + 5));
  wire.send({ id: 1000, body: { case: "ping", value: {} } });
  equal((await wire.reply(1000)).result.case, "done");
  await wire.close();
  deepEqual(rig.errors(), []);
});

Deno.test("connections per user are limited, and a closed one makes room", async () => {
  await using rig = await Rig.start({ limits: { connectionsPerUser: 3 } });
  const { token } = await rig.owner();
  const pia = await rig.person("pia");
  const sockets = [await opens(rig, token), await opens(rig, token), await opens(rig, token)];
  equal(await opens(rig, token), undefined);
  const other = await opens(rig, pia.token);
  ok(other);
  const refusal = await fetch(`${rig.url}/api/v1/socket`, {
    headers: { authorization: `Bearer ${token}`, upgrade: "websocket" },
  });
  await refusal.body?.cancel();
  await sockets[0]!.close();
  const again = await opensSoon(rig, token);
  for (const socket of [...sockets.slice(1), other, again]) await socket!.close();
});

Deno.test("L3 handshakes that are under way count, and those that come to nothing do not", async () => {
  await using rig = await Rig.start({ limits: { connectionsPerUser: 3, connectionsPerAddress: 30 } });
  const { token } = await rig.owner();
  const many = await Promise.all(Array.from({ length: 20 }, () => opens(rig, token)));
  const open = many.filter((socket) => socket !== undefined);
  equal(open.length, 3);
  await Promise.all(open.map((socket) => socket.close()));
  // Neither refused handshakes nor those of peers that are gone before they open keep a place.
  for (let round = 0; round < 40; round++) await hangUp(rig.app.port, token);
  await until("all places are free again", () => rig.app.core.chat.stats().connections === 0);
  // Some of those peers may be noticed only now.
  const again = await Promise.all([opensSoon(rig, token), opensSoon(rig, token), opensSoon(rig, token)]);
  await Promise.all(again.map((socket) => socket.close()));
});

/** A handshake whose peer does not wait for the answer. */
async function hangUp(port: number, token: string): Promise<void> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const head = `GET /api/v1/socket HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\n` +
    "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
    `Sec-WebSocket-Protocol: rookery.v1.proto\r\nAuthorization: Bearer ${token}\r\n\r\n`;
  await connection.write(new TextEncoder().encode(head));
}

Deno.test("connections per address are limited, and a closed one makes room", async () => {
  await using rig = await Rig.start({ limits: { connectionsPerAddress: 2 } });
  const { token } = await rig.owner();
  const pia = await rig.person("pia");
  const first = await opens(rig, token);
  const second = await opens(rig, pia.token);
  equal(await opens(rig, pia.token), undefined);
  await first!.close();
  const third = await opensSoon(rig, pia.token);
  for (const socket of [second, third]) await socket!.close();
});

Deno.test("behind a trusted proxy the client's own address counts", async () => {
  await using rig = await Rig.start({
    limits: { connectionsPerAddress: 1 },
    settings: { trustedProxies: ["127.0.0.1"] },
  });
  const { token } = await rig.owner();
  const from = (address: string) =>
    new WireSocket(rig.socketUrl, { token, headers: { "x-forwarded-for": address } });
  const first = from("203.0.113.7");
  ok(await first.opened);
  const second = from("10.0.0.1, 203.0.113.7");
  equal(await second.opened, false);
  const third = from("203.0.113.8");
  ok(await third.opened);
  await Promise.all([first, third].map((socket) => socket.close()));
  await second.closed;
});

Deno.test("L3 an IPv6 network counts as one address, and an IPv4 address in IPv6's form as itself", async () => {
  await using rig = await Rig.start({
    limits: { connectionsPerAddress: 2 },
    settings: { trustedProxies: ["127.0.0.1"] },
  });
  const { token } = await rig.owner();
  const sockets: WireSocket[] = [];
  for (
    const [address, allowed] of [
      ["2001:db8::1", true],
      ["2001:DB8:0:0:1::2", true],
      ["2001:db8::ffff:ffff:ffff:ffff", false],
      ["2001:db8:0:0:2:3:4:5", false],
      ["2001:db8:0:1::1", true],
      ["::ffff:198.51.100.1", true],
      ["198.51.100.1", true],
      ["::ffff:198.51.100.1", false],
      ["198.51.100.2", true],
    ] as const
  ) {
    const headers = { "x-forwarded-for": `192.0.2.9, ${address}` };
    const socket = new WireSocket(rig.socketUrl, { token, headers });
    sockets.push(socket);
    equal(await socket.opened, allowed, address);
  }
  await Promise.all(sockets.map((socket) => socket.close()));
});

Deno.test("R7 what may wait unsent is bounded for all sockets together", () => {
  const budget = new SendBudget({ unsentBytes: 1000, unsentBytesTotal: 10_000, frameBytes: 100 });
  for (let at = 0; at < 40; at++) budget.join();
  equal(budget.bytes, 1000);
  budget.change(0, 4999);
  equal(budget.bytes, 1000);
  budget.change(1000, 1001);
  equal(budget.bytes, 250);
  for (let at = 0; at < 960; at++) budget.join();
  equal(budget.bytes, 100);
  budget.leave(500);
  equal(budget.bytes, 1000);
});
