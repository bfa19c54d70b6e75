/** `docs/api.md`: what developers look up. @module */
import { type DescEnum, type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import type { Command, Contract, Kind } from "./contract.ts";

const KINDS: Readonly<Record<Kind, string>> = {
  read: "Read",
  durable: "Durable",
  live: "Live: over a socket alone",
};

export function apiReference(contract: Contract): string {
  const { commands, message } = contract;
  const answers = unique(commands.map(({ output }) => output));
  const pieces = [
    INTRODUCTION,
    "## Commands",
    ...commands.map((command) => commandText(command, contract)),
    "## Answers",
    ...answers.map((desc) => messageText(desc, contract)),
    "## Frames and items",
    "What travels over a socket besides commands and answers.",
    ...["ClientFrame", "Command", "ServerFrame", "Item", "Reply", "Error"].map((name) =>
      messageText(message(name), contract)
    ),
    ...messagesOf(message("Item")).filter((desc) => !["Reply", "Event"].includes(desc.name))
      .map((desc) => messageText(desc, contract)),
    "## Events",
    ...[message("Event"), ...messagesOf(message("Event"))].map((desc) => messageText(desc, contract)),
    "## Things",
    ...things(contract).map((desc) => messageText(desc, contract)),
    "## Words",
    ...words(contract).map((desc) => enumText(desc, contract)),
  ];
  return `${pieces.join("\n\n")}\n`;
}

const INTRODUCTION = `# Commands, answers and events

Generated from [proto/rookery/v1](../proto/rookery/v1) by \`deno task gen\`. A running server has the same as OpenAPI 3.1
(\`/api/v1/openapi.json\`), AsyncAPI 3 (\`/api/v1/asyncapi.json\`) and a FileDescriptorSet (\`/api/v1/descriptor\`).

\`POST /api/v1/<Command>\` takes a command's fields as JSON or protobuf and answers its answer, or an
[Error](#error) with a status. Over \`GET /api/v1/socket\` commands travel in a [ClientFrame](#clientframe), answers and
events in a [ServerFrame](#serverframe). A session's token stands in \`Authorization: Bearer …\`; "public" commands need
none. A **durable** command is stored before it is answered, and with an \`Idempotency-Key\` (by socket: \`key\`) a retry gets
the first answer; where it answers Stored and nothing had to change, it answers Done. Names are those of JSON; in protobuf they are
written with underscores. Every field may be left out.`;

function commandText(command: Command, contract: Contract): string {
  const { input, output, kind } = command;
  const notes = [
    KINDS[kind] + (command.postOnly ? ", by POST alone" : ""),
    ...(command.public ? ["public"] : []),
    `answers ${link(output)}`,
  ];
  return [`### ${input.name}`, contract.commentOf(input), `${notes.join("; ")}.`, fieldTable(input, contract)]
    .filter((text) => text !== "").join("\n\n");
}

function messageText(desc: DescMessage, contract: Contract): string {
  return [`### ${desc.name}`, contract.commentOf(desc), fieldTable(desc, contract)]
    .filter((text) => text !== "").join("\n\n");
}

function fieldTable(desc: DescMessage, contract: Contract): string {
  if (desc.fields.length === 0) return "";
  const rows = desc.fields.map((field) =>
    `| \`${field.jsonName}\` | ${typeText(field)} | ${cell(noteOf(field, contract))} |`
  );
  return ["| Field | Type | |", "| --- | --- | --- |", ...rows].join("\n");
}

function noteOf(field: DescField, contract: Contract): string {
  const comment = contract.commentOf(field);
  const others = field.oneof?.fields.filter((other) => other !== field) ?? [];
  if (others.length === 0 || comment !== "" && others.length > 3) return comment;
  return others.length > 3
    ? ""
    : `${comment} At most one with ${others.map(({ jsonName }) => `\`${jsonName}\``).join(", ")}.`;
}

function typeText(field: DescField): string {
  const desc = field.message ?? field.enum;
  const type = desc ? link(desc) : ScalarType[field.scalar!]!.toLowerCase();
  return field.fieldKind === "list" ? `list of ${type}` : type;
}

function enumText(desc: DescEnum, contract: Contract): string {
  const rows = desc.values.filter(({ number }) => number !== 0).map((value) =>
    `| \`${value.name}\` | ${value.number} | ${cell(contract.commentOf(value))} |`
  );
  const lines = ["| Word | Number | |", "| --- | --- | --- |", ...rows].join("\n");
  return [`### ${desc.name}`, contract.commentOf(desc), lines].filter((text) => text !== "").join("\n\n");
}

/** What commands, answers and events consist of, besides what has a place of its own. */
function things(contract: Contract): DescMessage[] {
  const { commands, message } = contract;
  const told = new Set<DescMessage>([
    ...commands.flatMap(({ input, output }) => [input, output]),
    ...["ClientFrame", "Command", "ServerFrame", "Item", "Reply", "Error", "Event"].map(message),
    ...messagesOf(message("Item")),
    ...messagesOf(message("Event")),
  ]);
  return everything(contract).filter((desc) => !told.has(desc));
}

function words(contract: Contract): DescEnum[] {
  const found = everything(contract).flatMap(({ fields }) => fields.flatMap((field) => field.enum ?? []));
  return unique([...found, contract.closeCodes]);
}

/** All messages, each behind the first that has it. */
function everything({ commands, message }: Contract): DescMessage[] {
  const found = new Set<DescMessage>();
  const visit = (desc: DescMessage): void => {
    if (found.has(desc)) return;
    found.add(desc);
    messagesOf(desc).forEach(visit);
  };
  [
    ...commands.flatMap(({ input, output }) => [input, output]),
    message("ClientFrame"),
    message("ServerFrame"),
  ]
    .forEach(visit);
  return [...found];
}

function messagesOf({ fields }: DescMessage): DescMessage[] {
  return fields.flatMap((field) => field.message ?? []);
}

function link({ name }: { readonly name: string }): string {
  return `[${name}](#${name.toLowerCase()})`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
