/** Commands that name something, made from the contract's own descriptors. @module */
import { type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import { CommandSchema } from "../../src/wire/gen/rookery/v1/command_pb.ts";

/** Fields by which a command names something that may be hidden. */
export const NAMING = {
  channel: ["channelId", "channelIds", "ids"],
  message: ["messageSeq", "replyTo", "seq", "before", "after", "around"],
  session: ["sessionId"],
  invite: ["inviteId", "inviteCode"],
  /** Everybody who has a session may see every account (P1), so these hide nothing. */
  user: ["userId", "userIds", "name"],
} as const;

/** Fields that name nothing. */
const PLAIN = new Set([
  "epoch",
  "cursors",
  "away",
  "password",
  "oldPassword",
  "newPassword",
  "displayName",
  "device",
  "deviceCredential",
  "cookie",
  "allOthers",
  "prefix",
  "after",
  "limit",
  "role",
  "disabled",
  "uses",
  "validS",
  "topic",
  "private",
  "archived",
  "includeArchived",
  "text",
  "emoji",
  "position",
]);

/** Fields of commands of which nobody has said what they are. */
export function unknownFields(): string[] {
  const known = new Set<string>([...Object.values(NAMING).flat(), ...PLAIN]);
  return commands().flatMap(({ name, message }) =>
    message.fields.filter(({ localName }) => !known.has(localName)).map(({ localName }) =>
      `${name}.${localName}`
    )
  );
}

/** Every command of the contract. */
export function commands(): { readonly name: string; readonly message: DescMessage }[] {
  return CommandSchema.oneofs[0]!.fields.map(({ localName, message }) => ({
    name: localName,
    message: message!,
  }));
}

/** Commands that have one of these fields. */
export function naming(fields: readonly string[]): { name: string; field: string }[] {
  return commands().flatMap(({ name, message }) =>
    message.fields.filter(({ localName }) => fields.includes(localName))
      .map(({ localName }) => ({ name, field: localName }))
  );
}

const TEXTS: Readonly<Record<string, string>> = {
  name: "probe-name",
  password: "a good password",
  oldPassword: "a good password",
  newPassword: "a good password",
  text: "hello",
  emoji: "👍",
  displayName: "Probe",
};

/** A body that nothing but these values could make anybody refuse. */
export function bodyOf(name: string, values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { message } = commands().find((command) => command.name === name)!;
  const body: Record<string, unknown> = {};
  for (const field of message.fields) {
    const value = values[field.localName] ?? plain(field);
    if (value === undefined) continue;
    if (field.oneof && !field.proto.proto3Optional) {
      if (values[field.localName] !== undefined) {
        body[field.oneof.localName] = { case: field.localName, value };
      }
    } else {
      body[field.localName] = field.fieldKind === "list" && !Array.isArray(value) ? [value] : value;
    }
  }
  return body;
}

function plain(field: DescField): unknown {
  if (field.fieldKind === "enum") return 1;
  if (field.fieldKind !== "scalar") return undefined;
  if (field.scalar === ScalarType.STRING) return TEXTS[field.localName] ?? "";
  if (field.scalar === ScalarType.BOOL) return undefined;
  return field.localName === "userId" ? 2 : undefined;
}
