/**
 * The client's half of the wire: commands to bytes, bytes to what the server
 * says. Both encodings of the contract, and the types that users of the SDK see.
 *
 * @module
 */
import { create, fromBinary, fromJsonString, toBinary, toJsonString } from "@bufbuild/protobuf";
import type { DescMessage, Message as ProtoMessage, MessageInitShape } from "@bufbuild/protobuf";
import type { GenMessage } from "@bufbuild/protobuf/codegenv2";
import { quoted, suggestion } from "../nearest.ts";
import {
  Format,
  IGNORE_UNKNOWN_PROTOCOL,
  MEDIA_TYPES,
  SUBPROTOCOLS,
  UNKNOWN_FIELDS_HEADER,
} from "./format.ts";
import { COMMAND_TABLE } from "./gen/command_table.ts";
import { type Command, CommandSchema } from "./gen/rookery/v1/command_pb.ts";
import {
  ClientFrameSchema,
  type Reply as AnyReply,
  ReplySchema,
  ServerFrameSchema,
} from "./gen/rookery/v1/frame_pb.ts";
import { type Error as WireError, ErrorSchema } from "./gen/rookery/v1/model_pb.ts";
import { checkResult, type Item, type Reply, type Whole, wholeItems } from "./whole.ts";

export type {
  CaughtUp,
  ChannelPage,
  Done,
  Goodbye,
  InviteCheck,
  InvitePage,
  LastSeen,
  LastSeenPage,
  MemberPage,
  MessagePage,
  PinPage,
  Presence,
  PresencePage,
  Reload,
  SessionPage,
  Stored,
  Typing,
  UserPage,
} from "./gen/rookery/v1/frame_pb.ts";
export type { ChannelView, Item, Reply, ServerInfo, SessionToken, Welcome } from "./whole.ts";
export type {
  Channel,
  Error as WireError,
  Invite,
  Limits,
  Member,
  Message,
  Pin,
  Reaction,
  Session,
  User,
} from "./gen/rookery/v1/model_pb.ts";
export {
  ChannelKind,
  ChannelRole,
  ErrorCode,
  InviteState,
  PresenceState,
  Registration,
  ServerRole,
} from "./gen/rookery/v1/model_pb.ts";
export { CloseCode } from "./gen/rookery/v1/frame_pb.ts";
export type {
  ChannelCreated,
  ChannelGained,
  ChannelLost,
  ChannelUpdated,
  Event,
  InviteCreated,
  InviteRevoked,
  InviteUsed,
  MemberJoined,
  MemberLeft,
  MemberRoleChanged,
  MemberUnbanned,
  MessageDeleted,
  MessageEdited,
  MessagePinned,
  MessageSent,
  MessageUnpinned,
  PasswordChanged,
  ReactionAdded,
  ReactionRemoved,
  ReadMoved,
  ServerUpdated,
  SessionEnded,
  SessionStarted,
  UserAdded,
  UserUpdated,
} from "./gen/rookery/v1/event_pb.ts";
export { LeaveReason } from "./gen/rookery/v1/event_pb.ts";
export type { Cursor } from "./gen/rookery/v1/command_pb.ts";
export { COMMAND_TABLE } from "./gen/command_table.ts";

type Body = Exclude<Command["body"], { case: undefined }>;
type Result = Exclude<AnyReply["result"], { case: undefined }>;

/** Name of a command, as in Command.body. */
export type CommandCase = Body["case"];

/** What a command may be given: the fields of its message, all of them optional. */
export type CommandInit<C extends CommandCase> = MessageInitShape<
  GenMessage<Extract<Body, { case: C }>["value"]>
>;

/** One request, not yet encoded. */
export interface CommandOut {
  /** Echoed in the reply; 0 asks for none. */
  readonly id: number;
  /** Idempotency key; empty when there is none. */
  readonly key: string;
  readonly name: CommandCase;
  readonly body: CommandInit<CommandCase>;
}

type CommandResults = {
  [C in CommandCase]: Whole<Extract<Result, { case: typeof COMMAND_TABLE[C]["result"] }>["value"]>;
};

/** What a command's promise resolves to. */
export type CommandResult<C extends CommandCase> = CommandResults[C];

/** One encoded command, or a whole frame. */
export type Chunk = Uint8Array<ArrayBuffer> | string;

/** One of the two encodings. Decoding throws an Error on malformed input. */
export interface ClientCodec {
  /** Name of the encoding in the WebSocket handshake. */
  readonly subprotocol: string;
  /** What else a handshake offers. */
  readonly offers: readonly string[];
  /** Name of the encoding in HTTP. */
  readonly contentType: string;
  /** Headers of every request. */
  readonly headers: Readonly<Record<string, string>>;
  encodeCommand(command: CommandOut): Chunk;
  /** A frame of commands that were encoded before, in this order. */
  join(commands: readonly Chunk[]): Chunk;
  decodeItems(data: ArrayBuffer | string): Item[];
  /** Body of POST /api/v1/<Command>. */
  encodeBody<C extends CommandCase>(name: C, body: CommandInit<C>): Chunk;
  /** Body of its answer when the status is 200. */
  decodeResult<C extends CommandCase>(name: C, data: ArrayBuffer): CommandResult<C>;
  /** Body of its answer otherwise. */
  decodeError(data: ArrayBuffer): WireError;
}

/** Bytes that joining adds to a frame per command, at most. */
export const JOIN_BYTES = 16;

