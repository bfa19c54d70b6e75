import assert from "node:assert/strict";
import {
  create,
  fromBinary,
  fromJsonString,
  type MessageInitShape,
  toBinary,
  toJsonString,
} from "@bufbuild/protobuf";
import {
  chunkBytes,
  COMMAND_TABLE,
  type CommandCase,
  jsonCodec,
  messageName,
  protoCodec,
  type Reply,
  resultOf,
} from "../../src/wire/client_codec.ts";
import { CommandSchema } from "../../src/wire/gen/rookery/v1/command_pb.ts";
import {
  ClientFrameSchema,
  ItemSchema,
  ReplySchema,
  ServerFrameSchema,
} from "../../src/wire/gen/rookery/v1/frame_pb.ts";
import { ErrorCode, ErrorSchema } from "../../src/wire/gen/rookery/v1/model_pb.ts";

const COMMANDS = [
  { id: 1, key: "k1", name: "sendMessage", body: { channelId: 20, text: "Grüße 👋", replyTo: 3 } },
  { id: 2, key: "", name: "getHistory", body: { channelId: 20, position: { case: "before", value: 9 } } },
  { id: 0, key: "", name: "setTyping", body: { channelId: 20 } },
] as const;

for (const codec of [protoCodec, jsonCodec]) {
  Deno.test(`${codec.subprotocol}: commands survive being joined into a frame`, () => {
    const frame = codec.join(COMMANDS.map((command) => codec.encodeCommand(command)));
    const { commands } = typeof frame === "string"
      ? fromJsonString(ClientFrameSchema, frame)
      : fromBinary(ClientFrameSchema, frame);
    const expected = COMMANDS.map(({ id, key, name, body }) =>
      create(CommandSchema, {
        id,
        key,
        body: { case: name, value: body } as { case: "sendMessage"; value: object },
      })
    );
    assert.deepEqual(commands, expected);
    assert.equal(
      chunkBytes(frame),
      typeof frame === "string" ? new TextEncoder().encode(frame).length : frame.length,
    );
  });

  Deno.test(`${codec.subprotocol}: a server's frame is read, concatenated or not`, () => {
    const frame = create(ServerFrameSchema, {
      items: [
        { item: { case: "caughtUp", value: {} } },
        { item: { case: "typing", value: { channelId: 20, userId: 8 } } },
      ],
    });
    const binary = toBinary(ServerFrameSchema, frame);
    const data = codec === jsonCodec
      ? toJsonString(ServerFrameSchema, frame)
      : new Uint8Array([...binary, ...binary]).buffer;
    const cases = codec.decodeItems(data).map(({ item }) => item.case);
    assert.deepEqual(cases.slice(0, 2), ["caughtUp", "typing"]);
    assert.equal(cases.length, codec === jsonCodec ? 2 : 4);
  });

  Deno.test(`${codec.subprotocol}: rubbish throws`, () => {
    assert.throws(() => codec.decodeItems(codec === jsonCodec ? "{" : new Uint8Array([10, 200, 1]).buffer));
  });

  Deno.test(`${codec.subprotocol}: bodies of requests and answers`, () => {
    const body = codec.encodeBody("login", { name: "ada", password: "secret" });
    assert.equal(typeof body, codec === jsonCodec ? "string" : "object");
    const encode = (text: string, bytes: Uint8Array) =>
      (codec === jsonCodec ? new TextEncoder().encode(text) : bytes).slice().buffer as ArrayBuffer;
    const error = create(ErrorSchema, { code: ErrorCode.NOT_FOUND, message: "No such user" });
    const refusal = encode(toJsonString(ErrorSchema, error), toBinary(ErrorSchema, error));
    assert.equal(codec.decodeError(refusal).code, ErrorCode.NOT_FOUND);
    const stored = codec.decodeResult(
      "sendMessage",
      encode('{"stream":20,"seq":5}', new Uint8Array([8, 20, 16, 5])),
    );
    assert.deepEqual([stored.stream, stored.seq], [20, 5]);
  });
}

Deno.test("a newer server's fields and items do no harm", () => {
  const [unknown, known] = jsonCodec.decodeItems(
    '{"items":[{"hologram":{}},{"caughtUp":{"later":1}}],"more":2}',
  );
  assert.equal(unknown?.item.case, undefined);
  assert.equal(known?.item.case, "caughtUp");
  // Field 99 of the frame and of an item.
  const [item] = protoCodec.decodeItems(new Uint8Array([0x9a, 0x06, 1, 0, 10, 3, 0x98, 0x06, 1]).buffer);
  assert.equal(item?.item.case, undefined);
  assert.equal(item?.$unknown, undefined);
});

Deno.test("every command has a message and a result", () => {
  for (const name of Object.keys(COMMAND_TABLE) as CommandCase[]) {
    assert.equal(messageName(name).toLowerCase(), name.toLowerCase());
    const decode = () => protoCodec.decodeResult(name, new ArrayBuffer(0));
    if (["welcome", "sessionToken", "serverInfo"].includes(COMMAND_TABLE[name].result)) {
      assert.throws(decode, /without its/);
    } else assert.ok(decode());
  }
});

Deno.test("what a server always sends is there for sure, and named when it is not", () => {
  const user = { id: 7, name: "me" };
  const limits = { pageItems: 100 };
  const cases: [what: RegExp, item: NonNullable<MessageInitShape<typeof ItemSchema>["item"]>][] = [
    [/ChannelView without its channel/, { case: "subscribed", value: { headSeq: 3 } }],
    [/Welcome without its user/, {
      case: "reply",
      value: { result: { case: "welcome", value: { limits } } },
    }],
    [/Welcome without its limits/, {
      case: "reply",
      value: { result: { case: "welcome", value: { user } } },
    }],
    [/ChannelView without its channel/, {
      case: "reply",
      value: { result: { case: "welcome", value: { user, limits, channels: [{ headSeq: 3 }] } } },
    }],
  ];
  for (const [missing, item] of cases) {
    const frame = create(ServerFrameSchema, { items: [{ item }] });
    assert.throws(
      () => protoCodec.decodeItems(toBinary(ServerFrameSchema, frame).buffer as ArrayBuffer),
      missing,
    );
    assert.throws(() => jsonCodec.decodeItems(toJsonString(ServerFrameSchema, frame)), missing);
  }
  const { user: me } = jsonCodec.decodeResult(
    "login",
    new TextEncoder().encode('{"token":"t","user":{"id":7}}').buffer,
  );
  // By its type it needs no question mark.
  assert.equal(me.id, 7);
});

Deno.test("a reply is read as its command's result", () => {
  const done = create(ReplySchema, { id: 1, result: { case: "done", value: {} } }) as Reply;
  assert.equal(resultOf("markRead", done)?.seq, 0);
  assert.equal(resultOf("ping", done)?.$typeName, "rookery.v1.Done");
  assert.equal(resultOf("getHistory", done), undefined);
});
