/** How much a user or an address may ask for: over all sockets and by POST, and how often they may connect. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { CloseCode } from "../../src/chat/connections/close_code.ts";
import { DEFAULT_LIMITS } from "../../src/chat/limits.ts";
import { Budget, ratesOf } from "../../src/server/admission/budget.ts";
import { Budgets } from "../../src/server/admission/budgets.ts";
import { Rig } from "./rig.ts";
import { WireSocket } from "./wire_socket.ts";

const JSON_TYPE = { "content-type": "application/json" };

function ask(rig: Rig, command: string, headers: Record<string, string>): Promise<Response> {
  return fetch(`${rig.url}/api/v1/${command}`, {
    method: "POST",
    body: "{}",
    headers: { ...JSON_TYPE, ...headers },
  });
}

/** Statuses of so many requests, one after the other, and the last answer that was a refusal. */
async function flood(
  rig: Rig,
  command: string,
  headers: Record<string, string> = {},
): Promise<{ statuses: number[]; refused: Response | undefined; body: { retryAfterMs?: number } }> {
  const statuses: number[] = [];
  let refused: Response | undefined;
  let body = {};
  for (let at = 0; at < 8; at++) {
    const response = await ask(rig, command, headers);
    statuses.push(response.status);
    if (response.status === 429) [refused, body] = [response, await response.json()];
    else await response.body?.cancel();
  }
  return { statuses, refused, body };
}

/** One command every 20 s, so that no slow machine gets another one during the test. */
const SLOW = { commandsPerSecond: 0.05, commandBurst: 5 };
const FIVE_AND_THREE = [200, 200, 200, 200, 200, 429, 429, 429];

Deno.test("L2 by POST every user has a budget over all sessions, and is told how long to wait", async () => {
  await using rig = await Rig.start({ limits: { ...SLOW } });
  const [olga, pia] = [await rig.owner(), await rig.person("pia")];
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const { statuses, refused, body } = await flood(rig, "ListSessions", bearer(olga.token));
  deepEqual(statuses, FIVE_AND_THREE);
  ok(body.retryAfterMs! > 1000 && body.retryAfterMs! <= 20_000, `${body.retryAfterMs}`);
  equal(refused!.headers.get("retry-after"), String(Math.ceil(body.retryAfterMs! / 1000)));
  deepEqual((await flood(rig, "ListSessions", bearer(pia.token))).statuses, FIVE_AND_THREE);
});

Deno.test("L2 by POST without a session the address has the rate, an IPv6 network as a whole", async () => {
  await using rig = await Rig.start({ limits: { ...SLOW }, settings: { trustedProxies: ["127.0.0.1"] } });
  const from = (address: string) => ({ "x-forwarded-for": address });
  deepEqual((await flood(rig, "GetServerInfo", from("2001:db8::1"))).statuses, FIVE_AND_THREE);
  for (const [address, status] of [["2001:db8::2", 429], ["2001:db8:0:1::2", 200], ["192.0.2.1", 200]]) {
    const response = await ask(rig, "GetServerInfo", from(String(address)));
    await response.body?.cancel();
    equal(response.status, status, String(address));
  }
  // A token that is none is counted like no token.
  const guesses = await flood(rig, "ListSessions", { ...from("192.0.2.2"), authorization: "Bearer wrong" });
  deepEqual(guesses.statuses, [401, 401, 401, 401, 401, 429, 429, 429]);
});

const RATES = ratesOf("user", {
  ...DEFAULT_LIMITS,
  commandsPerSecond: 1,
  commandBurst: 2,
  refusalsPerSecond: 1,
  refusalBurst: 3,
  overRatePauseMs: 5000,
  handshakesPerUser: 4,
  handshakeRefillMs: 8000,
  connectionsPerUser: 2,
});

Deno.test("L2 what a command costs beyond its unit is owed, and the next one waits for it", () => {
  const budget = new Budget({ rates: RATES }, 0);
  equal(budget.take(1, 0), 0);
  equal(budget.take(5, 0), 0);
  // Four are owed, and one has to be there.
  equal(budget.take(1, 0), 5000);
  budget.charge(2);
  equal(budget.take(1, 1000), 6000);
  equal(budget.take(1, 7000), 0);
  equal(budget.isFull(8999), false);
  equal(budget.isFull(9000), true);
});

Deno.test("L2 a clock that leaps back takes nothing away, and lengthens no pause", () => {
  const budget = new Budget({ rates: RATES }, 1_000_000);
  equal(budget.take(1, 1_000_000), 0);
  equal(budget.take(1, 0), 0);
  equal(budget.take(1, 1000), 0);
  equal(budget.refused(100, 900_000), false);
  equal(budget.handshakeWaitMs(0), 5000);
});

