/**
 * Puts commands into frames: what is asked for in one turn travels together,
 * within the sizes and rates that the server allows.
 *
 * @module
 */
import { type Chunk, type ClientCodec, JOIN_BYTES, type Limits } from "../wire/client_codec.ts";
import type { Clock } from "./clock.ts";
import { TokenBucket } from "./token_bucket.ts";

/** Until the server has told its own. */
const DEFAULT_FRAME_BYTES = 64 * 1024;
const DEFAULT_FRAME_COMMANDS = 64;

/** A command that is ready to be sent. */
export interface Outgoing {
  readonly chunk: Chunk;
  /** Bytes of the chunk. */
  readonly bytes: number;
  /** Commands asked for earlier have a lower number and go first. */
  readonly order: number;
}

/** Where the sender finds commands. */
export interface Lane {
  /** The next one to send; the same until it is taken. */
  peek(): Outgoing | undefined;
  /** The one that was peeked at is being sent. */
  take(): void;
}

export class Sender {
  readonly #codec: ClientCodec;
  readonly #clock: Clock;
  readonly #bucket: TokenBucket;
  readonly #lanes: readonly Lane[];
  #send: ((frame: Chunk) => void) | undefined;
  #frameBytes = DEFAULT_FRAME_BYTES;
  #frameCommands = DEFAULT_FRAME_COMMANDS;
  #woken = false;
  #cancelWait: (() => void) | undefined;

  constructor(codec: ClientCodec, lanes: readonly Lane[], { clock }: { clock: Clock }) {
    this.#codec = codec;
    this.#lanes = lanes;
    this.#clock = clock;
    this.#bucket = new TokenBucket(clock);
  }

  /** Bytes of the largest command that fits a frame. */
  get commandBytes(): number {
    return this.#frameBytes - JOIN_BYTES;
  }

  /** Sends from now on, by the limits of the connection, one command of which was its Open. */
  start(send: (frame: Chunk) => void, limits: Limits): void {
    this.#send = send;
    this.#bucket.reset(limits.commandsPerSecond, limits.commandBurst);
    this.#bucket.take(1);
    this.#frameBytes = limits.frameBytes || DEFAULT_FRAME_BYTES;
    this.#frameCommands = limits.frameCommands || DEFAULT_FRAME_COMMANDS;
    this.wake();
  }

  /** Sends nothing until the next start. */
  stop(): void {
    this.#send = undefined;
    this.#cancelWait?.();
    this.#cancelWait = undefined;
  }

  /** Looks at the lanes at the end of this turn. */
  wake(): void {
    if (this.#woken || !this.#send || this.#cancelWait) return;
    this.#woken = true;
    queueMicrotask(() => {
      this.#woken = false;
      this.#flush();
    });
  }

  #flush(): void {
    for (;;) {
      const send = this.#send;
      const lane = send && this.#nextLane();
      if (!send || !lane) return;
      const tokens = this.#bucket.available();
      if (tokens < 1) {
        this.#cancelWait = this.#clock.after(this.#bucket.waitMs(), () => {
          this.#cancelWait = undefined;
          this.#flush();
        });
        return;
      }
      const chunks = this.#gather(Math.min(tokens, this.#frameCommands));
      this.#bucket.take(chunks.length);
      send(this.#codec.join(chunks));
    }
  }

  #gather(limit: number): Chunk[] {
    const chunks: Chunk[] = [];
    let bytes = JOIN_BYTES;
    for (let lane = this.#nextLane(); lane && chunks.length < limit; lane = this.#nextLane()) {
      const next = lane.peek()!;
      if (chunks.length > 0 && bytes + next.bytes + 1 > this.#frameBytes) break;
      bytes += next.bytes + 1;
      chunks.push(next.chunk);
      lane.take();
    }
    return chunks;
  }

  #nextLane(): Lane | undefined {
    let first: Lane | undefined;
    let order = Infinity;
    for (const lane of this.#lanes) {
      const next = lane.peek();
      if (next && next.order < order) {
        first = lane;
        order = next.order;
      }
    }
    return first;
  }
}
