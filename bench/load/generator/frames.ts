/**
 * Reads of a ServerFrame what a load generator needs, without making objects.
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

/** Tags of proto/rookery/v1/frame.proto's Item that generators look for. */
export const ITEM = { reload: 0x22, caughtUp: 0x2a } as const;

/** Where a message stands in a frame. Good until the call that tells it returns. */
export interface Place {
  readonly bytes: Uint8Array;
  /** The item from its tag on, and what comes behind it. */
  readonly from: number;
  readonly to: number;
  /** The numbers of the stream and of the event. */
  readonly streamAt: number;
  readonly seqAt: number;
  readonly textAt: number;
}

export interface FrameReader {
  /** Passes over items that it knows without reading them; returns where it stopped. */
  pass?(bytes: Uint8Array, at: number): number;
  /** A reply, with whether it is an error. */
  reply?(id: number, failed: boolean): void;
  message?(stream: number, seq: number, place: Place): void;
  /** An event of another kind. */
  other?(stream: number, seq: number): void;
  /** An item that is neither a reply nor an event, by its tag. */
  item?(tag: number): void;
}

export class FrameScanner {
  readonly #reader: FrameReader;
  readonly #place = {
    bytes: new Uint8Array() as Uint8Array,
    from: 0,
    to: 0,
    streamAt: 0,
    seqAt: 0,
    textAt: 0,
  };
  #bytes: Uint8Array = new Uint8Array();
  #at = 0;

  constructor(reader: FrameReader) {
    this.#reader = reader;
  }

  scan(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.#at = 0;
    while (this.#at < bytes.length) {
      if (this.#reader.pass) {
        this.#at = this.#reader.pass(bytes, this.#at);
        if (this.#at === bytes.length) return;
      }
      const from = this.#at;
      if (bytes[this.#at++] !== TAG.item) throw new Error("Not a ServerFrame");
      const itemSize = this.#varint();
      const itemEnd = this.#at + itemSize;
      const tag = bytes[this.#at++]!;
      this.#varint();
      if (tag === TAG.event) this.#event(from, itemEnd);
      else if (tag === TAG.reply) this.#reply();
      else this.#reader.item?.(tag);
      this.#at = itemEnd;
    }
  }

  #reply(): void {
    const id = this.#bytes[this.#at] === TAG.replyId ? (this.#at++, this.#varint()) : 0;
    this.#reader.reply?.(id, this.#bytes[this.#at] === TAG.replyError);
  }

  #event(from: number, end: number): void {
    const place = this.#place;
    if (this.#bytes[this.#at++] !== TAG.stream) throw new Error("An event without its stream");
    place.streamAt = this.#at;
    const stream = this.#varint();
    if (this.#bytes[this.#at++] !== TAG.seq) throw new Error("An event without its number");
    place.seqAt = this.#at;
    const seq = this.#varint();
    while (this.#at < end) {
      const tag = this.#varint();
      if (tag === TAG.messageSent) {
        this.#varint();
        if (this.#bytes[this.#at++] !== TAG.text) throw new Error("A message without its text");
        this.#varint();
        place.bytes = this.#bytes;
        place.from = from;
        place.to = end;
        place.textAt = this.#at;
        this.#reader.message?.(stream, seq, place);
        return;
      }
      this.#skip(tag & 7);
    }
    this.#reader.other?.(stream, seq);
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
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw new Error("A frame ends inside of a number");
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      scale *= 128;
    }
  }
}

/** Whether a frame has this item's tag and then, at these places, these numbers. */
export function isEvent(
  bytes: Uint8Array,
  at: number,
  { streamAt, stream, seqAt, seq }: { streamAt: number; stream: number; seqAt: number; seq: number },
): boolean {
  return bytes[at] === TAG.item && hasVarint(bytes, at + streamAt, stream) &&
    hasVarint(bytes, at + seqAt, seq);
}

function hasVarint(bytes: Uint8Array, at: number, value: number): boolean {
  for (; value > 127; value >>>= 7) if (bytes[at++] !== (value & 127 | 128)) return false;
  return bytes[at] === value;
}
