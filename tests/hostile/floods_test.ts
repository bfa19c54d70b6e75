/** Too much of what is allowed. */
import { equal, ok } from "node:assert/strict";
import { CloseCode } from "../../src/chat/connections/close_code.ts";
import { login, register, request, RookeryError } from "../../src/client/mod.ts";
import { crowd, exchange, statuses } from "./peer.ts";
import { handshake, RawSocket } from "./raw_socket.ts";
import { type Siege, siege } from "./siege.ts";
import { PASSWORD, signIn } from "./target.ts";

const COMMANDS_PER_FRAME = 200;
const FRAMES = 150;

/** How many ended which way: by the refusal's code, or "ok". */
async function outcomes(work: Promise<unknown>[]): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const one of await Promise.allSettled(work)) {
    const reason = one.status === "fulfilled"
      ? "ok"
      : (one.reason as RookeryError).code ?? String(one.reason);
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return counts;
}

/** Sends frames of such commands as fast as the server takes them, until it hangs up. */
async function flood(
  { port, mallory, undisturbed }: Siege,
  command: (id: number) => Parameters<RawSocket["command"]>[0],
) {
  using socket = await RawSocket.open(port, mallory.token);
  await socket.command({ id: 1, body: { case: "open", value: {} } });
  const told = socket.itemsUntil((item) => item.case === "goodbye");
  const sent = (async () => {
    for (let at = 0, id = 1; at < FRAMES; at++) {
      await socket.command(...Array.from({ length: COMMANDS_PER_FRAME }, () => command(++id)));
    }
    // Its end of the connection may be gone.
  })().catch(() => {});
  const items = await told;
  const goodbye = items.find((item) => item.case === "goodbye");
  ok(goodbye?.case === "goodbye" && goodbye.value.retryAfterMs > 0, "It is told how long to stay away");
  equal(goodbye.value.code, CloseCode.OVER_RATE);
  // A peer that goes on writing may not get to read the close frame.
  await socket.end();
  await sent;
  const replies = items.flatMap((item) => item.case === "reply" ? [item.value.result.case] : []);
  const refused = replies.filter((result) => result === "error").length;
  // Of 30,000 commands so many were looked at.
  ok(refused > 500 && replies.length < 3000, `${refused} of ${replies.length} refused`);
  equal(
    statuses(
      await exchange(
        port,
        handshake({ port, headers: `authorization: Bearer ${mallory.token}\n`, close: true }),
      ),
    )[0],
    429,
  );
  await undisturbed();
}

siege("floods are refused, and nobody else is slowed down", {
  "L2 commands on a socket: pings": (attack) =>
    flood(attack, (id) => ({ id, body: { case: "ping", value: {} } })),

  "L2 commands on a socket: messages": (attack) => {
    const { channelId } = attack.bystanders;
    return flood(attack, (id) => ({ id, body: { case: "sendMessage", value: { channelId, text: "spam" } } }));
  },

  "L2 commands by POST": async ({ target, mallory, undisturbed }) => {
    const ask = () => request(target.url, ["listSessions", {}], { token: mallory.token });
    const counts = await outcomes(Array.from({ length: 600 }, ask));
    ok(counts.get("resource_exhausted")! > 50, JSON.stringify([...counts]));
    equal(counts.get("ok")! + counts.get("resource_exhausted")!, 600);
    await undisturbed();
  },

  "A5 logins: guesses at one account": async ({ target, mallory, undisturbed }) => {
    const guess = (_: unknown, at: number) =>
      login(target.url, { name: "owner", password: `guess number ${at}` });
    const counts = await outcomes(Array.from({ length: 60 }, guess));
    equal(counts.get("ok"), undefined);
    ok(counts.get("unauthenticated")! <= 12, JSON.stringify([...counts]));
    await undisturbed();
    // Nobody else is locked out by it.
    ok((await login(target.url, signIn(mallory))).token);
  },

  "A5 logins: one guess at each of many accounts": async ({ target, undisturbed }) => {
    const guess = (_: unknown, at: number) => login(target.url, { name: `nobody-${at}`, password: PASSWORD });
    const counts = await outcomes(Array.from({ length: 300 }, guess));
    equal(counts.get("ok"), undefined);
    equal(counts.get("internal"), undefined);
    await undisturbed();
  },

  "A5 registrations": async ({ target, undisturbed }) => {
    const join = (_: unknown, at: number) =>
      register(target.url, { name: `crowd-${at}`, password: PASSWORD });
    const counts = await outcomes(Array.from({ length: 300 }, join));
    // 50 a second from one address and 10 s of waiting for a password worker are the bounds.
    ok(counts.get("resource_exhausted")! > 0, JSON.stringify([...counts]));
    equal(counts.get("internal"), undefined);
    await undisturbed();
  },

  "L3 connections of one user": async ({ port, mallory, undisturbed }) => {
    const headers = `authorization: Bearer ${mallory.token}\n`;
    using peers = await crowd(port, 60);
    const answers = await Promise.all(peers.map(async (peer) => {
      await peer.send(handshake({ port, headers }));
      return statuses(await peer.until((text) => text.includes("\r\n\r\n")))[0];
    }));
    equal(answers.filter((status) => status === 101).length, 16);
    equal(answers.filter((status) => status === 429).length, 44);
    await undisturbed();
  },

  "L3 connections from one address, of many users": async ({ port, target, undisturbed }) => {
    const tokens: string[] = [];
    for (let at = 0; at < 3; at++) tokens.push((await target.person()).token);
    using peers = await crowd(port, 60);
    const answers = await Promise.all(peers.map(async (peer, at) => {
      await peer.send(handshake({ port, headers: `authorization: Bearer ${tokens[at % 3]}\n` }));
      return statuses(await peer.until((text) => text.includes("\r\n\r\n")))[0];
    }));
    // The bystanders have two of the 40, and keep them.
    equal(answers.filter((status) => status === 101).length, 38);
    await undisturbed();
  },

  "connections that come and go": async ({ port, mallory, undisturbed }) => {
    for (let round = 0; round < 20; round++) {
      using peers = await crowd(port, 20);
      await Promise.all(
        peers.map((peer) =>
          peer.send(handshake({ port, headers: `authorization: Bearer ${mallory.token}\n` }))
        ),
      );
    }
    await undisturbed();
    // All places are free again.
    for (let tries = 0;; tries++) {
      try {
        using _socket = await RawSocket.open(port, mallory.token);
        break;
      } catch (error) {
        if (tries > 100) throw error;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  },

  "requests on one connection without end": async ({ port, undisturbed }) => {
    const many = "GET /healthz HTTP/1.1\nhost: x\n\n".repeat(3000);
    const answer = await exchange(port, `${many}GET /healthz HTTP/1.1\nhost: x\nconnection: close\n\n`);
    equal(statuses(answer).length, 3001);
    await undisturbed();
  },
}, { limits: { connectionsPerAddress: 40 } });
