/**
 * The server's half of the wire: bytes to commands, items to bytes.
 *
 * An item is encoded as a ServerFrame of its own; concatenated frames parse as
 * one (protobuf's rule for repeated fields), so joining is copying.
 *
 * @module
 */
import { create, fromBinary, fromJson, toBinary, toJsonString } from "@bufbuild/protobuf";
import type { DescMessage, JsonValue, MessageInitShape } from "@bufbuild/protobuf";
import type { Command, CommandBody, CommandCase } from "../chat/command.ts";
import { ChatError, invalid } from "../chat/error.ts";
import { suggestion } from "../nearest.ts";
import type { Chunk, ItemEncoder } from "../chat/ports.ts";
import type { Result, ServerItem } from "../chat/reply.ts";
import { CommandSchema } from "./gen/rookery/v1/command_pb.ts";
import {
  type ClientFrame,
  ClientFrameSchema,
  ItemSchema,
  ReplySchema,
  ServerFrameSchema,
} from "./gen/rookery/v1/frame_pb.ts";
import { Format, type UnknownFields } from "./format.ts";
import { decodeHot } from "./hot_decoder.ts";
import { encodeHot } from "./hot_encoder.ts";
import { isObject, numberWords } from "./known_json.ts";

const READ_BINARY = { readUnknownFields: false };
/** What is not known was refused before, unless it is to be ignored. */
const READ_JSON = { ignoreUnknownFields: true };

/** Whole frames, ready to be sent. An event's bytes fill their buffer exactly, an answer's may not. */
export type ProtoChunk = Uint8Array<ArrayBuffer>;

/** Items in JSON, comma-separated; becomes a frame when it is sent. */
export class JsonChunk implements Chunk {
  readonly items: string;
  #frame: string | undefined;

  constructor(items: string) {
    this.items = items;
  }

  /** UTF-16 units: near enough to bytes for budgets. */
  get byteLength(): number {
    return this.items.length;
  }

  /** The frame's text, made once for all who receive it. */
  get frame(): string {
    return this.#frame ??= `{"items":[${this.items}]}`;
  }
}

const protoEncoder: ItemEncoder = {
  encode: (item) => encodeHot(item) ?? encodeAny(item),
  join(chunks) {
    if (chunks.length === 1) return chunks[0]!;
    const joined = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0));
    let offset = 0;
    for (const chunk of chunks) {
      joined.set(chunk as ProtoChunk, offset);
      offset += chunk.byteLength;
    }
    return joined;
  },
};

const jsonEncoder: ItemEncoder = {
  encode: (item) => new JsonChunk(toJsonString(ItemSchema, create(ItemSchema, publicItem(item)))),
  join(chunks) {
    if (chunks.length === 1) return chunks[0]!;
    return new JsonChunk(chunks.map((chunk) => (chunk as JsonChunk).items).join());
  },
};

/** The general encoder, to which the fast one is held. */
export function encodeAny(item: ServerItem): ProtoChunk {
  return exact(toBinary(ServerFrameSchema, create(ServerFrameSchema, { items: [publicItem(item)] })));
}

/** The schema has no place for the private fields of some events, so encoding leaves them out. */
function publicItem(item: ServerItem): MessageInitShape<typeof ItemSchema> {
  return { item: item as MessageInitShape<typeof ItemSchema>["item"] & object };
}

/** By {@link Format}. */
export const ENCODERS: readonly ItemEncoder[] = [protoEncoder, jsonEncoder];

/** A command of a frame. */
export interface DecodedCommand extends Command {
  /** Why it is not to be done, when its JSON has what nobody knows; it is answered by its id all the same. */
  readonly refusal?: ChatError;
}

/** How JSON is read. */
export interface DecodeOptions {
  /** "refuse" when left out. Binary fields that nobody knows are always dropped, as protobuf has it. */
  readonly unknownFields?: UnknownFields | undefined;
}

const NO_FRAME = 'Frame without "commands": send {"commands":[{"id":1,"ping":{}}]}';

/**
 * Commands of a ClientFrame, in order. Throws ChatError invalid_argument for anything that is no frame.
 */
export function decodeClientFrame(
  data: Uint8Array | string,
  commandsMax: number,
  { unknownFields = "refuse" }: DecodeOptions = {},
): DecodedCommand[] {
  const commands = typeof data === "string"
    ? decodeJsonFrame(data, unknownFields)
    : decodeHot(data) ?? decodeAny(data);
  if (commands.length > commandsMax) invalid(`Too many commands: at most ${commandsMax} in one frame`);
  return commands;
}

