/** Frames that RFC 6455 does not allow, or allows and nobody needs. */
import { equal, ok } from "node:assert/strict";
import { BINARY, CLOSE, frame, PING, PONG, RawSocket, type Shape, TEXT } from "./raw_socket.ts";
import { type Siege, siege } from "./siege.ts";

const TOO_LARGE = 3501;
const MALFORMED = 3502;
const LIMIT = 64 * 1024;
const CONTINUATION = 0;

type Sent = readonly [payload: Uint8Array | string, shape?: Shape];

/** Sends frames over a socket of their own; the code with which the server ends it, if it says one. */
async function fate({ port, mallory }: Siege, ...frames: Sent[]): Promise<number | undefined> {
  using socket = await RawSocket.open(port, mallory.token);
  for (const [payload, shape] of frames) if (!await socket.send(payload, shape)) break;
  return await socket.end();
}

const bytes = (size: number) => new Uint8Array(size);

/** What the protocol forbids; the server must end each of these connections. */
const FORBIDDEN: Readonly<Record<string, readonly Sent[]>> = {
  "a first reserved bit, as of compression": [[bytes(4), { rsv: 4 }]],
  "a second reserved bit": [[bytes(4), { rsv: 2 }]],
  "a third reserved bit": [[bytes(4), { rsv: 1 }]],
  "a reserved bit on a ping": [[bytes(4), { rsv: 4, opcode: PING }]],
  ...Object.fromEntries(
    [3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map((opcode) => [`opcode ${opcode}`, [[bytes(2), { opcode }]]]),
  ),
  "a ping of 126 bytes": [[bytes(126), { opcode: PING }]],
  "a close of 126 bytes": [[bytes(126), { opcode: CLOSE }]],
  "a ping in parts": [[bytes(4), { opcode: PING, fin: false }]],
  "a close in parts": [[bytes(2), { opcode: CLOSE, fin: false }]],
  "a continuation of nothing": [[bytes(4), { opcode: CONTINUATION }]],
  "a last continuation of nothing": [[bytes(0), { opcode: CONTINUATION, fin: true }]],
  "a message begun within another": [[bytes(4), { fin: false }], [bytes(4)]],
  "a close with a single byte": [[bytes(1), { opcode: CLOSE }]],
  "a close with a reason that is not UTF-8": [[new Uint8Array([3, 232, 0xff, 0xfe]), { opcode: CLOSE }]],
  ...Object.fromEntries(
    [0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535].map((code) => [
      `a close with code ${code}`,
      [[new Uint8Array([code >> 8, code & 255]), { opcode: CLOSE }]],
    ]),
  ),
  "text that is not UTF-8": [[new Uint8Array([0xff, 0xfe]), { opcode: TEXT }]],
  "text in parts that is not UTF-8": [
    [new Uint8Array([0xe2, 0x82]), { opcode: TEXT, fin: false }],
    [new Uint8Array([0x28]), { opcode: CONTINUATION }],
  ],
};

/** What the protocol forbids as well, and Deno takes. It must harm nobody. */
const TOLERATED: Readonly<Record<string, readonly Sent[]>> = {
  "a pong of 70,000 bytes": [[bytes(70_000), { opcode: PONG }]],
  "text begun within binary": [[bytes(4), { fin: false }], ["x", { opcode: TEXT, fin: false }]],
  // Nothing but a cache in between is at stake, and a mask of zeros, which is allowed, is the same bytes.
  "frames without a mask": [[bytes(0), { masked: false }], [bytes(0), { masked: false, opcode: PING }]],
};

siege("frames that are not allowed end their connection and nothing else", {
  "what the protocol forbids": async (attack) => {
    for (const [what, frames] of Object.entries(FORBIDDEN)) {
      // Ended: with or without a last word. A server that took it would leave this waiting.
      const code = await fate(attack, ...frames);
      ok(code === undefined || code >= 1000, what);
    }
  },

  "what the protocol forbids, and Deno takes": async ({ port, mallory, undisturbed }) => {
    for (const frames of Object.values(TOLERATED)) {
      using socket = await RawSocket.open(port, mallory.token);
      for (const [payload, shape] of frames) await socket.send(payload, shape);
      await undisturbed();
    }
  },

  "W5 messages over the limit, whole and in parts": async (attack) => {
    equal(await fate(attack, [bytes(LIMIT + 1)]), TOO_LARGE);
    const parts = (size: number, count: number): Sent[] =>
      Array.from({ length: count }, (_, at) => [
        bytes(size),
        { opcode: at === 0 ? BINARY : CONTINUATION, fin: at === count - 1 },
      ]);
    equal(await fate(attack, ...parts(16_000, 8)), TOO_LARGE);
    equal(await fate(attack, ...parts(1, 70_000)), TOO_LARGE);
    equal(await fate(attack, ...parts(0, 1000), [bytes(1)]), MALFORMED);
  },

  "a message in parts with pings in between is whole": async ({ port, mallory }) => {
    using socket = await RawSocket.open(port, mallory.token);
    const whole = new Uint8Array([0x0a, 0x04, 0x08, 0x07, 0x5a, 0x00]);
    for (let at = 0; at < whole.length; at++) {
      const [opcode, fin] = [at === 0 ? BINARY : CONTINUATION, at === whole.length - 1];
      await socket.send(whole.subarray(at, at + 1), { opcode, fin });
      await socket.send(`${at}`, { opcode: PING });
    }
    const pongs: string[] = [];
    let answered = false;
    while (!answered || pongs.length < whole.length) {
      const told = await socket.receive();
      ok(told?.opcode === PONG || told?.opcode === BINARY, "It lives");
      if (told.opcode === PONG) pongs.push(new TextDecoder().decode(told.payload));
      else answered = true;
    }
    equal(pongs.join(""), "012345");
  },

  "a length of 64 bits with nothing behind it": async ({ port, mallory, undisturbed }) => {
    const sockets: RawSocket[] = [];
    for (
      const length of [2n ** 26n, 2n ** 31n - 1n, 2n ** 32n, 2n ** 53n, 2n ** 62n, 2n ** 63n, 2n ** 64n - 1n]
    ) {
      const socket = await RawSocket.open(port, mallory.token);
      sockets.push(socket);
      await socket.send("", { length });
      await socket.send("", { length, opcode: TEXT, fin: false });
    }
    await undisturbed();
    for (const socket of sockets) socket[Symbol.dispose]();
  },

  "a small length in a wide form": async ({ port, mallory, undisturbed }) => {
    using socket = await RawSocket.open(port, mallory.token);
    await socket.peer.send(
      new Uint8Array([0x82, 0x80 | 127, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0xff, 0xff]),
    );
    const code = await socket.end();
    ok(code === undefined || code >= 1000, `${code}`);
    await undisturbed();
  },

  "a flood of pings, whose pongs nobody reads": async ({ port, mallory, undisturbed }) => {
    using socket = await RawSocket.open(port, mallory.token);
    const ping = frame(bytes(125), { opcode: PING });
    const many = new Uint8Array(ping.length * 500);
    for (let at = 0; at < 500; at++) many.set(ping, at * ping.length);
    // Once its pongs wait, the server reads no more.
    await socket.peer.sendUntilStuck(many, { bytes: 64 * 1024 * 1024, stuckMs: 500 });
    await undisturbed();
  },

  "a flood of pongs and of empty frames": async ({ port, mallory, undisturbed }) => {
    using socket = await RawSocket.open(port, mallory.token);
    for (const opcode of [PONG, BINARY]) {
      const many = new Uint8Array(6 * 2000);
      for (let at = 0; at < 2000; at++) many.set(frame("", { opcode }), at * 6);
      for (let at = 0; at < 100; at++) await socket.peer.send(many);
      await undisturbed();
    }
  },

  "bytes that were never meant as frames": async ({ port, mallory, undisturbed }) => {
    for (
      const text of [
        "GET / HTTP/1.1\r\n\r\n".repeat(20),
        "\0".repeat(500),
        "\xff".repeat(500),
        "\x16\x03\x01",
      ]
    ) {
      using socket = await RawSocket.open(port, mallory.token);
      await socket.peer.send(Uint8Array.from(text, (letter) => letter.charCodeAt(0)));
      await undisturbed();
    }
  },
});
