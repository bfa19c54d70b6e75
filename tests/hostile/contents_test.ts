/** Frames and bodies in good form, whose contents are not. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { exchange, Peer, statuses } from "./peer.ts";
import { CLOSE, handshake, RawSocket, TEXT } from "./raw_socket.ts";
import { type Siege, siege } from "./siege.ts";

const MALFORMED = 3502;
const JSON_TYPE = "application/json";
const PROTO_TYPE = "application/protobuf";

interface Post {
  readonly command?: string;
  readonly type?: string;
  readonly body: string | Uint8Array<ArrayBuffer>;
  readonly headers?: Record<string, string>;
}

async function post(
  { target, mallory }: Siege,
  { command = "SendMessage", type = JSON_TYPE, body, headers }: Post,
) {
  const response = await fetch(`${target.url}/api/v1/${command}`, {
    method: "POST",
    body,
    headers: { authorization: `Bearer ${mallory.token}`, "content-type": type, ...headers },
  });
  return { status: response.status, text: await response.text(), headers: response.headers };
}

/** The code with which a socket ends that was sent this. */
async function fate({ port, mallory }: Siege, data: Uint8Array | string): Promise<number | undefined> {
  const json = typeof data === "string";
  using socket = await RawSocket.open(port, mallory.token, { json });
  await socket.send(data, json ? { opcode: TEXT } : {});
  return await socket.end();
}

/** A field of protobuf with a length. */
function field(number: number, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([...varint((number << 3) | 2), ...varint(payload.length), ...payload]);
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
  return [...bytes, value];
}

/** Field 60 of a command, SendMessage, in a frame. */
function sendFrame(message: Uint8Array): Uint8Array<ArrayBuffer> {
  return field(1, field(60, message));
}

const NOT_UTF8: Readonly<Record<string, number[]>> = {
  "a byte that never occurs": [0xff],
  "an overlong slash": [0xc0, 0xaf],
  "an overlong null": [0xc0, 0x80],
  "a surrogate": [0xed, 0xa0, 0x80],
  "beyond the last character": [0xf4, 0x90, 0x80, 0x80],
  "cut short": [0xe2, 0x82],
  "a continuation alone": [0x80],
};

const DEPTH = 30_000;