/** The general decoder of bytes, to which the fast one is held. Throws ChatError invalid_argument. */
export function decodeAny(data: Uint8Array): Command[] {
  return commandsOf(read(ClientFrameSchema, () => fromBinary(ClientFrameSchema, data, READ_BINARY)));
}

function decodeJsonFrame(text: string, unknownFields: UnknownFields): DecodedCommand[] {
  const frame = parseJson(ClientFrameSchema, text);
  if (!isObject(frame)) invalid(NO_FRAME);
  const given = frame["commands"];
  if (given === undefined && unknownFields === "refuse" && Object.keys(frame).length > 0) invalid(NO_FRAME);
  const refusals = new Map<number, ChatError>();
  if (Array.isArray(given)) {
    const commands = given.map((command, index) => {
      if (!isObject(command)) return command;
      try {
        numberWords(CommandSchema, command, unknownFields);
        return command;
      } catch (error) {
        if (!(error instanceof ChatError)) throw error;
        refusals.set(index, error);
        const { id = 0 } = command;
        return { id };
      }
    });
    numberWords(ClientFrameSchema, { ...frame, commands: [] }, unknownFields);
    frame["commands"] = commands;
  }
  const decoded = commandsOf(read(ClientFrameSchema, () => fromJson(ClientFrameSchema, frame, READ_JSON)));
  if (refusals.size === 0) return decoded;
  return decoded.map((command, index) => {
    const refusal = refusals.get(index);
    return refusal ? { ...command, refusal } : command;
  });
}

function commandsOf({ commands }: ClientFrame): Command[] {
  // The generated types differ from the core's in the enums, which commands check, and in a
  // missing body, which the core refuses as a command it does not know.
  return commands.map(({ id, key, body }) => ({ id, key, body: body as CommandBody }));
}

const COMMAND_FIELDS = new Map(
  CommandSchema.oneofs[0]!.fields.map((field) => [field.message!.name, field] as const),
);
const RESULT_MESSAGES = new Map<string, DescMessage>(
  ReplySchema.oneofs[0]!.fields.map((field) => [field.localName, field.message!] as const),
);

/** Names of all commands, as in POST /api/v1/<Command>. */
export const COMMAND_NAMES: readonly string[] = [...COMMAND_FIELDS.keys()];

/**
 * The body of a command sent alone. Throws ChatError invalid_argument for one that cannot be read, and where there is no
 * command of this name.
 */
export function decodeCommand(
  name: string,
  data: Uint8Array | string,
  { unknownFields = "refuse" }: DecodeOptions = {},
): CommandBody {
  const field = COMMAND_FIELDS.get(name);
  if (!field) invalid(`Command not known to this server${suggestion(name, COMMAND_NAMES)}`);
  const schema = field.message!;
  const value = typeof data === "string"
    ? readJson(schema, data, unknownFields)
    : read(schema, () => fromBinary(schema, data, READ_BINARY));
  return { case: field.localName as CommandCase, value } as unknown as CommandBody;
}

/** A command's result sent alone. */
export function encodeResult(result: Result, format: Format): ProtoChunk | string {
  const schema = RESULT_MESSAGES.get(result.case)!;
  const message = create(schema, result.value as Record<string, unknown>);
  return format === Format.JSON
    ? toJsonString(schema, message, { alwaysEmitImplicit: true })
    : exact(toBinary(schema, message));
}

/** Encodes one item as a whole frame. */
export function encodeFrame(item: ServerItem, format: Format): Chunk {
  return ENCODERS[format]!.encode(item);
}

function readJson(schema: DescMessage, text: string, unknownFields: UnknownFields) {
  const json = parseJson(schema, text === "" ? "{}" : text);
  if (isObject(json)) numberWords(schema, json, unknownFields);
  return read(schema, () => fromJson(schema, json, READ_JSON));
}

function parseJson(schema: DescMessage, text: string): JsonValue {
  return read(schema, () => JSON.parse(text) as JsonValue);
}

/** What `work` reads; its errors become refusals. */
function read<T>(schema: DescMessage, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return invalid(`Not a valid ${schema.name}: ${detail.slice(0, 200)}`);
  }
}

function exact(bytes: Uint8Array): ProtoChunk {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes as ProtoChunk : bytes.slice() as ProtoChunk;
}
