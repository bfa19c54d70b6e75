/**
 * Reads of a ServerFrame what a load generator needs, without making objects:
 * a hundred thousand of them come every second.
 *
 * @module
 */

/** Tags of proto/rookery/v1: field number times eight plus the wire type. */
const TAG = {
  item: 0x0a,
  reply: 0x0a,
  event: 0x12,
  replyId: 0x08,
  replyError: 0x12,
  stream: 0x08,
  seq: 0x10,
  messageSent: 0x52,
  text: 0x0a,
} as const;

export interface FrameReader {
  /** A reply, with whether it is an error. */
  reply?(id: number, failed: boolean): void;
  /** An event; `text` reads the text of a message, which is only ASCII here. */
  event?(stream: number, seq: number, text: () => string): void;
  /** Anything else, by its tag. */
  other?(tag: number): void;
}

export class FrameScanner {
  readonly #reader: FrameReader;
  #bytes: Uint8Array = new Uint8Array();
  #at = 0;

  constructor(reader: FrameReader) {
    this.#reader = reader;
  }

  scan(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.#at = 0;
    while (this.#at < bytes.length) {
      if (bytes[this.#at++] !== TAG.item) throw new Error("Not a ServerFrame");
      const itemSize = this.#varint();
      const itemEnd = this.#at + itemSize;
      const tag = bytes[this.#at++]!;
      this.#varint();
      if (tag === TAG.event) this.#event(itemEnd);
      else if (tag === TAG.reply) this.#reply();
      else this.#reader.other?.(tag);
      this.#at = itemEnd;
    }
  }

  #reply(): void {
    const id = this.#bytes[this.#at] === TAG.replyId ? (this.#at++, this.#varint()) : 0;
    this.#reader.reply?.(id, this.#bytes[this.#at] === TAG.replyError);
  }

  #event(end: number): void {
    if (this.#bytes[this.#at++] !== TAG.stream) throw new Error("An event without its stream");
    const stream = this.#varint();
    if (this.#bytes[this.#at++] !== TAG.seq) throw new Error("An event without its number");
    const seq = this.#varint();
    const at = this.#at;
    this.#reader.event?.(stream, seq, () => this.#text(at, end));
  }

  /** Text of the message between the positions; empty when it is none. */
  #text(from: number, end: number): string {
    this.#at = from;
    while (this.#at < end) {
      const tag = this.#bytes[this.#at++]!;
      if (tag === TAG.messageSent) {
        this.#varint();
        if (this.#bytes[this.#at++] !== TAG.text) return "";
        const size = this.#varint();
        return String.fromCharCode(...this.#bytes.subarray(this.#at, this.#at + size));
      }
      this.#skip(tag & 7);
    }
    return "";
  }

  #skip(wireType: number): void {
    if (wireType === 0) this.#varint();
    else if (wireType === 1) this.#at += 8;
    else {
      const size = this.#varint();
      this.#at += size;
    }
  }

  #varint(): number {
    let value = 0;
    let scale = 1;
    while (true) {
      const byte = this.#bytes[this.#at++]!;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      scale *= 128;
    }
  }
}
