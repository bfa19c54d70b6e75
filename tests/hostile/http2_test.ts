/** Deno speaks HTTP/2 over the same port to those who begin with its preface (RFC 9113, section 3.3). */
import { ok } from "node:assert/strict";
import { Peer } from "./peer.ts";
import { siege } from "./siege.ts";

const PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const HEADERS = 1;
const RST_STREAM = 3;
const SETTINGS = 4;
const PING = 6;
const WINDOW_UPDATE = 8;
const CONTINUATION = 9;
const END_STREAM = 1;
const END_HEADERS = 4;

/** One frame (RFC 9113, section 4.1). */
function frame(type: number, stream: number, payload: number[] | Uint8Array, flags = 0): number[] {
  const { length } = payload;
  const id = [stream >> 24, stream >> 16, stream >> 8, stream].map((part) => part & 255);
  return [length >> 16, (length >> 8) & 255, length & 255, type, flags, ...id, ...payload];
}

/** A literal field without indexing, its name from HPACK's static table (RFC 7541, section 6.2.2). */
function literal(index: number, value: string): number[] {
  return [index, value.length, ...new TextEncoder().encode(value)];
}

/** GET /healthz: `:method GET`, `:scheme http`, `:path`, `:authority`. */
const GET = [0x82, 0x86, ...literal(4, "/healthz"), ...literal(1, "x")];

/** Sends all, in parts, and reads along; whether the server has ended the connection. */
async function sends(port: number, frames: Iterable<number[]>): Promise<boolean> {
  using peer = await Peer.connect(port);
  await peer.send(PREFACE);
  await peer.send(Uint8Array.from(frame(SETTINGS, 0, [])));
  const heard = peer.rest().catch(() => "");
  let part: number[] = [];
  for (const one of frames) {
    part.push(...one);
    if (part.length < 32 * 1024) continue;
    if (!await peer.send(Uint8Array.from(part))) break;
    part = [];
  }
  await peer.send(Uint8Array.from(part));
  // Whoever is answered here is through with what was sent before.
  const alive = await peer.send(Uint8Array.from(frame(PING, 0, new Uint8Array(8))));
  await new Promise((resolve) => setTimeout(resolve, 0));
  const { ended } = peer;
  peer[Symbol.dispose]();
  await heard;
  return ended || !alive;
}

function* streams(count: number, make: (stream: number) => number[]): Generator<number[]> {
  for (let at = 0; at < count; at++) yield make(2 * at + 1);
}

/** Whether a GET of /healthz on the stream was answered with 200, which is 0x88 in HPACK's static table. */
async function answered(port: number): Promise<boolean> {
  using peer = await Peer.connect(port);
  await peer.send(PREFACE);
  await peer.send(
    Uint8Array.from([...frame(SETTINGS, 0, []), ...frame(HEADERS, 1, GET, END_STREAM | END_HEADERS)]),
  );
  while (true) {
    const head = await peer.take(9);
    const payload = head && await peer.take(head[0]! * 65_536 + head[1]! * 256 + head[2]!);
    if (!payload) return false;
    if (head[3] === HEADERS) return head[8] === 1 && payload[0] === 0x88;
  }
}

siege("HTTP/2 is no way around the bounds", {
  "a request is answered": async ({ port }) => {
    ok(await answered(port), "This test speaks HTTP/2, and so does the server");
  },

  "CVE-2023-44487 (HTTP/2 rapid reset): requests that are taken back at once": async (
    { port, undisturbed },
  ) => {
    const reset = (stream: number) => [
      ...frame(HEADERS, stream, GET, END_STREAM | END_HEADERS),
      ...frame(RST_STREAM, stream, [0, 0, 0, 8]),
    ];
    for (let round = 0; round < 3; round++) {
      await sends(port, streams(10_000, reset));
      await undisturbed();
    }
  },

  "CVE-2024-27316 (HTTP/2 continuation flood): a head in parts without end": async (
    { port, undisturbed },
  ) => {
    const filler = [0x00, 1, 0x78, 100, ...new Array<number>(100).fill(0x79)];
    function* parts() {
      yield frame(HEADERS, 1, GET, END_STREAM);
      for (let at = 0; at < 20_000; at++) yield frame(CONTINUATION, 1, filler);
    }
    ok(await sends(port, parts()), "The server has ended it");
    await undisturbed();
  },

  "a field from the dynamic table, again and again": async ({ port, undisturbed }) => {
    // RFC 7541, section 7: 4,000 bytes that one byte of each request asks for once more.
    const large = [0x40, 1, 0x78, 0x7f, 0xa1, 0x1e, ...new Array<number>(4000).fill(0x79)];
    const bomb = [...GET, ...new Array<number>(10_000).fill(0xbe)];
    function* parts() {
      yield frame(HEADERS, 1, [...GET, ...large], END_STREAM | END_HEADERS);
      for (let stream = 3; stream < 203; stream += 2) {
        yield frame(HEADERS, stream, bomb, END_STREAM | END_HEADERS);
      }
    }
    await sends(port, parts());
    await undisturbed();
  },

  "settings, pings and windows without end": async ({ port, undisturbed }) => {
    await sends(port, streams(20_000, () => frame(SETTINGS, 0, [])));
    await sends(port, streams(20_000, () => frame(PING, 0, new Uint8Array(8))));
    await sends(port, streams(20_000, () => frame(WINDOW_UPDATE, 0, [0x7f, 0xff, 0xff, 0xff])));
    await undisturbed();
  },

  "streams that are opened and never end": async ({ port, undisturbed }) => {
    await sends(port, streams(5000, (stream) => frame(HEADERS, stream, GET, END_HEADERS)));
    await undisturbed();
  },

  "frames that make no sense": async ({ port, undisturbed }) => {
    for (
      const bytes of [
        frame(HEADERS, 0, GET),
        frame(CONTINUATION, 1, GET),
        frame(200, 1, GET),
        frame(RST_STREAM, 9, [1]),
      ]
    ) {
      await sends(port, [bytes]);
    }
    await sends(port, [new Array<number>(50_000).fill(255)]);
    await undisturbed();
  },
});
