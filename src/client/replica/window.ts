/** The newest messages of a channel, without holes. @module */
import type { Message } from "../../wire/client_codec.ts";

/** Events that a page of history speaks for: after < seq <= upTo. */
export interface PageRange {
  readonly after: number;
  readonly upTo: number;
}

/** Every message with a number above {@link floorSeq}, ascending. */
export class MessageWindow {
  readonly #limit: number;
  #capacity: number;
  #messages: Message[] = [];
  #floorSeq: number;

  /** Holds `limit` messages, and begins with those after `floorSeq`. */
  constructor(limit: number, floorSeq: number) {
    this.#limit = this.#capacity = limit;
    this.#floorSeq = floorSeq;
  }

  get messages(): readonly Message[] {
    return this.#messages;
  }

  /** Messages up to this number are not held; 0 when none are older. */
  get floorSeq(): number {
    return this.#floorSeq;
  }

  get(seq: number): Message | undefined {
    const at = this.#indexOf(seq);
    const message = this.#messages[at];
    return message?.seq === seq ? message : undefined;
  }

  append(message: Message): void {
    this.#messages.push(message);
    // Dropping some at a time keeps the cost of moving the rest small.
    if (this.#messages.length > this.#capacity + (this.#capacity >> 2)) this.#drop(this.#capacity);
  }

  /** Puts the new state of a message into its place; false when it is not held. */
  replace(message: Message): boolean {
    const at = this.#indexOf(message.seq);
    if (this.#messages[at]?.seq !== message.seq) return false;
    this.#messages[at] = message;
    return true;
  }

  /** Takes older messages in front; false when the page does not touch what is held. */
  prepend(page: readonly Message[], { after, upTo }: PageRange): boolean {
    if (upTo < this.#floorSeq || this.#limit === 0) return false;
    if (after >= this.#floorSeq) return true;
    const older = page.filter((message) => message.seq > after && message.seq <= this.#floorSeq);
    this.#messages = [...older, ...this.#messages];
    this.#floorSeq = after;
    // Somebody who scrolls back keeps what they have fetched until it is trimmed.
    this.#capacity = Math.max(this.#limit, this.#messages.length);
    return true;
  }

  /** Goes back to the size it was made for. */
  trim(): void {
    this.#capacity = this.#limit;
    if (this.#messages.length > this.#capacity) this.#drop(this.#capacity);
  }

  /** Messages after `seq`; undefined when some of them are not held. */
  since(seq: number): Message[] | undefined {
    if (seq < this.#floorSeq) return undefined;
    return this.#messages.slice(this.#indexOf(seq + 1));
  }

  #drop(keep: number): void {
    const dropped = this.#messages.splice(0, this.#messages.length - keep);
    this.#floorSeq = dropped.at(-1)?.seq ?? this.#floorSeq;
  }

  /** Where the first message with this number or a higher one is. */
  #indexOf(seq: number): number {
    let low = 0;
    let high = this.#messages.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#messages[middle]!.seq < seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
