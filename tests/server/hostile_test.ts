/** Bytes that no decent client sends: the sender's connection ends, the server goes on with a clean log. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { RawWebSocket } from "./raw_http.ts";
import { type Person, Rig } from "./rig.ts";
import { frameOf, WireSocket } from "./wire_socket.ts";

const TOO_LARGE = 3501;
const MALFORMED = 3502;

/** Runs against one server, which must be in good health afterwards. */
async function survives(
  test: (rig: Rig, person: Person) => Promise<void>,
  options: Parameters<typeof Rig.start>[0] = {},
): Promise<void> {
  await using rig = await Rig.start(options);
  const person = await rig.owner();
  await test(rig, person);
  const wire = await WireSocket.open(rig.socketUrl, { token: person.token });
  wire.send({ id: 9, body: { case: "ping", value: {} } });
  equal((await wire.reply(9)).result.case, "done");
  await wire.close();
  deepEqual(rig.errors(), []);
}

/** The close code that the data brings. */
async function codeFor(
  rig: Rig,
  { token }: Person,
  { data, json = false }: { data: string | Uint8Array<ArrayBuffer>; json?: boolean },
): Promise<{ code: number; reason: string }> {
  const wire = await WireSocket.open(rig.socketUrl, { token, json });
  wire.socket.send(data);
  return await wire.closed;
}

/** The same bytes in every run of the same seed (mulberry32). */
function randomBytes(seed: number, size: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: size }, () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return (mixed ^ (mixed >>> 14)) & 255;
  });
}

Deno.test("an oversized frame ends the connection with 3501", async () => {
  await survives(async (rig, person) => {
    equal((await codeFor(rig, person, { data: new Uint8Array(64 * 1024 + 1) })).code, TOO_LARGE);
    // Who has sent so much owes more than a burst, and would have to wait before the next connection.
    const other = await rig.person("other");
    equal((await codeFor(rig, other, { data: new Uint8Array(1024 * 1024) })).code, TOO_LARGE);
    const { code, reason } = await codeFor(rig, person, { data: "x".repeat(70_000), json: true });
    equal(code, TOO_LARGE);
    match(reason, /at most 65536 bytes/);
  });
});

Deno.test("W5 a frame of text has as many bytes as it takes in UTF-8", async () => {
  await survives(async (rig, person) => {
    const frame = (letter: string, bytes: number) => {
      const [head, tail] = ['{"commands":[{"id":77,"sendMessage":{"text":"', '"}}]}'];
      const letters = Math.floor(
        (bytes - head.length - tail.length) / new TextEncoder().encode(letter).length,
      );
      const text = head + letter.repeat(letters) + tail;
      return text + " ".repeat(bytes - new TextEncoder().encode(text).length);
    };
    for (const letter of ["é", "あ", "🦉"]) {
      const data = frame(letter, 64 * 1024 + 1);
      ok(data.length < 64 * 1024);
      equal((await codeFor(rig, person, { data, json: true })).code, TOO_LARGE, letter);
      const wire = await WireSocket.open(rig.socketUrl, { token: person.token, json: true });
      wire.socket.send(frame(letter, 64 * 1024));
      equal((await wire.reply(77)).result.case, "error", letter);
      await wire.close();
    }
  });
});

Deno.test("text on the binary protocol, and binary on the other, end with 3502", async () => {
  await survives(async (rig, person) => {
    const text = await codeFor(rig, person, { data: "{}" });
    deepEqual(text, { code: MALFORMED, reason: "Frame of the wrong kind: rookery.v1.proto takes binary" });
    equal((await codeFor(rig, person, { data: frameOf(), json: true })).code, MALFORMED);
  });
});

Deno.test("truncated protobuf and broken JSON end with 3502", async () => {
  await survives(async (rig, person) => {
    const whole = frameOf({ id: 1, body: { case: "sendMessage", value: { channelId: 2, text: "hello" } } });
    for (const size of [1, 3, whole.length - 1]) {
      equal((await codeFor(rig, person, { data: whole.slice(0, size) })).code, MALFORMED);
    }
    for (const data of ["", "{", "[]", '{"commands":3}', '{"commands":[{"id":-1}]}', "[".repeat(60_000)]) {
      const { code } = await codeFor(rig, person, { data: data || "null", json: true });
      equal(code, MALFORMED, data.slice(0, 20));
    }
    // Deep nesting in a field that is not known is skipped without recursion or refused, never a crash.
    const groups = new Uint8Array(60_000).fill(0x7b);
    equal((await codeFor(rig, person, { data: groups })).code, MALFORMED);
  });
});

Deno.test("too many commands in one frame end the connection", async () => {
  await survives(async (rig, person) => {
    const ping = { body: { case: "ping" as const, value: {} } };
    const data = frameOf(...Array.from({ length: 257 }, () => ping));
    equal((await codeFor(rig, person, { data })).code, MALFORMED);
  });
});

Deno.test("random bytes never do harm", async () => {
  await survives(async (rig, person) => {
    const seed = 20_260_727;
    for (let at = 0; at < 40; at++) {
      const wire = await WireSocket.open(rig.socketUrl, { token: person.token });
      for (let burst = 0; burst < 5; burst++) {
        wire.socket.send(randomBytes(seed + at * 100 + burst, 1 + at * 10));
      }
      wire.socket.close();
      const { code } = await wire.closed;
      ok([MALFORMED, 1000, 1005, 1006].includes(code), `seed ${seed}, round ${at}: ${code}`);
    }
  });
});

Deno.test("a command that the server does not know gets an error, and the connection lives", async () => {
  await survives(async (rig, { token }) => {
    const wire = await WireSocket.open(rig.socketUrl, { token });
    // Command{id: 5, field 900: empty}: a command of some later version.
    wire.socket.send(new Uint8Array([0x0a, 0x05, 0x08, 0x05, 0xa2, 0x38, 0x00]));
    const unknown = await wire.reply(5);
    equal(unknown.result.case === "error" && unknown.result.value.code, 1);
    wire.send({ id: 6, body: { case: "login", value: { name: "olga", password: "whatever" } } });
    const login = await wire.reply(6);
    equal(login.result.case === "error" && login.result.value.code, 7);
    wire.send({ id: 7, body: { case: "sendMessage", value: { channelId: 4_000_000_000, text: "?" } } });
    const nowhere = await wire.reply(7);
    equal(nowhere.result.case === "error" && nowhere.result.value.code, 4);
    await wire.close();
  });
});

Deno.test("protocol errors and half messages on the raw socket", async () => {
  await survives(async (rig, { token }) => {
    const { port } = rig.app;
    {
      using socket = await RawWebSocket.connect(port, token);
      // A reserved opcode.
      await socket.send(new Uint8Array(3), { opcode: 3 });
      while (typeof await socket.receive() === "object");
    }
    {
      // Fragments that add up to more than a frame may have.
      using socket = await RawWebSocket.connect(port, token);
      for (let at = 0; at < 8; at++) {
        await socket.send(new Uint8Array(16_000), { opcode: at === 0 ? 2 : 0, fin: at === 7 });
      }
      equal(await socket.receive(), TOO_LARGE);
    }
    {
      // Gone in the middle of a frame.
      using socket = await RawWebSocket.connect(port, token);
      await socket.send(new Uint8Array(100), { fin: false });
    }
  });
});
