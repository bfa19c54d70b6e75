/** Encoding and decoding, one item and many, in both encodings; sizes are printed once. */
import { gzipSync } from "node:zlib";
import type { Event } from "../src/chat/event.ts";
import type { Chunk } from "../src/chat/ports.ts";
import { jsonCodec, protoCodec } from "../src/wire/client_codec.ts";
import { Format } from "../src/wire/format.ts";
import {
  decodeClientFrame,
  encodeFrame,
  ENCODERS,
  type JsonChunk,
  type ProtoChunk,
} from "../src/wire/server_codec.ts";
import { range } from "./seed.ts";

const BATCH = 32;
const NAMES = ["proto", "json"] as const;
const CODECS = [protoCodec, jsonCodec];

function event(at: number): Event {
  const value = {
    text: `This is message number ${at}, of a usual length.`,
    replyTo: 0,
    mentionIds: [],
    mentionChannel: false,
  };
  const body = { case: "messageSent", value } as const;
  return { stream: 4711, seq: 1000 + at, timeMs: 1_780_000_000_000 + at, actorId: 42, body };
}

function frame(chunk: Chunk, format: Format): string | ArrayBuffer {
  return format === Format.JSON ? (chunk as JsonChunk).frame : (chunk as ProtoChunk).buffer;
}

function sizeOf(data: string | ArrayBuffer): number {
  return typeof data === "string" ? new TextEncoder().encode(data).length : data.byteLength;
}

const command = {
  id: 7,
  key: "01980b2f6c7a7d1e8f3a9b2c4d5e6f70",
  name: "sendMessage",
  body: { channelId: 4711, text: "A message of a usual length, no more." },
} as const;

const rows: Record<string, Record<string, number>> = {};
for (const format of [Format.PROTO, Format.JSON]) {
  const name = NAMES[format];
  const codec = CODECS[format]!;
  const item = { case: "event", value: event(0) } as const;
  const chunks = range(BATCH).map((at) => encodeFrame({ case: "event", value: event(at) }, format));
  const one = frame(chunks[0]!, format);
  const many = frame(ENCODERS[format]!.join(chunks), format);
  const sent = codec.join([codec.encodeCommand(command)]);
  rows[name] = {
    "message, bytes": sizeOf(one),
    [`${BATCH} in a frame, bytes each`]: sizeOf(many) / BATCH,
    "the same gzipped": gzipSync(typeof many === "string" ? many : new Uint8Array(many)).length / BATCH,
    "sendMessage, bytes": sizeOf(typeof sent === "string" ? sent : sent.buffer),
  };
  const baseline = format === Format.PROTO;

  Deno.bench(`encode 1, ${name}`, { group: "encode 1", baseline }, () => {
    encodeFrame(item, format);
  });
  Deno.bench(`encode ${BATCH} and join, ${name}`, { group: `encode ${BATCH}`, baseline }, () => {
    frame(ENCODERS[format]!.join(chunks.map(() => encodeFrame(item, format))), format);
  });
  Deno.bench(`join ${BATCH}, ${name}`, { group: `join ${BATCH}`, baseline }, () => {
    frame(ENCODERS[format]!.join(chunks), format);
  });
  Deno.bench(`decode 1 (client), ${name}`, { group: "decode 1", baseline }, () => {
    codec.decodeItems(one);
  });
  Deno.bench(`decode ${BATCH} (client), ${name}`, { group: `decode ${BATCH}`, baseline }, () => {
    codec.decodeItems(many);
  });
  Deno.bench(`decode a command (server), ${name}`, { group: "decode a command", baseline }, () => {
    decodeClientFrame(sent, 1);
  });
}
console.table(rows);
