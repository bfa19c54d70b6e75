/** From a command to what the sender sends. @module */
import {
  chunkBytes,
  type ClientCodec,
  type CommandCase,
  type CommandInit,
  type CommandOut,
} from "../wire/client_codec.ts";
import type { Outgoing } from "./sender.ts";

/** Numbers commands and encodes them. */
export class CommandEncoder {
  readonly #codec: ClientCodec;
  #order = 0;
  #id = 0;

  constructor(codec: ClientCodec) {
    this.#codec = codec;
  }

  /** Encodes a command under a number of its own, or under 0 when nobody waits for a reply. */
  encode(
    command: Pick<CommandOut, "name" | "body">,
    { key = "", reply = true }: { key?: string; reply?: boolean } = {},
  ): Outgoing & { readonly id: number } {
    const id = reply ? this.#nextId() : 0;
    const chunk = this.#codec.encodeCommand({ id, key, ...command });
    return { id, chunk, bytes: chunkBytes(chunk), order: this.#order++ };
  }

  /** Whether two bodies of a command say the same. */
  same<C extends CommandCase>(name: C, one: CommandInit<C>, other: CommandInit<C>): boolean {
    // Text as it is, and bytes as their numbers between commas.
    const [a, b] = [one, other].map((body) => String(this.#codec.encodeBody(name, body)));
    return a === b;
  }

  #nextId(): number {
    // Ids are uint32; a number comes round again long after its reply.
    this.#id = this.#id % 0xffff_ffff + 1;
    return this.#id;
  }
}
