/** Properties of the server's half of the wire, for any content. @module */
import assert from "node:assert/strict";
import { create, fromBinary, fromJsonString, toBinary, toJsonString } from "@bufbuild/protobuf";
import fc from "fast-check";
import { ChatError, Code } from "../../src/chat/error.ts";
import type { EventBody } from "../../src/chat/event.ts";
import type { Invite, User } from "../../src/chat/model.ts";
import { Format } from "../../src/wire/format.ts";
import { CommandSchema } from "../../src/wire/gen/rookery/v1/command_pb.ts";
import {
  ClientFrameSchema,
  ItemSchema,
  ReplySchema,
  ServerFrameSchema,
} from "../../src/wire/gen/rookery/v1/frame_pb.ts";
import {
  COMMAND_NAMES,
  decodeClientFrame,
  decodeCommand,
  encodeFrame,
  encodeResult,
  ENCODERS,
  type JsonChunk,
  type ProtoChunk,
} from "../../src/wire/server_codec.ts";
import type { Result, ServerItem } from "../../src/chat/reply.ts";
import { messageOf, messageValue, plain, serverItem } from "./arbitrary.ts";

// The same inputs in every run; a failure prints what it has found, shrunk.
fc.configureGlobal({ seed: 20_260_101, numRuns: 300 });

const FORMATS = [Format.PROTO, Format.JSON];
const clientFrame = messageOf(ClientFrameSchema);

/** Items of frames as a client reads them. */
function readItems(chunk: unknown, format: Format): unknown[] {
  const frame = format === Format.PROTO
    ? fromBinary(ServerFrameSchema, chunk as ProtoChunk)
    : fromJsonString(ServerFrameSchema, (chunk as JsonChunk).frame);
  return frame.items.map(plain);
}

Deno.test("W1 commands come out of a frame as they went in, in both encodings", () => {
  fc.assert(fc.property(clientFrame, (value) => {
    const message = create(ClientFrameSchema, value);
    const expected = message.commands.map(plain);
    for (const data of [toBinary(ClientFrameSchema, message), toJsonString(ClientFrameSchema, message)]) {
      assert.deepEqual(decodeClientFrame(data, 256).map(plain), expected);
    }
  }));
});

Deno.test("W1 items come out of a frame as they went in, in both encodings", () => {
  fc.assert(fc.property(serverItem, (item) => {
    // On the wire a result stands beside the reply's id, under its own name.
    const expected = messageValue(ItemSchema, { item });
    for (const format of FORMATS) {
      assert.deepEqual(readItems(encodeFrame(item, format), format), [expected]);
    }
  }));
});

Deno.test("S8 joined chunks are the frame of all their items, and a chunk alone is joined to itself", () => {
  fc.assert(fc.property(fc.array(serverItem, { minLength: 1, maxLength: 5 }), (items) => {
    for (const format of FORMATS) {
      const encoder = ENCODERS[format]!;
      const chunks = items.map((item) => encoder.encode(item));
      const joined = encoder.join(chunks);
      assert.deepEqual(readItems(joined, format), chunks.flatMap((chunk) => readItems(chunk, format)));
      const twice = encoder.join([encoder.join(chunks.slice(0, 2)), ...chunks.slice(2)]);
      assert.deepEqual(readItems(twice, format), readItems(joined, format));
      assert.equal(encoder.join([joined]), joined);
      if (format === Format.PROTO) {
        const bytes = joined as ProtoChunk;
        assert.equal(bytes.byteLength, chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0));
        // What goes to many is sent as it is: a socket takes whole buffers.
        const shared = chunks.filter((_, at) => items[at]!.case !== "reply");
        if (chunks.length > 1) shared.push(joined);
        for (const chunk of shared as ProtoChunk[]) {
          assert.equal(chunk.buffer.byteLength, chunk.byteLength);
        }
      }
    }
  }));
});

Deno.test("S8 a JSON frame is written once for all who receive it", () => {
  const chunk = encodeFrame({ case: "caughtUp", value: {} }, Format.JSON) as JsonChunk;
  assert.equal(chunk.frame, '{"items":[{"caughtUp":{}}]}');
});

