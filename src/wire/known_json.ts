/**
 * JSON of clients, before protobuf's own reader takes it: that one drops what it does not know, and a command whose
 * `isPrivate` was dropped makes a public channel. Fields and words come from the contract's descriptors.
 *
 * @module
 */
import type { DescEnum, DescField, DescMessage, JsonObject, JsonValue } from "@bufbuild/protobuf";
import { invalid } from "../chat/error.ts";
import { quoted, suggestion } from "../nearest.ts";
import { CommandSchema } from "./gen/rookery/v1/command_pb.ts";
import type { UnknownFields } from "./format.ts";

/** Messages with more fields do not list them. */
const LISTED_MAX = 8;
const KEY_PLACE = "; a key stands in the header Idempotency-Key, or in a frame beside the command's id";

const fields = new WeakMap<DescMessage, ReadonlyMap<string, DescField>>();
const words = new WeakMap<DescEnum, ReadonlyMap<string, number>>();

/** Whether it is an object of JSON, and no array. */
export function isObject(json: JsonValue | undefined): json is JsonObject {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}

/**
 * Puts numbers in the place of an enum's words, which may be short and lower case ("admin"). Throws ChatError
 * invalid_argument for the first field or word that the contract does not have, unless such are to be ignored. Other
 * faults are left to protobuf's reader.
 */
export function numberWords(schema: DescMessage, json: JsonObject, unknown: UnknownFields): void {
  const known = fieldsOf(schema);
  for (const name of Object.keys(json)) {
    const field = known.get(name);
    if (field) json[name] = numbered(field, json[name]!, unknown);
    else if (unknown === "refuse") refuseField(schema, name);
  }
}

function numbered(field: DescField, json: JsonValue, unknown: UnknownFields): JsonValue {
  if (field.fieldKind === "list" && Array.isArray(json)) {
    return json.map((element) => numberedOne(field, element, unknown));
  }
  return field.fieldKind === "list" || field.fieldKind === "map" ? json : numberedOne(field, json, unknown);
}

function numberedOne(field: DescField, json: JsonValue, unknown: UnknownFields): JsonValue {
  if (field.message && isObject(json)) numberWords(field.message, json, unknown);
  else if (field.enum && typeof json === "string") {
    const number = wordsOf(field.enum).get(json.toLowerCase());
    if (number !== undefined) return number;
    if (unknown === "refuse") refuseWord(field, field.enum, json);
  }
  return json;
}

/** By the names that JSON may have: camelCase, and as they stand in the contract. */
function fieldsOf(schema: DescMessage): ReadonlyMap<string, DescField> {
  let known = fields.get(schema);
  if (!known) {
    known = new Map(schema.fields.flatMap((field) => [[field.jsonName, field], [field.name, field]]));
    fields.set(schema, known);
  }
  return known;
}

/** Lower-cased, with the enum's name in front and without. */
function wordsOf(desc: DescEnum): ReadonlyMap<string, number> {
  let known = words.get(desc);
  if (!known) {
    known = new Map(
      desc.values.flatMap(({ name, localName, number }) => [
        [name.toLowerCase(), number],
        [localName.toLowerCase(), number],
      ]),
    );
    words.set(desc, known);
  }
  return known;
}

function refuseField(schema: DescMessage, name: string): never {
  const names = schema.fields.map(({ jsonName }) => jsonName);
  const what = schema === CommandSchema ? "Not known to this server" : "Field not known";
  const help = suggestion(name, names) || (name === "key" ? KEY_PLACE : listed(names));
  invalid(`${what}: ${quoted(name)} in ${schema.name}${help}`);
}

function listed(names: readonly string[]): string {
  if (names.length === 0) return ", which has no fields";
  return names.length > LISTED_MAX ? "" : `, which has ${names.join(", ")}`;
}

function refuseWord(field: DescField, desc: DescEnum, word: string): never {
  // The word for "not given" is none that anybody would be told to use.
  const short = desc.values.filter(({ number }) => number !== 0).map(({ localName }) =>
    localName.toLowerCase()
  );
  const help = suggestion(word, short) || `; use ${short.join(" or ")}`;
  invalid(`Word not known: ${quoted(word)} as ${field.jsonName} in ${field.parent.name}${help}`);
}
