/**
 * Who is owed a frame, in the order in which they became due. A wide fan-out
 * goes out in turns that let the loop in between: what becomes due meanwhile
 * joins the frames of those whose turn has not come, so a busy channel costs
 * fewer frames, and nobody waits for more than one round.
 *
 * @module
 */
import { Bundle } from "./bundle.ts";
import type { Chunk, ItemEncoder, Loop } from "../ports.ts";
import type { Subscriber } from "./subscriber.ts";

interface Dependencies {
  readonly encoders: readonly ItemEncoder[];
  readonly loop: Loop;
  /** Frames of one turn. */
  readonly turnFrames: number;
  /** Called with each subscriber that had no room for more after its frame. */
  onFull(subscriber: Subscriber): void;
}

export class Turns {
  readonly #deps: Dependencies;
  /** By wire format. */
  readonly #empty: readonly Bundle[];
  /** Those of the running round; some may be owed nothing any more. */
  #round: Subscriber[] = [];
  /** The first of them whose turn has not come. */
  #at = 0;
  /** Those who became due since: the round after this one. */
  #next: Subscriber[] = [];
  #cancel: (() => void) | undefined;
  readonly counters = { frames: 0, bytes: 0 };

  constructor(dependencies: Dependencies) {
    this.#deps = dependencies;
    this.#empty = dependencies.encoders.map((encoder) => Bundle.empty(encoder));
  }

  /** Frames that wait for their turn; an upper bound, because some may have gone out of turn. */
  get dueCount(): number {
    return this.#round.length - this.#at + this.#next.length;
  }

  /** Puts a chunk into a subscriber's next frame. */
  owe(subscriber: Subscriber, chunk: Chunk): void {
    if (!subscriber.owed) this.#next.push(subscriber);
    subscriber.owed = (subscriber.owed ?? this.#empty[subscriber.format]!).with(chunk);
  }

  /** Sends frames: some now, the others when the loop has had its turn. */
  begin(): void {
    if (!this.#cancel) this.#turn();
  }

  /** Sends everything now. */
  drain(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#send(Infinity);
  }

  /** Sends one subscriber what it is owed, out of turn; false when it has no room for more. */
  sendNow(subscriber: Subscriber): boolean {
    const { owed, outlet } = subscriber;
    if (!owed) return outlet.ready;
    subscriber.owed = undefined;
    const { frame } = owed;
    this.counters.frames++;
    this.counters.bytes += frame.byteLength;
    return outlet.send(frame);
  }

  #turn(): void {
    this.#cancel = undefined;
    try {
      this.#send(this.#deps.turnFrames);
    } finally {
      if (this.#due) this.#cancel = this.#deps.loop.soon(() => this.#turn());
    }
  }

  get #due(): boolean {
    return this.#at < this.#round.length || this.#next.length > 0;
  }

  #send(framesMax: number): void {
    for (let frames = 0; frames < framesMax && this.#due;) {
      if (this.#at === this.#round.length) {
        this.#round = this.#next;
        this.#next = [];
        this.#at = 0;
      }
      const subscriber = this.#round[this.#at++]!;
      // It may have been served out of turn.
      if (!subscriber.owed) continue;
      frames++;
      if (!this.sendNow(subscriber)) this.#deps.onFull(subscriber);
    }
    if (this.#at < this.#round.length) return;
    this.#round = [];
    this.#at = 0;
  }
}
