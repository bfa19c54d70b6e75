/** A socket between the core and a model client: frames wait in it until they are read or lost. @module */
import type { Chunk, Outlet } from "../../../src/chat/ports.ts";
import type { ServerItem } from "../../../src/chat/reply.ts";
import type { ItemChunk } from "../fakes.ts";
import type { Dice } from "./dice.ts";
import type { Mutation } from "./faulty_writer.ts";
import type { Trace } from "./trace.ts";
import type { Witness } from "./witness.ts";

interface PipeOptions {
  readonly format: number;
  readonly userId: number;
  readonly room: number;
  readonly witness: Witness;
  readonly trace: Trace;
  readonly dice: Dice;
  readonly mutation: Mutation;
}

/** Of a replay; whoever is full gets no more than it and the answers to commands. */
const FRAME_BYTES = 64 * 1024;
/** What a device is told unasked: channels that it gains, streams to reload. */
const UNASKED = 24;

export class Pipe implements Outlet {
  readonly format: number;
  readonly #options: PipeOptions;
  readonly #frames: ServerItem[][] = [];
  #bytes = 0;
  /** Commands that were sent over it, each of which has one answer. */
  asked = 0;
  /** Code of its end, as the server said it. */
  closedBy: number | undefined;
  /** It was cut: nothing goes through, and the server does not know yet. */
  cut = false;

  constructor(options: PipeOptions) {
    this.#options = options;
    this.format = options.format;
  }

  get ready(): boolean {
    return this.#bytes < this.#options.room;
  }

  get unread(): number {
    return this.#frames.length;
  }

  /** What the server may at most have handed over unread, items being so large. */
  boundBytes(itemBytes: number): number {
    return this.#options.room + FRAME_BYTES + (UNASKED + this.asked) * itemBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  send(chunk: Chunk): boolean {
    const { witness, userId } = this.#options;
    if (this.closedBy !== undefined) witness.complain("something was sent after the end of a session");
    const { items } = chunk as ItemChunk;
    for (const item of items) {
      if (item.case === "event" && !this.ready) witness.complain("an event was sent to a full socket");
      witness.deliver(userId, item);
    }
    this.#options.trace.note("frame", userId, items.length);
    if (!this.cut) {
      this.#frames.push(this.#mutilated(items));
      this.#bytes += chunk.byteLength;
    }
    return this.ready;
  }

  close(code: number): void {
    this.#options.trace.note("close", this.#options.userId, code);
    this.closedBy ??= code;
  }

  /** Next frame, by the client. */
  read(): ServerItem[] | undefined {
    const frame = this.#frames.shift();
    if (this.#frames.length === 0) this.#bytes = 0;
    return frame;
  }

  /** Nothing more arrives, not even what was sent. */
  sever(): void {
    this.cut = true;
    this.#frames.length = 0;
    this.#bytes = 0;
  }

  #mutilated(items: readonly ServerItem[]): ServerItem[] {
    const { mutation, dice } = this.#options;
    const at = items.findIndex((item) => item.case === "event");
    const mine = mutation === "drop-event" || mutation === "double-event" || mutation === "swap-events";
    if (!mine || at < 0 || !dice.chance(0.05)) return [...items];
    if (mutation === "drop-event") return items.toSpliced(at, 1);
    if (mutation === "double-event") return items.toSpliced(at, 0, items[at]!);
    return at + 1 < items.length ? items.toSpliced(at, 2, items[at + 1]!, items[at]!) : [...items];
  }
}