Deno.test("L2 refusals are put up with at a rate of their own, then handshakes wait as well", () => {
  const budget = new Budget({ rates: RATES }, 0);
  equal(budget.refused(3, 0), true);
  equal(budget.refused(1, 1000), true);
  equal(budget.refused(1, 1500), false);
  equal(budget.handshakeWaitMs(1500), 5000);
  equal(budget.takeHandshake(6499), 1);
  equal(budget.takeHandshake(6500), 0);
  // However much was refused, one second gives one back.
  equal(budget.refused(1_000_000, 7000), false);
  equal(budget.refused(1, 9000), true);
});

Deno.test("L3 a handshake is taken while there is one, and all come back in the time that is set", () => {
  const budget = new Budget({ rates: RATES }, 0);
  for (let at = 0; at < 4; at++) equal(budget.takeHandshake(0), 0);
  equal(budget.takeHandshake(0), 2000);
  equal(budget.takeHandshake(2000), 0);
  // Every connection may be made anew twice, whatever the limit on handshakes is.
  equal(ratesOf("user", { ...DEFAULT_LIMITS, handshakesPerUser: 1 }).handshakeBurst, 32);
  const { handshakesPerAddress, connectionsPerAddress } = DEFAULT_LIMITS;
  ok(handshakesPerAddress >= 2 * connectionsPerAddress);
});

Deno.test("L2 budgets are kept for so many callers: the quietest go first, those with connections stay", () => {
  const budgets = new Budgets<string>(RATES, { quietMax: 3 });
  budgets.hold("held", 0).charge(100);
  for (const key of ["a", "b", "c"]) budgets.of(key, 0).charge(2);
  for (const key of ["a", "b", "c"]) ok(budgets.of(key, 1).take(1, 1) > 0, key);
  budgets.of("d", 2).charge(2);
  equal(budgets.size, 4);
  for (const key of ["b", "c", "d", "held"]) ok(budgets.of(key, 3).take(1, 3) > 0, key);
  // What is full again by time alone need not be remembered.
  budgets.of("e", 2100);
  equal(budgets.size, 2);
  // A debt is not forgotten with the last connection.
  budgets.release("held", 2100);
  ok(budgets.of("held", 2100).take(1, 2100) > 90_000);
});

/** A socket that has used nothing of its user's budget: it sends no Open. */
async function unopened(rig: Rig, token: string): Promise<WireSocket> {
  const wire = new WireSocket(rig.socketUrl, { token });
  equal(await wire.opened, true);
  return wire;
}

/** Replies to so many pings on a new socket: how many were done and how many refused. */
async function pings(rig: Rig, token: string, count: number) {
  const wire = await unopened(rig, token);
  const ids = Array.from({ length: count }, (_, at) => at + 100);
  wire.send(...ids.map((id) => ({ id, body: { case: "ping" as const, value: {} } })));
  const results = await Promise.all(ids.map(async (id) => (await wire.reply(id)).result.case));
  return { wire, done: results.filter((result) => result === "done").length };
}

Deno.test("L2 all sockets of a user and POST draw on one budget, and it outlives the sockets", async () => {
  await using rig = await Rig.start({ limits: { commandsPerSecond: 0.05, commandBurst: 20 } });
  const { token } = await rig.owner();
  const pia = await rig.person("pia");
  let done = 0;
  for (let round = 0; round < 6; round++) {
    const socket = await pings(rig, token, 5);
    done += socket.done;
    await socket.wire.close();
  }
  equal(done, 20);
  const refused = await ask(rig, "ListSessions", { authorization: `Bearer ${token}` });
  equal(refused.status, 429);
  await refused.body?.cancel();
  const other = await pings(rig, pia.token, 5);
  equal(other.done, 5);
  await other.wire.close();
  deepEqual(rig.errors(), []);
});

Deno.test("L2 W10 who goes on over the rate is told how long to stay away, closed, and not let in before", async () => {
  const limits = { commandsPerSecond: 1, commandBurst: 10, refusalsPerSecond: 1, refusalBurst: 50 };
  await using rig = await Rig.start({ limits });
  const { token } = await rig.owner();
  const pia = await rig.person("pia");
  const bystander = await WireSocket.open(rig.socketUrl, { token: pia.token });
  const wire = await WireSocket.open(rig.socketUrl, { token });
  wire.send(
    ...Array.from({ length: 200 }, (_, at) => ({ id: at + 100, body: { case: "ping", value: {} } as const })),
  );
  const goodbye = await wire.take("goodbye");
  deepEqual([goodbye.code, goodbye.retryAfterMs], [CloseCode.OVER_RATE, 10_000]);
  equal((await wire.closed).code, CloseCode.OVER_RATE);
  const again = new WireSocket(rig.socketUrl, { token });
  equal(await again.opened, false);
  const told = await fetch(`${rig.url}/api/v1/socket`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
  });
  equal(told.status, 429);
  ok(Number(told.headers.get("retry-after")) >= 1);
  await told.body?.cancel();
  bystander.send({ id: 9, body: { case: "ping", value: {} } });
  equal((await bystander.reply(9)).result.case, "done");
  await bystander.close();
  deepEqual(rig.errors(), []);
});

