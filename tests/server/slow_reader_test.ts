/** A peer that stops reading costs the server a bounded amount of memory, and nobody else anything. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { fromBinary } from "@bufbuild/protobuf";
import { type Item, ServerFrameSchema } from "../../src/wire/gen/rookery/v1/frame_pb.ts";
import { RawWebSocket } from "./raw_http.ts";
import { type Person, Rig, until } from "./rig.ts";
import { frameOf, WireSocket } from "./wire_socket.ts";

const MESSAGES = 20_000;
const TEXT = "slow ".repeat(820);
const SLOW_READERS = 12;
/**
 * Without a bound every slow reader would have 80 MB waiting for it, all of
 * them nearly a gigabyte. About 150 MB is what the test itself and the
 * garbage of 20,000 messages take, without any slow reader.
 */
const GROWTH_MAX_BYTES = 450 * 1024 * 1024;
/** A reader that is waited for never lets go; the rest is for slow machines. */
const STOP_MAX_MS = 60_000;
const LIMITS = { commandsPerSecond: 1_000_000, commandBurst: 1_000_000 };

const OPEN = frameOf({ id: 1, body: { case: "open", value: {} } });

async function slowReader(rig: Rig, { token }: Person): Promise<RawWebSocket> {
  const socket = await RawWebSocket.connect(rig.app.port, token);
  await socket.send(OPEN);
  await itemsUntil(socket, (item) => item.case === "caughtUp");
  return socket;
}

/** Reads up to the first item that fits. */
async function itemsUntil(
  socket: RawWebSocket,
  fits: (item: Item["item"]) => boolean,
): Promise<Item["item"][]> {
  const items: Item["item"][] = [];
  while (true) {
    const payload = await socket.receive();
    if (typeof payload !== "object") throw new Error(`Closed: ${payload}`);
    items.push(...fromBinary(ServerFrameSchema, payload).items.map(({ item }) => item));
    if (items.some(fits)) return items;
  }
}

/** Sends the messages with a bounded number on their way. */
async function flood(wire: WireSocket, channelId: number): Promise<void> {
  const batch = 10;
  const ahead = 20;
  for (let at = 0; at < MESSAGES / batch; at++) {
    wire.send(
      ...Array.from({ length: batch }, (_, index) => ({
        id: index === batch - 1 ? at + 10 : 0,
        body: { case: "sendMessage" as const, value: { channelId, text: TEXT } },
      })),
    );
    if (at >= ahead) await wire.reply(at - ahead + 10);
  }
  await wire.reply(MESSAGES / batch + 9);
}

Deno.test("slow readers are left out, others get all, memory stays bounded, and they catch up", async () => {
  await using rig = await Rig.start({ limits: LIMITS });
  const olga = await rig.owner();
  const channelId = rig.app.core.store.channelByName("general")!.id;
  const readers: RawWebSocket[] = [];
  for (let at = 0; at < SLOW_READERS; at++) readers.push(await slowReader(rig, olga));
  const before = Deno.memoryUsage().rss;
  let growth = 0;
  const seqs: number[] = [];
  const witness = await WireSocket.open(rig.socketUrl, { token: olga.token });
  // Only numbers are kept: what the test holds must not look like the server's memory.
  witness.socket.onmessage = ({ data }) => {
    for (const { item } of fromBinary(ServerFrameSchema, new Uint8Array(data)).items) {
      if (item.case === "event" && item.value.stream === channelId) seqs.push(item.value.seq);
    }
    if (seqs.length % 500 < 10) growth = Math.max(growth, Deno.memoryUsage().rss - before);
  };
  await using writer = new Writer(await WireSocket.open(rig.socketUrl, { token: olga.token }));
  await flood(writer.wire, channelId);
  const head = rig.app.core.store.head(channelId);
  await until("the witness has all", () => seqs.at(-1) === head, 120_000);
  deepEqual(seqs.length, MESSAGES);
  ok(seqs.every((seq, at) => seq === head - MESSAGES + 1 + at), "in order");
  const { fellBehind } = rig.app.core.chat.stats();
  ok(fellBehind! >= SLOW_READERS, `${fellBehind} fell behind`);
  // The writer reads, too, and may have more to read than the witness.
  await until("the others have all", () => rig.app.core.chat.stats().behind === SLOW_READERS);
  ok(growth < GROWTH_MAX_BYTES, `Memory grew by ${Math.round(growth / 1024 / 1024)} MB`);

  const atHead = (item: Item["item"]) =>
    item.case === "event" && item.value.seq === head || item.case === "reload" && item.value.headSeq === head;
  for (const reader of readers.slice(1)) {
    const items = await itemsUntil(reader, atHead);
    let last = head - MESSAGES;
    for (const item of items) {
      if (item.case === "event" && item.value.stream === channelId) equal(item.value.seq, ++last);
      if (item.case === "reload" && item.value.stream === channelId) last = item.value.headSeq;
    }
    equal(last, head);
  }
  // They are live again.
  writer.wire.send({ body: { case: "sendMessage", value: { channelId, text: "live again" } } });
  for (const reader of readers.slice(1)) {
    await itemsUntil(reader, (item) => item.case === "event" && item.value.seq === head + 1);
  }
  deepEqual(rig.errors(), []);
  await witness.close();
  for (const reader of readers.slice(1)) reader[Symbol.dispose]();
  // The last one still reads nothing: it must not hold the server's end up.
  const stopMs = performance.now();
  await rig.stop();
  ok(performance.now() - stopMs < STOP_MAX_MS);
  readers[0]![Symbol.dispose]();
});

/** A wire that forgets its items, and closes. */
class Writer implements AsyncDisposable {
  readonly wire: WireSocket;

  constructor(wire: WireSocket) {
    this.wire = wire;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.wire.socket.close();
    await this.wire.closed;
  }
}
