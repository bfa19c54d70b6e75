/** The hand-written codec of the hot path is the general one, only faster. @module */
import assert from "node:assert/strict";
import { create, toBinary } from "@bufbuild/protobuf";
import fc from "fast-check";
import type { ServerItem } from "../../src/chat/reply.ts";
import { EventSchema } from "../../src/wire/gen/rookery/v1/event_pb.ts";
import { ClientFrameSchema, StoredSchema } from "../../src/wire/gen/rookery/v1/frame_pb.ts";
import { decodeHot } from "../../src/wire/hot_decoder.ts";
import { encodeHot } from "../../src/wire/hot_encoder.ts";
import { decodeAny, encodeAny } from "../../src/wire/server_codec.ts";
import { messageOf } from "./arbitrary.ts";

fc.configureGlobal({ seed: 20_260_102, numRuns: 1000 });

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 300 }),
  fc.string({ unit: "binary-ascii", maxLength: 300 }),
  fc.constantFrom(
    "",
    "\ufeffmarked",
    "é",
    "x".repeat(127),
    "x".repeat(128),
    "x".repeat(40_000),
    "鳥".repeat(20_000),
  ),
);
const id = fc.oneof(fc.integer({ min: 0, max: 0xffff_ffff }), fc.constantFrom(0, 127, 128, 0x0fff_ffff));

const messageSent: fc.Arbitrary<ServerItem> = fc.tuple(messageOf(EventSchema), text, fc.array(id)).map(
  ([event, text, mentionIds]) => {
    const value = { text, mentionIds, replyTo: mentionIds[0] ?? 0, mentionChannel: text.length % 2 === 0 };
    return {
      case: "event",
      value: { ...event, body: { case: "messageSent", value } },
    } as unknown as ServerItem;
  },
);
const stored: fc.Arbitrary<ServerItem> = fc.tuple(id, messageOf(StoredSchema)).map(
  ([id, value]) =>
    ({ case: "reply", value: { id, result: { case: "stored", value } } }) as unknown as ServerItem,
);

Deno.test("S8 a message and the answer to it have the bytes of the general encoder", () => {
  fc.assert(fc.property(fc.array(fc.oneof(messageSent, stored), { minLength: 1, maxLength: 20 }), (items) => {
    // All first, so that one which overwrote another would be found.
    const encoded = items.map((item) => encodeHot(item)!);
    for (const [at, item] of items.entries()) assert.deepEqual([...encoded[at]!], [...encodeAny(item)]);
  }));
});

const small = fc.integer({ min: 0, max: 0x0fff_ffff });
const sending = fc.record({
  id: small,
  key: text,
  body: fc.record({ channelId: small, text, replyTo: small }).map((value) => ({
    case: "sendMessage" as const,
    value,
  })),
});

function frame(commands: readonly object[]): Uint8Array {
  return toBinary(ClientFrameSchema, create(ClientFrameSchema, { commands: [...commands] }));
}

Deno.test("W1 frames of messages are decoded as by the general decoder", () => {
  fc.assert(fc.property(fc.array(sending, { maxLength: 5 }), (commands) => {
    const bytes = frame(commands);
    assert.deepEqual(decodeHot(bytes)?.map(bare), decodeAny(bytes).map(bare));
  }));
});

Deno.test("W1 whatever else comes is left to the general decoder, or decoded as it does", () => {
  const any = messageOf(ClientFrameSchema).map((value) =>
    toBinary(ClientFrameSchema, create(ClientFrameSchema, value))
  );
  const damage = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), {
    minLength: 0,
    maxLength: 3,
  });
  const damaged = fc.tuple(fc.array(sending, { maxLength: 3 }), damage, fc.nat()).map(
    ([commands, hits, cut]) => {
      const bytes = frame(commands);
      for (const [at, byte] of hits) bytes[at % bytes.length] = byte;
      return cut % 3 === 0 ? bytes.slice(0, cut % (bytes.length + 1)) : bytes;
    },
  );
  fc.assert(fc.property(fc.oneof(any, damaged), (bytes) => {
    const hot = decodeHot(bytes);
    if (hot) assert.deepEqual(hot.map(bare), decodeAny(bytes).map(bare));
  }));
});

/** Without the names of types. */
function bare({ id, key, body }: ReturnType<typeof decodeAny>[number]): unknown {
  const { channelId, text, replyTo } = body.value as { channelId: number; text: string; replyTo: number };
  return { id, key, case: body.case, channelId, text, replyTo };
}
