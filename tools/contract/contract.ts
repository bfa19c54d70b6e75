/** The contract in proto/ with its comments, as tools read it. @module */
import {
  createFileRegistry,
  type DescEnum,
  type DescExtension,
  type DescMessage,
  type DescMethod,
  fromBinary,
  getOption,
} from "@bufbuild/protobuf";
import {
  type FileDescriptorProto,
  FileDescriptorSetSchema,
  type MethodOptionsSchema,
} from "@bufbuild/protobuf/wkt";
import { buf } from "../large/packages.ts";

/** How a command is run. */
export type Kind = "read" | "durable" | "live";

export interface Command {
  /** As in Command.body: "sendMessage". */
  readonly name: string;
  readonly input: DescMessage;
  readonly output: DescMessage;
  readonly kind: Kind;
  /** Needs no session. */
  readonly public: boolean;
  /** Refused over a socket. */
  readonly postOnly: boolean;
  /** A field of it is a password. */
  readonly secret: boolean;
  /** Name of its result, as in Reply.result. */
  readonly result: string;
}

export interface Contract {
  /** In the order of the service. */
  readonly commands: readonly Command[];
  /** Throws for one that is not there. */
  message(name: string): DescMessage;
  readonly closeCodes: DescEnum;
  /** What stands above a message, an enum, a field or a value; empty when nothing does. */
  commentOf(desc: { readonly proto: object }): string;
}

const PACKAGE = "rookery.v1";
const KINDS: Readonly<Record<number, Kind>> = { 1: "read", 2: "durable", 3: "live" };

/** Throws buf's complaints. */
export async function readContract(): Promise<Contract> {
  const image = fromBinary(FileDescriptorSetSchema, await buildDescriptors({ comments: true }));
  const registry = createFileRegistry(image);
  const extension = registry.getExtension(`${PACKAGE}.command`);
  const service = registry.getService(`${PACKAGE}.Rookery`);
  const closeCodes = registry.getEnum(`${PACKAGE}.CloseCode`);
  if (!extension || !service || !closeCodes) throw new Error("The contract has no service Rookery");
  const message = (name: string): DescMessage => {
    const found = registry.getMessage(`${PACKAGE}.${name}`);
    if (!found) throw new Error(`The contract has no message ${name}`);
    return found;
  };
  const comments = new Map(image.file.flatMap(commentsOf));
  return {
    message,
    closeCodes,
    commands: service.methods.map((method) => commandOf(method, { extension, reply: message("Reply") })),
    commentOf: ({ proto }) => comments.get(proto) ?? "",
  };
}

/** The contract as a FileDescriptorSet. Throws buf's complaints. */
export async function buildDescriptors(
  { comments }: { readonly comments: boolean },
): Promise<Uint8Array<ArrayBuffer>> {
  const path = await Deno.makeTempFile({ suffix: ".binpb" });
  try {
    const flags = comments ? [] : ["--exclude-source-info"];
    const { ok, output } = await buf(["build", "--as-file-descriptor-set", ...flags, "--output", path]);
    if (!ok) throw new Error(`buf build failed:\n${output}`);
    return await Deno.readFile(path);
  } finally {
    await Deno.remove(path);
  }
}

function commandOf(
  method: DescMethod,
  { extension, reply }: { readonly extension: DescExtension; readonly reply: DescMessage },
): Command {
  const { name, input, output } = method;
  const options = getOption(
    method,
    extension as DescExtension & { extendee: typeof MethodOptionsSchema },
  ) as {
    readonly kind: number;
    readonly public: boolean;
    readonly postOnly: boolean;
  };
  const kind = KINDS[options.kind];
  const result = reply.oneofs[0]!.fields.find(({ message }) => message?.typeName === output.typeName);
  if (!kind) throw new Error(`${name} does not say its kind`);
  if (!result) throw new Error(`${name} answers ${output.name}, which Reply has no place for`);
  if (input.name !== name) throw new Error(`${name} takes ${input.name}, not the message of its name`);
  return {
    name: method.localName,
    input,
    output,
    kind,
    public: options.public,
    postOnly: options.postOnly,
    secret: input.fields.some(({ proto }) => proto.options?.debugRedact),
    result: result.localName,
  };
}

/** By what they stand above. Paths are of SourceCodeInfo.Location in descriptor.proto. */
function commentsOf(file: FileDescriptorProto): [desc: object, comment: string][] {
  const things = new Map<string, object>();
  const add = (desc: object, path: readonly number[]) => things.set(path.join(), desc);
  for (const [at, message] of file.messageType.entries()) {
    add(message, [4, at]);
    for (const [place, field] of message.field.entries()) add(field, [4, at, 2, place]);
  }
  for (const [at, words] of file.enumType.entries()) {
    add(words, [5, at]);
    for (const [place, value] of words.value.entries()) add(value, [5, at, 2, place]);
  }
  return (file.sourceCodeInfo?.location ?? []).flatMap(({ path, leadingComments }) => {
    const desc = things.get(path.join());
    const lines = leadingComments.split("\n").map((line) => line.trim()).join(" ").trim();
    return desc && lines !== "" ? [[desc, lines]] : [];
  });
}
