/** JSON that the contract does not know: refused by name, or passed over where the client asks for it. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { create, type DescMessage, type JsonObject, toJson } from "@bufbuild/protobuf";
import { ChatError, Code } from "../../src/chat/error.ts";
import { jsonCodec, protoCodec } from "../../src/wire/client_codec.ts";
import { CommandSchema } from "../../src/wire/gen/rookery/v1/command_pb.ts";
import { COMMAND_NAMES, decodeClientFrame, decodeCommand } from "../../src/wire/server_codec.ts";
import { messageOf, plain } from "./arbitrary.ts";

const IGNORE = { unknownFields: "ignore" } as const;
const SCHEMAS = CommandSchema.oneofs[0]!.fields.map(({ message }) => message!);

/** Words of the refusal; the value when there is none. */
function refusalOf(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    assert(error instanceof ChatError, String(error));
    assert.equal(error.code, Code.INVALID_ARGUMENT);
    return error.message;
  }
}

const post = (name: string, json: unknown) => refusalOf(() => decodeCommand(name, JSON.stringify(json)));

Deno.test("W16 a field that the command does not have is refused by its name, with the one that was meant", () => {
  const cases: [command: string, json: JsonObject, words: string][] = [
    [
      "CreateChannel",
      { name: "x", isPrivate: true },
      'Field not known: "isPrivate" in CreateChannel; did you mean "private"?',
    ],
    [
      "SetUserDisabled",
      { userId: 3, disable: true },
      '"disable" in SetUserDisabled; did you mean "disabled"?',
    ],
    ["SetUserRole", { userId: 3, rolle: 2 }, '"rolle" in SetUserRole; did you mean "role"?'],
    ["SendMessage", { channel: 3, text: "x" }, '"channel" in SendMessage; did you mean "channelId"?'],
    ["SendMessage", { body: "x" }, '"body" in SendMessage, which has channelId, text, replyTo'],
    [
      "SendMessage",
      { channelId: 3, text: "x", key: "k" },
      '"key" in SendMessage; a key stands in the header Idempotency-Key, or in a frame beside the command\'s id',
    ],
    ["Ping", { now: true }, '"now" in Ping, which has no fields'],
    [
      "Open",
      { cursors: [{ stream: 1, seq: 1 }, { stream: 1, sec: 2 }] },
      '"sec" in Cursor; did you mean "seq"?',
    ],
  ];
  for (const [command, json, words] of cases) {
    const said = post(command, json);
    assert(typeof said === "string" && said.includes(words), `${said}`);
    assert.equal(typeof refusalOf(() => decodeCommand(command, JSON.stringify(json), IGNORE)), "object");
  }
  assert.equal(
    refusalOf(() => decodeCommand("CreateChanel", "{}")),
    'Command not known to this server; did you mean "CreateChannel"?',
  );
});

Deno.test("W16 words of an enum may be short and of either case; others are refused with those that there are", () => {
  for (const role of ["SERVER_ROLE_ADMIN", "server_role_admin", "ADMIN", "admin", "Admin", 2]) {
    assert.equal((decodeCommand("SetUserRole", JSON.stringify({ role })).value as { role: number }).role, 2);
  }
  assert.equal(
    post("SetUserRole", { userId: 3, role: "superuser" }),
    'Word not known: "superuser" as role in SetUserRole; use member or admin or owner',
  );
  assert.equal(
    post("SetMemberRole", { role: "moderatr" }),
    'Word not known: "moderatr" as role in SetMemberRole; did you mean "moderator"?',
  );
  const lenient = decodeCommand("SetUserRole", '{"role":"superuser"}', IGNORE);
  assert.equal((lenient.value as { role: number }).role, 0);
});