Deno.test("L2 frames without a command and large ones over the rate are counted, too", async () => {
  const limits = { commandsPerSecond: 0.05, commandBurst: 5, refusalsPerSecond: 0.05, refusalBurst: 100 };
  await using rig = await Rig.start({ limits });
  const [{ token }, pia] = [await rig.owner(), await rig.person("pia")];
  const empty = await unopened(rig, token);
  // Five units, and 100 refusals.
  for (let at = 0; at < 105 + 1; at++) empty.send();
  equal((await empty.closed).code, CloseCode.OVER_RATE);
  const large = await unopened(rig, pia.token);
  const text = "x".repeat(16_000);
  // The first two are taken, and cost as much as they are long; a refused one counts for each KiB.
  for (let at = 0; at < 2 + 7; at++) {
    large.send({ id: at, body: { case: "sendMessage", value: { channelId: 1, text } } });
  }
  // What it goes on sending may break the closing off, so that its code is lost.
  equal((await large.take("goodbye")).code, CloseCode.OVER_RATE);
  await large.closed;
  deepEqual(rig.errors(), []);
});

/** 60 KB that no reader understands. */
const UNREADABLE = "[".repeat(60_000);

Deno.test("L2 what cannot be read is paid for by its bytes, on both doors", async () => {
  await using rig = await Rig.start({ limits: { commandsPerSecond: 0.05, commandBurst: 20 } });
  const [olga, pia] = [await rig.owner(), await rig.person("pia")];
  const post = async (token: string, body: string) => {
    const headers = { ...JSON_TYPE, authorization: `Bearer ${token}` };
    const response = await fetch(`${rig.url}/api/v1/ListSessions`, { method: "POST", body, headers });
    await response.body?.cancel();
    return response.status;
  };
  // 14 units each: a second one may begin, and owes.
  const statuses = await Promise.all(Array.from({ length: 10 }, () => post(olga.token, UNREADABLE)));
  const read = statuses.filter((status) => status === 400).length;
  ok(read === 1 || read === 2, statuses.join());
  equal(statuses.filter((status) => status === 429).length, 10 - read);
  for (let at = 0; at < 2; at++) {
    const wire = await unopened(rig, pia.token);
    wire.socket.send(new Uint8Array(60_000).fill(0xff));
    equal((await wire.closed).code, CloseCode.MALFORMED);
  }
  equal(await post(pia.token, "{}"), 429);
  deepEqual(rig.errors(), []);
});

Deno.test("L2 L3 who owes more than a burst, as for a frame of megabytes, opens no connection until that is paid", async () => {
  await using rig = await Rig.start({ limits: { commandsPerSecond: 0.05, commandBurst: 20 } });
  const [olga, pia] = [await rig.owner(), await rig.person("pia")];
  const connects = async ({ token }: { token: string }) => {
    const wire = new WireSocket(rig.socketUrl, { token });
    const opened = await wire.opened;
    await wire.close();
    return opened;
  };
  const wire = await unopened(rig, olga.token);
  wire.socket.send(new Uint8Array(2 * 1024 * 1024));
  equal((await wire.closed).code, CloseCode.TOO_LARGE);
  equal(await connects(olga), false);
  const small = await unopened(rig, pia.token);
  small.socket.send(new Uint8Array(100_000));
  equal((await small.closed).code, CloseCode.TOO_LARGE);
  equal(await connects(pia), true);
  deepEqual(rig.errors(), []);
});

Deno.test("L3 handshakes have a rate per user and per address, by which those without a session are counted apart", async () => {
  await using rig = await Rig.start({
    limits: {
      handshakesPerUser: 6,
      connectionsPerUser: 3,
      handshakesPerAddress: 9,
      connectionsPerAddress: 4,
      commandBurst: 20,
      commandsPerSecond: 0.05,
      handshakeRefillMs: 600_000,
    },
    settings: { trustedProxies: ["127.0.0.1"] },
  });
  const [olga, pia] = [await rig.owner(), await rig.person("pia")];
  const connects = async (token: string, from: string) => {
    const wire = new WireSocket(rig.socketUrl, { token, headers: { "x-forwarded-for": from } });
    const opened = await wire.opened;
    await wire.close();
    return opened;
  };
  // One after the other, so that it is not the connections that are too many.
  const many = async (token: string, from: string, count: number) => {
    let opened = 0;
    for (let at = 0; at < count; at++) if (await connects(token, from)) opened++;
    return opened;
  };
  equal(await many("wrong", "192.0.2.1", 30), 0);
  const status = async (token: string, from: string) => {
    const response = await fetch(`${rig.url}/api/v1/socket`, {
      headers: { authorization: `Bearer ${token}`, "x-forwarded-for": from },
    });
    await response.body?.cancel();
    return response.status;
  };
  equal(await status("wrong", "192.0.2.1"), 400);
  equal(await many(olga.token, "192.0.2.1", 8), 6);
  equal(await many(pia.token, "192.0.2.1", 4), 3);
  equal(await many(pia.token, "192.0.2.2", 4), 2);
});
