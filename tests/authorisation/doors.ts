/** Both ways in: a POST, and a command on a socket. @module */
import { create, fromBinary, fromJsonString, toBinary, toJsonString } from "@bufbuild/protobuf";
import { CommandSchema } from "../../src/wire/gen/rookery/v1/command_pb.ts";
import { ErrorSchema } from "../../src/wire/gen/rookery/v1/model_pb.ts";
import { WireSocket } from "../server/wire_socket.ts";
import type { Deed } from "./deeds.ts";

/** What became of a command: its refusal, or neither code nor message. */
export interface Outcome {
  /** By ErrorCode in proto/rookery/v1/model.proto; 0 when it was done. */
  readonly code: number;
  readonly message: string;
}

const MEDIA_TYPES = { proto: "application/protobuf", json: "application/json" } as const;
export type Encoding = keyof typeof MEDIA_TYPES;
export const ENCODINGS = Object.keys(MEDIA_TYPES) as Encoding[];
const UNAUTHENTICATED = 2;
const DONE: Outcome = { code: 0, message: "" };

const FIELDS = new Map(CommandSchema.oneofs[0]!.fields.map((field) => [field.localName, field.message!]));

/** The answer to a POST, as it came. */
export interface Posted {
  readonly status: number;
  /** Without what belongs to the moment. */
  readonly headers: string;
  readonly body: Uint8Array;
}

export async function post(
  url: string,
  [name, value]: Deed,
  { token, encoding }: { token: string | undefined; encoding: Encoding },
): Promise<Posted> {
  const schema = FIELDS.get(name)!;
  const message = create(schema, value as Record<string, unknown>);
  const response = await fetch(`${url}/api/v1/${schema.name}`, {
    method: "POST",
    body: encoding === "json"
      ? toJsonString(schema, message)
      : toBinary(schema, message) as Uint8Array<ArrayBuffer>,
    headers: {
      "content-type": MEDIA_TYPES[encoding],
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
  });
  const headers = [...response.headers].filter(([field]) => field !== "date").map((field) => field.join(": "))
    .join("\n");
  return { status: response.status, headers, body: await response.bytes() };
}

export function outcomeOf({ status, body }: Posted, encoding: Encoding): Outcome {
  if (status === 200) return DONE;
  const { code, message } = encoding === "json"
    ? fromJsonString(ErrorSchema, new TextDecoder().decode(body))
    : fromBinary(ErrorSchema, body);
  return { code, message };
}

/** Sockets that stay open from one command to the next, as far as their sessions do. */
export class Sockets implements AsyncDisposable {
  readonly #url: string;
  readonly #sockets = new Map<string, WireSocket>();
  #lastId = 100;

  constructor(url: string) {
    this.#url = url;
  }

  async ask(
    [name, value]: Deed,
    { token, encoding }: { token: string | undefined; encoding: Encoding },
  ): Promise<Outcome> {
    // The first command can be sent once.
    const key = `${token} ${encoding}${name === "open" ? ++this.#lastId : ""}`;
    const socket = await this.#socket(key, {
      json: encoding === "json",
      ...(token === undefined ? {} : { token }),
    });
    // Who is not let in has no session, as far as the server says.
    if (!socket) return { code: UNAUTHENTICATED, message: "" };
    const id = ++this.#lastId;
    socket.send({ id, body: { case: name, value } as never });
    const { result } = await socket.reply(id);
    if (result.case !== "error") return DONE;
    return { code: result.value.code, message: result.value.message };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets.values()) await socket.close();
  }

  async #socket(key: string, options: { token?: string; json: boolean }): Promise<WireSocket | undefined> {
    const open = this.#sockets.get(key);
    if (open?.socket.readyState === WebSocket.OPEN) return open;
    const socket = new WireSocket(this.#url, options);
    if (!await socket.opened) return undefined;
    this.#sockets.set(key, socket);
    // Nobody may have more than sixteen.
    for (const [other, old] of this.#sockets) {
      if (this.#sockets.size <= 12) break;
      this.#sockets.delete(other);
      await old.close();
    }
    return socket;
  }
}