const READ_BINARY = { readUnknownFields: false };
const READ_JSON = { ignoreUnknownFields: true };
const utf8 = new TextEncoder();
const fromUtf8 = new TextDecoder();

/** Protobuf's binary encoding. */
export const protoCodec: ClientCodec = {
  subprotocol: SUBPROTOCOLS[Format.PROTO],
  offers: [],
  contentType: MEDIA_TYPES[Format.PROTO],
  headers: {},
  // A frame of one command: concatenated, such frames are one frame of them all.
  encodeCommand: (command) =>
    toBinary(ClientFrameSchema, create(ClientFrameSchema, { commands: [commandMessage(command)] })),
  join: (commands) => concatenate(commands as readonly Uint8Array<ArrayBuffer>[]),
  decodeItems: (data) => {
    const bytes = typeof data === "string" ? utf8.encode(data) : new Uint8Array(data);
    return wholeItems(fromBinary(ServerFrameSchema, bytes, READ_BINARY).items);
  },
  encodeBody: (name, body) => toBinary(bodySchema(name), bodyMessage(name, body)),
  decodeResult: <C extends CommandCase>(name: C, data: ArrayBuffer) =>
    wholeResult(name, fromBinary(resultSchema(name), new Uint8Array(data), READ_BINARY)),
  decodeError: (data) => fromBinary(ErrorSchema, new Uint8Array(data), READ_BINARY),
};

/**
 * Protobuf's JSON mapping, in text frames. An older server is asked to pass over fields that it does not know, as it does
 * with bytes.
 */
export const jsonCodec: ClientCodec = {
  subprotocol: SUBPROTOCOLS[Format.JSON],
  offers: [IGNORE_UNKNOWN_PROTOCOL],
  contentType: MEDIA_TYPES[Format.JSON],
  headers: { [UNKNOWN_FIELDS_HEADER]: "ignore" },
  encodeCommand: (command) => toJsonString(CommandSchema, commandMessage(command)),
  join: (commands) => `{"commands":[${commands.join(",")}]}`,
  decodeItems: (data) => {
    const text = typeof data === "string" ? data : fromUtf8.decode(data);
    return wholeItems(fromJsonString(ServerFrameSchema, text, READ_JSON).items);
  },
  encodeBody: (name, body) => toJsonString(bodySchema(name), bodyMessage(name, body)),
  decodeResult: <C extends CommandCase>(name: C, data: ArrayBuffer) =>
    wholeResult(name, fromJsonString(resultSchema(name), fromUtf8.decode(data), READ_JSON)),
  decodeError: (data) => fromJsonString(ErrorSchema, fromUtf8.decode(data), READ_JSON),
};

/**
 * What a reply brings to a command; undefined when it is an answer to something
 * else. A change that was not needed answers Done: it reads as Stored with seq 0.
 */
export function resultOf<C extends CommandCase>(name: C, reply: Reply): CommandResult<C> | undefined {
  const { result } = reply;
  const wanted = COMMAND_TABLE[name].result;
  if (result.case === wanted) return result.value as unknown as CommandResult<C>;
  if (wanted !== "stored" || result.case !== "done") return undefined;
  return create(resultSchema(name)) as ProtoMessage as unknown as CommandResult<C>;
}

function wholeResult<C extends CommandCase>(name: C, value: ProtoMessage): CommandResult<C> {
  checkResult({ case: COMMAND_TABLE[name].result, value });
  return value as unknown as CommandResult<C>;
}

/** Name of the command's message, which ends its HTTP path: "SendMessage". */
export function messageName(name: CommandCase): string {
  return bodySchema(name).name;
}

/** Bytes of a chunk on the wire. */
export function chunkBytes(chunk: Chunk): number {
  return typeof chunk === "string" ? utf8.encode(chunk).length : chunk.length;
}

function commandMessage({ id, key, name, body }: CommandOut): Command {
  const init = { id, key, body: { case: name, value: bodyMessage(name, body) } };
  return create(CommandSchema, init as MessageInitShape<typeof CommandSchema>);
}

/** Throws TypeError for a field that the command does not have: protobuf would leave it out without a word. */
function bodyMessage(name: CommandCase, body: CommandInit<CommandCase>): ProtoMessage {
  const schema = bodySchema(name);
  const known: ReadonlySet<string> = membersOf(schema);
  for (const [field, value] of Object.entries(body)) {
    if (value === undefined || field.startsWith("$") || known.has(field)) continue;
    throw new TypeError(
      `Field not known: ${quoted(field)} in ${schema.name}${suggestion(field, [...known])}`,
    );
  }
  return create(schema, body);
}

const members = new WeakMap<DescMessage, ReadonlySet<string>>();

function membersOf(schema: DescMessage): ReadonlySet<string> {
  let known = members.get(schema);
  if (!known) members.set(schema, known = new Set(schema.members.map(({ localName }) => localName)));
  return known;
}

function bodySchema(name: CommandCase): DescMessage {
  return memberSchema(CommandSchema.field[name]);
}

function resultSchema(name: CommandCase): DescMessage {
  return memberSchema(ReplySchema.field[COMMAND_TABLE[name].result]);
}

function memberSchema(field: { readonly message?: DescMessage | undefined }): DescMessage {
  if (field.message === undefined) throw new TypeError("A member of this oneof is not a message");
  return field.message;
}

function concatenate(chunks: readonly Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  if (chunks.length === 1) return chunks[0]!;
  const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
