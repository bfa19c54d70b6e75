/** A plain broadcast relay: what one sends, all get. @module */
import type { Dialect } from "./dialect.ts";
import { RawSocket } from "./raw_socket.ts";

const utf8 = new TextEncoder();

export const plainRelay: Dialect = {
  async connect(url) {
    const socket = await RawSocket.connect(url, {});
    socket.start();
    return socket;
  },
  say(socket, _channelId, text) {
    socket.send(utf8.encode(text));
  },
  listen(socket, receiver) {
    socket.onmessage = (data) => {
      receiver.arrive();
      receiver.plain(data, 0);
    };
  },
};
