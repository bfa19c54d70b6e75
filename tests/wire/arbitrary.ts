/** Commands and items of every kind, with any content that the contract has room for. @module */
import { create, type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import fc from "fast-check";
import type { ServerItem } from "../../src/chat/reply.ts";
import { ItemSchema } from "../../src/wire/gen/rookery/v1/frame_pb.ts";

/** Times: whole milliseconds, so that both encodings keep them. */
const double = fc.integer({ min: 0, max: 8.64e15 });
const uint32 = fc.integer({ min: 0, max: 0xffff_ffff });
const text = fc.string({ unit: "binary", maxLength: 40 });

/** What a message of this type may hold, as plain data for `create`. */
export function messageOf(schema: DescMessage, depth = 0): fc.Arbitrary<Record<string, unknown>> {
  const plain = schema.members.filter((member) => member.kind === "field");
  const fields = fc.record(
    Object.fromEntries(plain.map((field) => [field.localName, fieldOf(field, depth)])),
    // A field of its own presence may be missing; the others have their default then.
    { requiredKeys: plain.filter((field) => !optional(field)).map((field) => field.localName) },
  );
  const unions = schema.oneofs.filter((oneof) => oneof.fields.length > 1 || !optional(oneof.fields[0]!));
  return unions.reduce<fc.Arbitrary<Record<string, unknown>>>((made, oneof) => {
    const cases = oneof.fields.map((field) =>
      fieldOf(field, depth).map((value) => ({ case: field.localName, value }))
    );
    return fc.tuple(made, fc.oneof(...cases)).map(([rest, chosen]) => ({
      ...rest,
      [oneof.localName]: chosen,
    }));
  }, fields);
}

function optional(field: DescField): boolean {
  return field.proto.proto3Optional || field.fieldKind === "message";
}

function fieldOf(field: DescField, depth: number): fc.Arbitrary<unknown> {
  switch (field.fieldKind) {
    case "message":
      return messageOf(field.message, depth + 1);
    case "list":
      return fc.array(
        field.listKind === "message" ? messageOf(field.message, depth + 1) : scalarOf(field.scalar),
        { maxLength: 3 },
      );
    case "enum":
      return fc.constantFrom(...field.enum.values.map(({ number }) => number));
    case "scalar":
      return scalarOf(field.scalar);
    case "map":
      throw new Error("The contract has no maps");
  }
}

function scalarOf(scalar: ScalarType | undefined): fc.Arbitrary<unknown> {
  switch (scalar) {
    case ScalarType.STRING:
      return text;
    case ScalarType.BOOL:
      return fc.boolean();
    case ScalarType.DOUBLE:
      return double;
    case ScalarType.UINT32:
      return uint32;
    default:
      throw new Error(`The contract has no scalar ${scalar}`);
  }
}

/** One thing that the server says, in the core's own shape, which differs in types alone. */
export const serverItem = messageOf(ItemSchema).map(({ item }) => item as ServerItem);

/** The same message as the schema's own code holds it, to compare with. */
export function messageValue(schema: DescMessage, value: unknown): unknown {
  return plain(create(schema, value as Record<string, unknown>));
}

/** Without the names of types, which plain data does not have. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([name, held]) => !name.startsWith("$") && held !== undefined);
  return Object.fromEntries(entries.map(([name, held]) => [name, plain(held)]));
}