Deno.test("W16 in a frame each command is answered for itself, and what is no frame is told so", () => {
  const commands = [
    { id: 1, ping: {} },
    { id: 2, createChannel: { name: "x", isPrivate: true } },
    { id: 3, sendMesage: {} },
    { id: 4, sendMessage: { channelId: 1, text: "x", key: "k" } },
    { id: 5, key: "k", send_message: { channel_id: 1, text: "x" } },
  ];
  const text = JSON.stringify({ commands });
  const decoded = decodeClientFrame(text, 256);
  assert.deepEqual(decoded.map(({ id }) => id), [1, 2, 3, 4, 5]);
  const words = decoded.map(({ refusal }) => refusal?.message);
  assert.deepEqual([words[0], words[4]], [undefined, undefined]);
  assert.match(words[1]!, /did you mean "private"/);
  assert.match(
    words[2]!,
    /^Not known to this server: "sendMesage" in Command; did you mean "sendMessage"\?$/,
  );
  assert.match(words[3]!, /Idempotency-Key/);
  assert.deepEqual(
    decodeClientFrame(text, 256, IGNORE).map(({ refusal }) => refusal),
    Array(5).fill(undefined),
  );
  for (const wrong of [{ id: 1, ping: {} }, [{ id: 1, ping: {} }], "ping", { command: [] }]) {
    assert.match(
      String(refusalOf(() => decodeClientFrame(JSON.stringify(wrong), 256))),
      /^Frame without "commands"/,
    );
  }
  const beside = refusalOf(() => decodeClientFrame('{"commands":[],"comands":[]}', 256));
  assert.match(String(beside), /"comands" in ClientFrame; did you mean "commands"/);
  assert.deepEqual(decodeClientFrame("{}", 256), []);
});

Deno.test("W16 a name in a refusal is cut, and what cannot be seen in it is shown as such", () => {
  const long = String(post("Ping", { ["x".repeat(50_000)]: 1 }));
  assert.equal(long, `Field not known: "${"x".repeat(64)}…" in Ping, which has no fields`);
  assert.match(String(post("Ping", { "a\u001b[2J\u202eb\ud800": 1 })), /"a\ufffd\[2J\ufffdb\ufffd" in Ping/);
});

/** Every object of a message's JSON, with the message's descriptor. */
function* objectsOf(schema: DescMessage, json: JsonObject): Generator<JsonObject> {
  yield json;
  for (const field of schema.fields) {
    const value = json[field.jsonName];
    if (!field.message || value === undefined) continue;
    for (const inner of [value].flat()) yield* objectsOf(field.message, inner as JsonObject);
  }
}

Deno.test("W16 whatever the command and wherever it stands, one unknown field refuses it", () => {
  for (const schema of SCHEMAS) {
    const name = fc.stringMatching(/^[a-zA-Z]{1,12}$/).filter((name) => {
      const known = SCHEMAS.flatMap(({ fields }) => fields.flatMap((field) => [field.jsonName, field.name]));
      return ![...known, "stream", "seq"].includes(name);
    });
    fc.assert(
      fc.property(messageOf(schema), name, fc.nat(), (value, name, at) => {
        const message = create(schema, value);
        const json = toJson(schema, message) as JsonObject;
        const objects = [...objectsOf(schema, json)];
        assert.deepEqual(plain(decodeCommand(schema.name, JSON.stringify(json)).value), plain(message));
        objects[at % objects.length]![name] = true;
        const text = JSON.stringify(json);
        assert.match(String(refusalOf(() => decodeCommand(schema.name, text))), /^Field not known: /);
        assert.deepEqual(plain(decodeCommand(schema.name, text, IGNORE).value), plain(message));
      }),
      { numRuns: 30, seed: 7 },
    );
  }
});

Deno.test("the SDK says so itself when a command has no such field", () => {
  for (const { encodeBody, encodeCommand } of [protoCodec, jsonCodec]) {
    const body = { name: "x", isPrivate: true };
    const words = /Field not known: "isPrivate" in CreateChannel; did you mean "private"\?/;
    assert.throws(() => encodeBody("createChannel", body), words);
    assert.throws(() => encodeCommand({ id: 1, key: "", name: "createChannel", body }), words);
    assert.throws(() => encodeBody("setUserRole", { userId: 1, role: "admin" } as never));
    encodeBody("getHistory", { channelId: 1, position: { case: "around", value: 3 } });
    const left = { name: "x", isPrivate: undefined };
    encodeBody("createChannel", left);
  }
  assert.equal(COMMAND_NAMES.length, SCHEMAS.length);
});
