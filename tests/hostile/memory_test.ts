/** What makes the server hold memory for somebody, and that it has an end. */
import { equal, ok } from "node:assert/strict";
import { request } from "../../src/client/mod.ts";
import { crowd, Peer, statuses } from "./peer.ts";
import { RawSocket, TEXT } from "./raw_socket.ts";
import { plateaus, type Siege, siege } from "./siege.ts";

const MIB = 1024 * 1024;
const LARGE_TEXT = "y".repeat(16 * 1024);
const PAGE_MESSAGES = 100;
const AT_ONCE = 20;

/** Sends the largest messages there can be to the bystanders' channel. */
async function largeMessages({ target, mallory, bystanders }: Siege, count: number): Promise<void> {
  const { channelId } = bystanders;
  const send = () =>
    request(target.url, ["sendMessage", { channelId, text: LARGE_TEXT }], { token: mallory.token });
  for (let sent = 0; sent < count; sent += AT_ONCE) await Promise.all(Array.from({ length: AT_ONCE }, send));
}

/** A request for a page of history, whose answer of 1.6 MiB its sender does not read. */
function historyRequest({ bystanders, mallory }: Siege): string {
  const body = JSON.stringify({ channelId: bystanders.channelId });
  return `POST /api/v1/GetHistory HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${mallory.token}\r\n` +
    `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
}

const LIMITS = { commandsPerSecond: 100_000, commandBurst: 100_000 };

siege("memory that peers can take has a bound, and is given back", {
  "heads that are not finished": async (attack) => {
    const part = "GET /healthz HTTP/1.1\r\nHost: x\r\n" + `X-Filler: ${"y".repeat(1000)}\r\n`.repeat(90);
    await plateaus(attack, async () => {
      using peers = await crowd(attack.port, 100);
      for (const peer of peers) await peer.send(part);
      await attack.undisturbed();
    }, { growthMiB: 120, againMiB: 24 });
  },

  "bodies that are not finished": async (attack) => {
    const head = "POST /api/v1/Login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n";
    await plateaus(attack, async () => {
      using peers = await crowd(attack.port, 100);
      const body = "y".repeat(60_000);
      for (const peer of peers) await peer.send(`${head}content-length: 65536\r\n\r\n${body}`);
      await attack.undisturbed();
    }, { growthMiB: 120, againMiB: 24 });
  },

  "bodies without end, which nobody reads": async (attack) => {
    const part = new Uint8Array(MIB);
    const fields = `host: x\r\ncontent-type: application/json\r\ncontent-length: ${1024 * MIB}\r\n\r\n`;
    await plateaus(attack, async () => {
      for (const line of ["POST /nowhere", "GET /", "POST /api/v1/Login", "GET /api/v1/socket"]) {
        using peer = await Peer.connect(attack.port);
        await peer.send(`${line} HTTP/1.1\r\n${fields}`);
        await peer.sendUntilStuck(part, { bytes: 48 * MIB, stuckMs: 300 });
      }
      await attack.undisturbed();
    }, { growthMiB: 120, againMiB: 24 });
  },

  "CVE-2026-5740 (Mattermost): memory reserved by the length that a frame tells": async (attack) => {
    const { port, mallory } = attack;
    await plateaus(attack, async () => {
      const sockets: RawSocket[] = [];
      for (let at = 0; at < 16; at++) {
        const socket = await RawSocket.open(port, mallory.token);
        sockets.push(socket);
        // Deno takes frames up to 64 MiB: sixteen of them would be a gigabyte.
        await socket.send("y", { length: 64n * BigInt(MIB) });
      }
      await attack.undisturbed();
      for (const socket of sockets) socket[Symbol.dispose]();
    }, { growthMiB: 120, againMiB: 24 });
    // Without a session there is no socket to send frames on at all.
    using peer = await Peer.connect(port);
    await peer.send(
      "GET /api/v1/socket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n" +
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
        "Sec-WebSocket-Protocol: rookery.v1.proto\r\n\r\n",
    );
    await peer.send(new Uint8Array([0x82, 0xff, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0]));
    equal(statuses(await peer.rest())[0], 401);
  },

  "a message of many parts is held while it lasts, and no longer": async (attack) => {
    const { port, mallory } = attack;
    await plateaus(attack, async () => {
      using socket = await RawSocket.open(port, mallory.token);
      const part = new Uint8Array(MIB);
      // SECURITY.md: Deno has no bound for their sum.
      for (let at = 0; at < 24; at++) await socket.send(part, { opcode: at === 0 ? 2 : 0, fin: false });
      await attack.undisturbed();
    }, { growthMiB: 200, againMiB: 40 });
  },

  "R7 frames that a reader never takes": async (attack) => {
    const { port, mallory } = attack;
    await plateaus(attack, async () => {
      const sockets: RawSocket[] = [];
      for (let at = 0; at < 8; at++) {
        const socket = await RawSocket.open(port, mallory.token, { json: at % 2 === 0 });
        sockets.push(socket);
        if (at % 2 === 0) await socket.send('{"commands":[{"open":{}}]}', { opcode: TEXT });
        else await socket.command({ body: { case: "open", value: {} } });
      }
      // 16 MiB for each of eight; unbounded they would be 128.
      await largeMessages(attack, 1000);
      await attack.undisturbed();
      for (const socket of sockets) socket[Symbol.dispose]();
    }, { growthMiB: 200, againMiB: 40 });
  },

  "R7 pages of history by the hundred, asked for in one frame": async (attack) => {
    await largeMessages(attack, PAGE_MESSAGES);
    const { channelId } = attack.bystanders;
    await plateaus(attack, async () => {
      // 1.6 MiB for each of 200 on each of 8 sockets would be 2.5 GiB, and as many seconds without a turn of the loop.
      const sockets: RawSocket[] = [];
      for (let at = 0; at < 8; at++) {
        const socket = await RawSocket.open(attack.port, attack.mallory.token, { json: at % 2 === 0 });
        sockets.push(socket);
        const ids = Array.from({ length: 200 }, (_, id) => id + 1);
        if (at % 2 === 0) {
          const commands = ids.map((id) => ({ id, getHistory: { channelId } }));
          await socket.send(JSON.stringify({ commands }), { opcode: TEXT });
        } else {
          await socket.command(
            ...ids.map((id) => ({ id, body: { case: "getHistory" as const, value: { channelId } } })),
          );
        }
      }
      await attack.undisturbed();
      for (const socket of sockets) socket[Symbol.dispose]();
    }, { growthMiB: 250, againMiB: 60 });
  },

  "R7 answers by POST that nobody reads": async (attack) => {
    await largeMessages(attack, PAGE_MESSAGES);
    const ask = historyRequest(attack);
    await plateaus(attack, async () => {
      // 1.6 MiB for each of 200 would be 320.
      using peers = await crowd(attack.port, 200);
      for (const peer of peers) await peer.send(ask.repeat(4));
      await attack.undisturbed();
    }, { growthMiB: 200, againMiB: 40 });
    // Who reads is answered: at once, or after what was left unread is gone.
    for (let tries = 0;; tries++) {
      const { channelId } = attack.bystanders;
      const page = await request(attack.target.url, ["getHistory", { channelId }], {
        token: attack.mallory.token,
      })
        .catch((error) => error);
      if (page.messages) break;
      ok(page.code === "resource_exhausted" && tries < 200, `${page}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  },
}, { limits: LIMITS, growthMiB: 300 });
