/** The chat server in Python (`bench/load/peers/python`): protobuf, written and scanned by hand. @module */
import type { Dialect } from "./dialect.ts";
import { RawSocket } from "./raw_socket.ts";

/** Tags of its schema: field number times eight plus the wire type. */
const TAG = { auth: 0x0a, send: 0x12, events: 0x12, error: 0x1a, text: 0x2a } as const;

const utf8 = new TextEncoder();

function varint(value: number): number[] {
  const bytes: number[] = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push(value % 128 + 128);
  bytes.push(value);
  return bytes;
}

function delimited(tag: number, content: Uint8Array): Uint8Array {
  return Uint8Array.from([tag, ...varint(content.length), ...content]);
}

function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

export const pythonServer: Dialect = {
  async connect(url, token) {
    const socket = await RawSocket.connect(url, {});
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    socket.onmessage = ([tag]) => tag === TAG.error ? reject(new Error("The token was refused")) : resolve();
    socket.onclose = () => reject(new Error("The server closed the connection"));
    socket.start();
    socket.send(joined(delimited(TAG.auth, delimited(0x0a, utf8.encode(token)))));
    await promise;
    socket.onmessage = () => {};
    socket.onclose = () => {};
    return socket;
  },
  say(socket, channelId, text) {
    const fields = joined(
      Uint8Array.from([0x08, ...varint(channelId)]),
      delimited(0x12, utf8.encode(text)),
      delimited(0x1a, utf8.encode(crypto.randomUUID())),
    );
    socket.send(joined(delimited(TAG.send, fields)));
  },
  listen(socket, receiver) {
    const reader = new Reader();
    socket.onmessage = (data) => {
      receiver.arrive();
      reader.bytes = data;
      for (reader.at = 0; reader.at < data.length;) {
        if (data[reader.at++] !== TAG.events) throw new Error("Not an event");
        const length = reader.varint();
        const end = reader.at + length;
        reader.toField(TAG.text);
        receiver.plain(data, reader.at);
        reader.at = end;
      }
    };
  },
};

class Reader {
  bytes: Uint8Array = new Uint8Array();
  at = 0;

  varint(): number {
    let value = 0;
    for (let scale = 1;; scale *= 128) {
      const byte = this.bytes[this.at++];
      if (byte === undefined) throw new Error("A frame ends inside of a number");
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }

  /** Goes to the content of the next field with this tag. */
  toField(wanted: number): void {
    for (;;) {
      const tag = this.varint();
      const wireType = tag & 7;
      const length = wireType === 2 ? this.varint() : wireType === 1 ? 8 : 0;
      if (tag === wanted) return;
      if (wireType === 0) this.varint();
      this.at += length;
    }
  }
}
