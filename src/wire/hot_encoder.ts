/**
 * The two items that nearly all traffic is made of, a message and the answer
 * to its sender, encoded by hand: the general encoder costs five times as
 * much. Tests hold both to the same bytes.
 *
 * Fields are written from the last to the first, because a length stands
 * before what it measures (https://protobuf.dev/programming-guides/encoding/).
 *
 * @module
 */
import type { Event } from "../chat/event.ts";
import type { ServerItem } from "../chat/reply.ts";

type Bytes = Uint8Array<ArrayBuffer>;

const VARINT = 0;
const FIXED_64 = 1;
const DELIMITED = 2;

/** UTF-8 takes at most three bytes for a UTF-16 unit. */
const UNIT_BYTES = 3;
const VARINT_BYTES = 5;
/** All fields of the longest item but its text and its mentions. */
const FIXED_BYTES = 128;
/** Answers share buffers of this size: they are gone as soon as they are sent. */
const SLAB_BYTES = 16 * 1024;

const utf8 = new TextEncoder();

/** Grows to its largest item and is used again for each. */
class BackwardWriter {
  #bytes = new Uint8Array(1024);
  #view = new DataView(this.#bytes.buffer);
  #at = 0;

  /** Begins an item of at most so many bytes. */
  begin(bytesMax: number): void {
    if (this.#bytes.length < bytesMax) {
      this.#bytes = new Uint8Array(2 * bytesMax);
      this.#view = new DataView(this.#bytes.buffer);
    }
    this.#at = this.#bytes.length;
  }

  /** The item; good until the next begins. */
  end(): Bytes {
    return this.#bytes.subarray(this.#at);
  }

  /** Where the item begins so far: what stands from here on is inside of what is wrapped. */
  get at(): number {
    return this.#at;
  }

  uint32(field: number, value: number): void {
    if (value === 0) return;
    this.#varint(value);
    this.#tag(field, VARINT);
  }

  double(field: number, value: number): void {
    if (value === 0) return;
    this.#at -= 8;
    this.#view.setFloat64(this.#at, value, true);
    this.#tag(field, FIXED_64);
  }

  string(field: number, value: string): void {
    if (value === "") return;
    const end = this.#at;
    if (!this.#ascii(value)) {
      const bytes = utf8.encode(value);
      this.#at = end - bytes.length;
      this.#bytes.set(bytes, this.#at);
    }
    this.wrap(field, end);
  }

  packed(field: number, values: readonly number[]): void {
    if (values.length === 0) return;
    const end = this.#at;
    for (let i = values.length - 1; i >= 0; i--) this.#varint(values[i]!);
    this.wrap(field, end);
  }

  /** Makes a field of everything before `end`. */
  wrap(field: number, end: number): void {
    this.#varint(end - this.#at);
    this.#tag(field, DELIMITED);
  }

  /** Most texts are ASCII, which needs no call out of JavaScript; false when this one is not. */
  #ascii(value: string): boolean {
    const at = this.#at - value.length;
    for (let i = 0; i < value.length; i++) {
      const unit = value.charCodeAt(i);
      if (unit > 0x7f) return false;
      this.#bytes[at + i] = unit;
    }
    this.#at = at;
    return true;
  }

  #tag(field: number, type: number): void {
    this.#varint(field << 3 | type);
  }

  #varint(value: number): void {
    let length = 1;
    for (let rest = value >>> 7; rest !== 0; rest >>>= 7) length++;
    this.#at -= length;
    let at = this.#at;
    for (; value > 0x7f; value >>>= 7) this.#bytes[at++] = value & 0x7f | 0x80;
    this.#bytes[at] = value;
  }
}

const writer = new BackwardWriter();
let slab: Bytes = new Uint8Array(SLAB_BYTES);
let slabAt = 0;

/**
 * A ServerFrame with this one item; undefined for items of other kinds.
 *
 * An event's bytes fill their buffer, so that many can be sent the same one.
 * An answer's bytes may be part of a larger buffer.
 */
export function encodeHot(item: ServerItem): Bytes | undefined {
  if (item.case === "event") {
    return item.value.body.case === "messageSent" ? messageSent(item.value).slice() : undefined;
  }
  if (item.case !== "reply") return undefined;
  const { id, result } = item.value;
  return result.case === "stored" ? shared(stored(id, result.value)) : undefined;
}

function messageSent({ stream, seq, timeMs, actorId, body }: Event): Bytes {
  const { text, replyTo, mentionIds, mentionChannel } = body.value as (Event["body"] & {
    case: "messageSent";
  })["value"];
  writer.begin(FIXED_BYTES + text.length * UNIT_BYTES + mentionIds.length * VARINT_BYTES);
  const end = writer.at;
  writer.uint32(4, Number(mentionChannel));
  writer.packed(3, mentionIds);
  writer.uint32(2, replyTo);
  writer.string(1, text);
  writer.wrap(10, end);
  writer.uint32(4, actorId);
  writer.double(3, timeMs);
  writer.uint32(2, seq);
  writer.uint32(1, stream);
  writer.wrap(2, end);
  writer.wrap(1, end);
  return writer.end();
}

interface Stored {
  readonly stream: number;
  readonly seq: number;
  readonly timeMs: number;
}

function stored(id: number, { stream, seq, timeMs }: Stored): Bytes {
  writer.begin(FIXED_BYTES);
  const end = writer.at;
  writer.double(3, timeMs);
  writer.uint32(2, seq);
  writer.uint32(1, stream);
  writer.wrap(4, end);
  writer.uint32(1, id);
  writer.wrap(1, end);
  writer.wrap(1, end);
  return writer.end();
}

/** A copy in a buffer that answers share: a buffer of its own costs more than its bytes. */
function shared(bytes: Bytes): Bytes {
  if (slabAt + bytes.length > SLAB_BYTES) {
    slab = new Uint8Array(SLAB_BYTES);
    slabAt = 0;
  }
  const copy = slab.subarray(slabAt, slabAt += bytes.length);
  copy.set(bytes);
  return copy;
}