Deno.test("W8 private fields are in no bytes, whatever the event", () => {
  const secret = "s3cr3t-that-must-not-be-told";
  const invite: Invite & { code: string } = {
    id: 7,
    role: 1,
    usesLeft: 31337,
    expiresMs: 0,
    creatorId: 99,
    channelIds: [424242],
    code: secret,
  };
  const bodies: EventBody[] = [
    { case: "sessionStarted", value: { sessionId: 1, device: "d", tokenHash: secret } },
    { case: "passwordChanged", value: { passwordHash: secret } },
    { case: "inviteCreated", value: { inviteId: 7, invite } },
  ];
  const user: User & { passwordHash: string } = {
    id: 2,
    name: "ann",
    displayName: "Ann",
    role: 1,
    disabled: false,
    passwordHash: secret,
  };
  bodies.push({ case: "userAdded", value: { user } });
  for (const body of bodies) {
    for (const format of FORMATS) {
      const item = { case: "event", value: { stream: 2, seq: 1, timeMs: 0, actorId: 0, body } } as const;
      const chunk = encodeFrame(item, format);
      const said = format === Format.JSON
        ? (chunk as JsonChunk).frame
        : new TextDecoder().decode(chunk as ProtoChunk);
      assert(!said.includes(secret), said);
      assert(!/31337|424242|hash|"?invite"?:/i.test(said), said);
    }
  }
  const [outer] = readItems(encodeFrame(event(bodies[2]!), Format.PROTO), Format.PROTO);
  const { item } = outer as { item: { value: { body: { value: unknown } } } };
  assert.deepEqual(item.value.body.value, { inviteId: 7 });
});

function event(body: EventBody): ServerItem {
  return { case: "event", value: { stream: 1, seq: 1, timeMs: 0, actorId: 0, body } };
}

/** The codec took it, or refused it as a client is refused: shortly. */
function survives(decode: () => unknown): void {
  try {
    decode();
  } catch (error) {
    assert(error instanceof ChatError, String(error));
    assert.equal(error.code, Code.INVALID_ARGUMENT);
    assert(error.message.length < 300, `${error.message.length} characters of message`);
  }
}

Deno.test("W5 random bytes and texts are refused or taken, and nothing else", () => {
  const any = fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.string({ unit: "binary" }), fc.json());
  fc.assert(
    fc.property(any, fc.constantFrom(...COMMAND_NAMES), (data, name) => {
      survives(() => decodeClientFrame(data, 256));
      survives(() => decodeCommand(name, data));
    }),
    { numRuns: 1500 },
  );
});

