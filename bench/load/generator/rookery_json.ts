/** Rookery in protobuf's JSON mapping. @module */
import type { Dialect } from "./dialect.ts";
import { Opcode, RawSocket } from "./raw_socket.ts";

interface Frame {
  readonly items?: readonly {
    readonly event?: {
      readonly stream: number;
      readonly seq: number;
      readonly messageSent?: { readonly text: string };
    };
  }[];
}

const utf8 = new TextEncoder();
const text = new TextDecoder();
const OPEN = utf8.encode(JSON.stringify({ commands: [{ id: 1, open: {} }] }));

export const rookeryJson: Dialect = {
  async connect(url, token) {
    const socket = await RawSocket.connect(url, { protocols: ["rookery.v1.json", `bearer.${token}`] });
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    socket.onmessage = () => resolve();
    socket.onclose = () => reject(new Error("The server closed the connection"));
    socket.start();
    socket.send(OPEN, Opcode.TEXT);
    await promise;
    socket.onmessage = () => {};
    return socket;
  },
  say(socket, channelId, text) {
    socket.send(
      utf8.encode(JSON.stringify({ commands: [{ sendMessage: { channelId, text } }] })),
      Opcode.TEXT,
    );
  },
  listen(socket, receiver) {
    socket.onmessage = (data) => {
      receiver.arrive();
      const { items = [] } = JSON.parse(text.decode(data)) as Frame;
      for (const { event } of items) {
        if (!event) continue;
        const { stream, seq, messageSent } = event;
        if (messageSent) receiver.numbered(stream, seq, { bytes: utf8.encode(messageSent.text), textAt: 0 });
        else receiver.other(stream, seq);
      }
    };
  },
};
