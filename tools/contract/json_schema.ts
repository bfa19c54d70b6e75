/** JSON Schemas of messages, as protobuf's JSON mapping has them (https://protobuf.dev/programming-guides/json/). @module */
import { type DescEnum, type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import type { Contract } from "./contract.ts";

export type Json = { readonly [key: string]: unknown };

const UINT32_MAX = 2 ** 32 - 1;

const SCALARS: Readonly<Partial<Record<ScalarType, Json>>> = {
  [ScalarType.BOOL]: { type: "boolean" },
  [ScalarType.DOUBLE]: { type: "number" },
  [ScalarType.STRING]: { type: "string" },
  [ScalarType.UINT32]: { type: "integer", minimum: 0, maximum: UINT32_MAX },
};

/** A reference to the schema of this name. */
export function reference({ name }: { readonly name: string }): Json {
  return { $ref: `#/components/schemas/${name}` };
}

/** Schemas of the messages and of all that they consist of, by name. Throws for what the mapping here does not know. */
export function schemasOf(contract: Contract, messages: readonly DescMessage[]): Record<string, Json> {
  const schemas = new Map<string, Json>();
  const add = (desc: DescMessage | DescEnum): void => {
    if (schemas.has(desc.name)) return;
    if (desc.kind === "enum") {
      schemas.set(desc.name, enumSchema(desc, contract));
      return;
    }
    schemas.set(desc.name, messageSchema(desc, contract));
    for (const { message, enum: words } of desc.fields) if (message ?? words) add((message ?? words)!);
  };
  for (const message of messages) add(message);
  return Object.fromEntries([...schemas].sort(([a], [b]) => a < b ? -1 : 1));
}

function messageSchema(desc: DescMessage, contract: Contract): Json {
  const choices = desc.oneofs.map(({ fields }) => fields.map(({ jsonName }) => jsonName).join(", "));
  const notes = choices.map((names) => `At most one of ${names}.`);
  return {
    type: "object",
    description: [contract.commentOf(desc), ...notes].filter((text) => text !== "").join(" "),
    properties: Object.fromEntries(
      desc.fields.map((field) => [field.jsonName, fieldSchema(field, contract)]),
    ),
    additionalProperties: false,
  };
}

function fieldSchema(field: DescField, contract: Contract): Json {
  const description = contract.commentOf(field);
  const hidden = field.proto.options?.debugRedact ? { format: "password" } : {};
  const schema = field.fieldKind === "list" ? { type: "array", items: typeOf(field) } : typeOf(field);
  return { ...schema, ...hidden, ...(description !== "" && { description }) };
}

function typeOf(field: DescField): Json {
  if (field.message) return reference(field.message);
  if (field.enum) return reference(field.enum);
  const schema = field.scalar === undefined ? undefined : SCALARS[field.scalar];
  if (field.fieldKind === "map" || !schema) {
    throw new Error(`No JSON Schema for ${field.parent.name}.${field.name}`);
  }
  return schema;
}

/** Requests may have an enum's words short and in small letters, too. */
function enumSchema(desc: DescEnum, contract: Contract): Json {
  const words = desc.values.map(({ name }) => name);
  const notes = desc.values.flatMap((value) => {
    const comment = contract.commentOf(value);
    return comment === "" ? [] : [`${value.name}: ${comment}`];
  });
  return { type: "string", enum: words, description: [contract.commentOf(desc), ...notes].join("\n").trim() };
}
