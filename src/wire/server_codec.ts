/**
 * The server's half of the wire: bytes to commands, items to bytes.
 *
 * An item is encoded as a ServerFrame of its own; concatenated frames parse as
 * one (protobuf's rule for repeated fields), so joining is copying.
 *
 * @module
 */
import { create, fromBinary, fromJsonString, toBinary, toJsonString } from "@bufbuild/protobuf";
import type { DescMessage, MessageInitShape } from "@bufbuild/protobuf";
import type { Command, CommandBody, CommandCase } from "../chat/command.ts";
import { invalid } from "../chat/error.ts";
import type { Chunk, ItemEncoder } from "../chat/ports.ts";
import type { Result, ServerItem } from "../chat/reply.ts";
import { CommandSchema } from "./gen/rookery/v1/command_pb.ts";
import { ClientFrameSchema, ItemSchema, ReplySchema, ServerFrameSchema } from "./gen/rookery/v1/frame_pb.ts";
import { Format } from "./format.ts";
import { decodeHot } from "./hot_decoder.ts";
import { encodeHot } from "./hot_encoder.ts";

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

/**
 * Commands of a ClientFrame, in order. Unknown fields are dropped.
 * Throws ChatError invalid_argument for anything that is no frame.
 */
export function decodeClientFrame(data: Uint8Array | string, commandsMax: number): Command[] {
  const commands = (typeof data === "string" ? undefined : decodeHot(data)) ?? decodeAny(data);
  if (commands.length > commandsMax) invalid(`Too many commands: at most ${commandsMax} in one frame`);
  return commands;
}

/** The general decoder, to which the fast one is held. Throws ChatError invalid_argument. */
export function decodeAny(data: Uint8Array | string): Command[] {
  const { commands } = parse(ClientFrameSchema, data);
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

/** The body of a command sent alone; undefined when there is no command of this name. */
export function decodeCommand(name: string, data: Uint8Array | string): CommandBody | undefined {
  const field = COMMAND_FIELDS.get(name);
  if (!field) return undefined;
  const value = parse(field.message!, data);
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

function parse<Desc extends DescMessage>(schema: Desc, data: Uint8Array | string) {
  try {
    return typeof data === "string"
      ? fromJsonString(schema, data === "" ? "{}" : data, { ignoreUnknownFields: true })
      : fromBinary(schema, data, { readUnknownFields: false });
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return invalid(`Not a valid ${schema.name}: ${detail.slice(0, 200)}`);
  }
}

function exact(bytes: Uint8Array): ProtoChunk {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes as ProtoChunk : bytes.slice() as ProtoChunk;
}
