/** Requests that never get past their head, or whose body never ends. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { crowd, exchange, Peer, statuses } from "./peer.ts";
import { RawSocket } from "./raw_socket.ts";
import { siege } from "./siege.ts";

const CROWD = 200;
/** More than the buffers between the two can take; Deno's own bound is 64 KiB. */
const HEAD_MAX_BYTES = 64 * 1024 * 1024;
const BODY_MS = 1000;
const POST = "POST /api/v1/Login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n";

/** Sends a line again and again until the server has had enough; its answer and how many bytes it took. */
async function endless(port: number, begin: string, line: string): Promise<{ text: string; bytes: number }> {
  using peer = await Peer.connect(port);
  const many = line.repeat(100);
  let bytes = 0;
  await peer.send(begin);
  while (bytes < HEAD_MAX_BYTES && await peer.send(many)) bytes += many.length;
  // When it goes on reading there is no answer, and this fails.
  return { text: await peer.rest(), bytes };
}

siege("heads and bodies that do not end cost others nothing", {
  "connections that say nothing": async ({ port, undisturbed }) => {
    using _peers = await crowd(port, CROWD);
    await undisturbed();
  },

  "half a head": async ({ port, undisturbed }) => {
    using peers = await crowd(port, CROWD);
    for (const peer of peers) await peer.send("GET /healthz HTTP/1.1\r\nHost: x\r\nX-Half: ");
    await undisturbed();
  },

  "heads that come letter by letter": async ({ port, undisturbed }) => {
    using peers = await crowd(port, 50);
    for (const letter of "GET /healthz HTTP/1.1\r\nX: y\r\n") {
      for (const peer of peers) await peer.send(letter);
    }
    await undisturbed();
  },

  "a head without end is refused": async ({ port }) => {
    const lines = await endless(
      port,
      "GET /healthz HTTP/1.1\r\nHost: x\r\n",
      `X-Filler: ${"y".repeat(100)}\r\n`,
    );
    ok(lines.bytes < HEAD_MAX_BYTES, `${lines.bytes} bytes`);
    for (const begin of ["GET /healthz HTTP/1.1\r\nX-Filler: ", "GET /", ""]) {
      const { text, bytes } = await endless(port, begin, "y".repeat(100));
      ok(bytes < HEAD_MAX_BYTES, `${bytes} bytes after ${begin}`);
      ok(statuses(text).every((status) => status >= 400 && status < 500), text);
    }
  },

  "a thousand header fields are refused": async ({ port }) => {
    const fields = Array.from({ length: 1000 }, (_, at) => `x-${at}: 1\n`).join("");
    const [status] = statuses(
      await exchange(port, `GET /healthz HTTP/1.1\nhost: x\n${fields}connection: close\n\n`),
    );
    ok(status === 400 || status === 431, `${status}`);
  },

  "lists that fill a whole head": async ({ port, undisturbed }) => {
    for (
      const field of [
        "accept-encoding",
        "if-none-match",
        "cookie",
        "sec-websocket-protocol",
        "x-forwarded-for",
      ]
    ) {
      const ask = `GET / HTTP/1.1\nhost: localhost\n${field}: ${"a,".repeat(32_000)}\n`;
      const answer = await exchange(port, `${`${ask}\n`.repeat(60)}${ask}connection: close\n\n`);
      deepEqual(statuses(answer), new Array(61).fill(200), field);
      await undisturbed();
    }
  },

  "L7 bodies slower than slow are given up": async ({ port, undisturbed }) => {
    using peers = await crowd(port, 50);
    for (const peer of peers) await peer.send(`${POST}content-length: 8000\r\n\r\n`);
    let given = 0;
    const answers = peers.map(async (peer) => {
      const text = await peer.until((text) => text.includes("\r\n\r\n"));
      given++;
      return text;
    });
    // A letter now and then does not buy more time.
    while (given < peers.length) {
      for (const peer of peers) await peer.send("y");
      await new Promise((resolve) => setTimeout(resolve, BODY_MS / 10));
    }
    for (const text of await Promise.all(answers)) equal(statuses(text)[0], 408, text);
    await undisturbed();
  },

  "sockets that say nothing after the upgrade": async ({ port, mallory, undisturbed }) => {
    const sockets: RawSocket[] = [];
    for (let at = 0; at < 16; at++) sockets.push(await RawSocket.open(port, mallory.token));
    await undisturbed();
    for (const socket of sockets) socket[Symbol.dispose]();
  },

  "handshakes by the hundred that are not let in": async ({ port, undisturbed }) => {
    const head = "GET /api/v1/socket HTTP/1.1\nhost: x\nconnection: close, upgrade\nupgrade: websocket\n" +
      "sec-websocket-version: 13\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\n";
    const all = await Promise.all(
      Array.from(
        { length: CROWD },
        (_, at) =>
          exchange(
            port,
            `${head}sec-websocket-protocol: rookery.v1.proto, bearer.${at}\nconnection: close\n\n`,
          ),
      ),
    );
    // L3: more than an address may ask for without a session are not even looked at.
    for (const text of all) ok([401, 429].includes(statuses(text)[0]!), text);
    ok(all.some((text) => statuses(text)[0] === 401));
    await undisturbed();
  },
}, { limits: { bodyMs: BODY_MS } });