siege("contents that are not valid are refused and do no harm", {
  "strings of protobuf that are not UTF-8": async (attack) => {
    for (const [what, bytes] of Object.entries(NOT_UTF8)) {
      const message = Uint8Array.from([0x08, 0x02, ...field(2, Uint8Array.from(bytes))]);
      equal(await fate(attack, sendFrame(message)), MALFORMED, what);
      const { status, text } = await post(attack, { type: PROTO_TYPE, body: message });
      equal(status, 400, `${what}: ${text}`);
      const json = Uint8Array.from([...new TextEncoder().encode('{"text":"'), ...bytes, 0x22, 0x7d]);
      equal((await post(attack, { body: json })).status, 400, what);
    }
  },

  "protobuf that is none": async (attack) => {
    const broken: Record<string, number[]> = {
      "field zero": [0x02, 0x00],
      "a wire type that does not exist": [0x0e],
      "an end without a beginning": [0x0c],
      "a varint without end": Array(20).fill(0xff),
      "a length beyond the end": [0x0a, 0x7f, 0x00],
      "a length of four billion": [0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f],
      "a negative length": [0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
      "a known field of another type": [0x0d, 0, 0, 0, 0],
      "a group that is not ended": [0x7b],
    };
    for (const [what, bytes] of Object.entries(broken)) {
      equal(await fate(attack, Uint8Array.from(bytes)), MALFORMED, what);
    }
  },

  "protobuf-es issue 1434 (recursion without a bound): deep nesting": async (attack) => {
    equal(await fate(attack, new Uint8Array(60_000).fill(0x7b)), MALFORMED);
    const groups = new Uint8Array(60_000).fill(0x7b, 0, 30_000).fill(0x7c, 30_000);
    equal(await fate(attack, groups), MALFORMED);
    let inner: Uint8Array<ArrayBuffer> = new Uint8Array();
    for (let depth = 0; depth < 5000; depth++) inner = field(900, inner);
    equal((await post(attack, { type: PROTO_TYPE, body: inner })).status, 400);
    for (const [open, close] of [["[", "]"], ['{"a":', "}"], ['[{"commands":', "}]"]] as const) {
      const value = open.repeat(DEPTH / open.length) + "1" + close.repeat(DEPTH / open.length);
      equal(await fate(attack, open === '{"a":' ? `{"commands":${value}}` : value), MALFORMED, open);
      for (const body of [value, `{"unknown":${value}}`, `{"channelId":${value}}`]) {
        const { status, text } = await post(attack, { body });
        equal(status, 400, `${open}: ${text}`);
      }
    }
  },

  "unknown fields by the ten thousand are dropped": async (attack) => {
    const { port, mallory } = attack;
    const junk = new Uint8Array(60_000);
    // Field 15, varint 1, thirty thousand times.
    for (let at = 0; at < junk.length; at += 2) junk.set([0x78, 0x01], at);
    using socket = await RawSocket.open(port, mallory.token);
    await socket.send(junk);
    await socket.command({ id: 5, body: { case: "ping", value: {} } });
    await socket.itemsUntil((item) => item.case === "reply" && item.value.id === 5);
    const many = Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [`x${at}`, 1]));
    const list = { command: "ListSessions", body: JSON.stringify(many) };
    equal((await post(attack, { ...list, headers: { "rookery-unknown-fields": "ignore" } })).status, 200);
    equal((await post(attack, list)).status, 400);
    const huge = new Uint8Array(600 * 1024).fill(0x78);
    equal((await post(attack, { command: "ListSessions", type: PROTO_TYPE, body: huge })).status, 400);
  },

  "names that JavaScript's objects have of their own": async (attack) => {
    const keys = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "valueOf"];
    for (const key of keys) {
      const value = `{"${key}":{"polluted":true,"channelId":1,"text":"x"}}`;
      const { status } = await post(attack, { command: "GetServerInfo", body: value });
      ok(status === 200 || status === 400, `${key}: ${status}`);
      const frame = `{"commands":[{"id":5,"${key}":{"polluted":true}}]}`;
      const code = await fateOfJson(attack, frame);
      ok(code === MALFORMED || code === "reply", `${key}: ${code}`);
    }
    const { text } = await post(attack, { command: "GetServerInfo", body: "{}" });
    ok(!text.includes("polluted"));
  },

  "M1 lone surrogates are refused in every text": async (attack) => {
    const lone = String.raw`\ud800`;
    for (
      const [command, body] of [
        ["SendMessage", `{"channelId":${attack.bystanders.channelId},"text":"a${lone}b"}`],
        ["CreateChannel", `{"name":"surrogates","topic":"${lone}"}`],
        ["CreateChannel", `{"name":"${lone}"}`],
        ["UpdateProfile", `{"displayName":"${lone}"}`],
        ["AddReaction", `{"channelId":${attack.bystanders.channelId},"messageSeq":1,"emoji":"${lone}"}`],
      ]
    ) {
      const { status, text } = await post(attack, { command: command!, body: body! });
      equal(status, 400, `${command}: ${text}`);
    }
    for (const command of ["ListUsers", "ListChannels"]) {
      const { status } = await post(attack, { command, body: `{"prefix":"${lone}","after":"${lone}"}` });
      ok(status === 200 || status === 400, command);
    }
  },

  "values out of their range": async (attack) => {
    for (const value of ["-1", "4294967296", "1e400", "0.5", '"x"', "null", "[]", "{}", "true", "NaN"]) {
      const { status } = await post(attack, { command: "GetHistory", body: `{"channelId":${value}}` });
      ok(status === 400 || status === 404, `${value}: ${status}`);
    }
    for (
      const body of ["", "null", "[]", "3", '"x"', "{", '{"channelId":1,"channelId":2}', "\ufeff{}", "{}{}"]
    ) {
      const { status } = await post(attack, { command: "GetHistory", body });
      ok(status === 400 || status === 404, `${body}: ${status}`);
    }
  },

  "W15 compressed bodies are refused, bombs and others": async (attack) => {
    const zeros = new Blob([new Uint8Array(20 * 1024 * 1024)]).stream();
    const bomb = await new Response(zeros.pipeThrough(new CompressionStream("gzip"))).bytes();
    for (const encoding of ["gzip", "deflate", "br", "zstd", "gzip, gzip", "x-gzip", "frob"]) {
      for (const body of [bomb, new TextEncoder().encode("{}")]) {
        const answer = await post(attack, {
          command: "GetServerInfo",
          body,
          headers: { "content-encoding": encoding },
        });
        equal(answer.status, 415, `${encoding}: ${answer.text}`);
        equal(answer.headers.get("accept-encoding"), "identity");
      }
    }
    equal(
      (await post(attack, {
        command: "GetServerInfo",
        body: "{}",
        headers: { "content-encoding": "identity" },
      })).status,
      200,
    );
  },

  "no compression is agreed on for sockets": async ({ port, mallory }) => {
    using peer = await Peer.connect(port);
    await peer.send(handshake({
      port,
      headers:
        `authorization: Bearer ${mallory.token}\nSec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\n`,
    }));
    const answer = await peer.until((text) => text.includes("\r\n\r\n"));
    match(answer, /^HTTP\/1\.1 101/);
    ok(!/sec-websocket-extensions/i.test(answer), answer);
  },

  "keys that are none": async (attack) => {
    const body = `{"channelId":${attack.bystanders.channelId},"text":"x"}`;
    for (const key of ["a b", "x".repeat(65), "x".repeat(60_000), "schl\u00fcssel"]) {
      const { status } = await post(attack, { body, headers: { "idempotency-key": key } });
      equal(status, 400, key.slice(0, 20));
    }
  },

  "media types that are none": async ({ port }) => {
    for (
      const type of [
        "",
        "text/plain",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded",
        "application/jsonp",
        "*/*",
      ]
    ) {
      const answer = await exchange(
        port,
        `POST /api/v1/GetServerInfo HTTP/1.1\nhost: x\ncontent-type: ${type}\ncontent-length: 2\nconnection: close\n\n{}`,
      );
      deepEqual(statuses(answer), [400], type);
    }
  },
});

/** Whether a frame of JSON is answered, or ends its socket, and with which code. */
async function fateOfJson({ port, mallory }: Siege, text: string): Promise<"reply" | number | undefined> {
  using socket = await RawSocket.open(port, mallory.token, { json: true });
  await socket.send(text, { opcode: TEXT });
  const told = await socket.receive();
  if (told?.opcode === CLOSE) return told.payload[0]! * 256 + told.payload[1]!;
  return told && "reply";
}