Deno.test("W5 valid frames with bytes changed, cut off or put in are refused or taken", () => {
  const change = fc.record({ at: fc.nat(), by: fc.integer({ min: 0, max: 255 }), kind: fc.nat(2) });
  const changes = fc.array(change, { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(clientFrame, changes, (value, changes) => {
      const message = create(ClientFrameSchema, value);
      let bytes = [...toBinary(ClientFrameSchema, message)];
      let text = toJsonString(ClientFrameSchema, message);
      for (const { at, by, kind } of changes) {
        const here = at % (bytes.length + 1);
        if (kind === 0) bytes = bytes.toSpliced(here, 1, by);
        else if (kind === 1) bytes = bytes.slice(0, here);
        else bytes = bytes.toSpliced(here, 0, by);
        const there = at % (text.length + 1);
        text = text.slice(0, there) + (kind === 1 ? "" : String.fromCharCode(by)) +
          text.slice(there + 1 - kind % 2);
      }
      survives(() => decodeClientFrame(new Uint8Array(bytes), 256));
      survives(() => decodeClientFrame(text, 256));
    }),
    { numRuns: 1000 },
  );
});

Deno.test("W5 deep nesting and long numbers do not blow the stack", () => {
  const deep = "[".repeat(60_000);
  const objects = '{"commands":[{"open":'.repeat(2000);
  const numbers = `{"commands":[{"id":${"9".repeat(60_000)}}]}`;
  const groups = new Uint8Array(60_000).fill(0x0b);
  for (const text of [deep, objects, numbers, '{"commands":[{"id":1e999}]}', '{"__proto__":{"a":1}}']) {
    survives(() => decodeClientFrame(text, 256));
  }
  survives(() => decodeClientFrame(groups, 256));
  survives(() => decodeClientFrame(new Uint8Array([0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f]), 256));
});

Deno.test("W4 unknown fields of bytes are dropped, and of JSON when the client asks for it", () => {
  fc.assert(fc.property(clientFrame, (value) => {
    const message = create(ClientFrameSchema, value);
    const expected = message.commands.map(plain);
    // Field 1000, of length 3, behind everything else.
    const binary = new Uint8Array([...toBinary(ClientFrameSchema, message), 0xc2, 0x3e, 3, 1, 2, 3]);
    const json = JSON.stringify({ ...JSON.parse(toJsonString(ClientFrameSchema, message)), novelty: [1] });
    for (const data of [binary, json]) {
      const commands = decodeClientFrame(data, 256, { unknownFields: "ignore" });
      assert.deepEqual(commands.map(plain), expected);
      assert(!JSON.stringify(commands).includes("$unknown"));
    }
  }));
});

Deno.test("W4 a command of a later version arrives without a body", () => {
  // Command { id: 5, field 999: "x" } in a frame.
  const command = [0x08, 5, 0xba, 0x3e, 1, 120];
  const [decoded] = decodeClientFrame(new Uint8Array([0x0a, command.length, ...command]), 256);
  assert.equal(decoded!.id, 5);
  assert.equal(decoded!.body.case, undefined);
});

Deno.test("L6 a frame of more commands than allowed is refused whole", () => {
  const frame = create(ClientFrameSchema, { commands: [{ id: 1 }, { id: 2 }, { id: 3 }] });
  const bytes = toBinary(ClientFrameSchema, frame);
  assert.equal(decodeClientFrame(bytes, 3).length, 3);
  assert.throws(() => decodeClientFrame(bytes, 2), ChatError);
});

Deno.test("W1 every command's body comes alone as by POST, in both encodings", () => {
  const fields = CommandSchema.oneofs[0]!.fields;
  assert.deepEqual(fields.map((field) => field.message!.name).sort(), [...COMMAND_NAMES].sort());
  for (const field of fields) {
    const schema = field.message!;
    fc.assert(
      fc.property(messageOf(schema), (value) => {
        const message = create(schema, value);
        for (const data of [toBinary(schema, message), toJsonString(schema, message)]) {
          const body = decodeCommand(schema.name, data)!;
          assert.equal(body.case, field.localName);
          assert.deepEqual(plain(body.value), plain(message));
        }
      }),
      { numRuns: 20 },
    );
    // An empty body is an empty message, so that curl needs none.
    for (const nothing of ["", "{}", new Uint8Array()]) {
      assert.deepEqual(plain(decodeCommand(schema.name, nothing)!.value), plain(create(schema)));
    }
  }
  for (const name of ["", "sendMessage", "Nothing", "__proto__", "constructor"]) {
    assert.throws(() => decodeCommand(name, "{}"), /^ChatError: Command not known to this server/);
  }
});

Deno.test("W1 every result comes alone as by POST, in both encodings", () => {
  for (const field of ReplySchema.oneofs[0]!.fields) {
    const schema = field.message!;
    fc.assert(
      fc.property(messageOf(schema), (value) => {
        const result = { case: field.localName, value } as unknown as Result;
        const expected = messageValue(schema, value);
        const bytes = encodeResult(result, Format.PROTO) as ProtoChunk;
        assert.deepEqual(plain(fromBinary(schema, bytes)), expected);
        assert.equal(bytes.buffer.byteLength, bytes.byteLength);
        assert.deepEqual(
          plain(fromJsonString(schema, encodeResult(result, Format.JSON) as string)),
          expected,
        );
      }),
      { numRuns: 20 },
    );
  }
});
