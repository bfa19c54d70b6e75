/**
 * A ClientFrame that holds nothing but SendMessage commands, decoded by hand:
 * nearly all frames that clients send are such. Whatever is not in the plainest
 * form is left to the general decoder, which also words the errors.
 *
 * @module
 */
import type { Command } from "../chat/command.ts";

const COMMANDS = 0x0a;
const COMMAND_ID = 0x08;
const COMMAND_KEY = 0x12;
/** Field 60 with a length, as a two-byte varint. */
const SEND_MESSAGE = [0xe2, 0x03] as const;
const CHANNEL_ID = 0x08;
const TEXT = 0x12;
const REPLY_TO = 0x18;
/** Up to here a loop is faster than a call out of JavaScript. */
const SHORT_BYTES = 64;

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Thrown inside of this module only: to be decoded by the general decoder. */
const UNUSUAL = new Error("Not in the plainest form");

class Reader {
  readonly #bytes: Uint8Array;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Takes these bytes if they come next. */
  takes(byte: number): boolean {
    if (this.#bytes[this.at] !== byte) return false;
    this.at++;
    return true;
  }

  uint32(): number {
    let value = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.#bytes[this.at++];
      if (byte === undefined) throw UNUSUAL;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw UNUSUAL;
  }

  /** End of a field with a length. */
  end(limit: number): number {
    const end = this.uint32() + this.at;
    if (end > limit) throw UNUSUAL;
    return end;
  }

  string(limit: number): string {
    const end = this.end(limit);
    const from = this.at;
    this.at = end;
    return (end - from <= SHORT_BYTES ? this.#ascii(from, end) : undefined) ??
      utf8.decode(this.#bytes.subarray(from, end));
  }

  #ascii(from: number, end: number): string | undefined {
    const units: number[] = [];
    for (let at = from; at < end; at++) {
      const byte = this.#bytes[at]!;
      if (byte > 0x7f) return undefined;
      units.push(byte);
    }
    return String.fromCharCode(...units);
  }
}

/** Commands of the frame, in order; undefined when it is not of the plainest form. */
export function decodeHot(bytes: Uint8Array): Command[] | undefined {
  const reader = new Reader(bytes);
  const commands: Command[] = [];
  try {
    while (reader.at < bytes.length) {
      if (!reader.takes(COMMANDS)) return undefined;
      commands.push(command(reader, reader.end(bytes.length)));
    }
  } catch {
    // Also what the text decoder refuses.
    return undefined;
  }
  return commands;
}

function command(reader: Reader, end: number): Command {
  const id = reader.takes(COMMAND_ID) ? reader.uint32() : 0;
  const key = reader.takes(COMMAND_KEY) ? reader.string(end) : "";
  for (const byte of SEND_MESSAGE) if (!reader.takes(byte)) throw UNUSUAL;
  if (reader.end(end) !== end) throw UNUSUAL;
  const channelId = reader.takes(CHANNEL_ID) ? reader.uint32() : 0;
  const text = reader.takes(TEXT) ? reader.string(end) : "";
  const replyTo = reader.takes(REPLY_TO) ? reader.uint32() : 0;
  if (reader.at !== end) throw UNUSUAL;
  return { id, key, body: { case: "sendMessage", value: { channelId, text, replyTo } } };
}
