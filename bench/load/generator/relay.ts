/** A plain relay: what one says in a room, all in it get. @module */
import type { Dialect } from "./dialect.ts";
import { RawSocket } from "./raw_socket.ts";

const NEWLINE = "\n".charCodeAt(0);
const utf8 = new TextEncoder();

/** A message is its room's number, a line feed and the text. */
export const plainRelay: Dialect = {
  /** There is no login: the token names the rooms, parted by commas. */
  async connect(url, token) {
    const socket = await RawSocket.connect(`${url}?rooms=${token}`, {});
    socket.start();
    return socket;
  },
  say(socket, channelId, text) {
    socket.send(utf8.encode(`${channelId}\n${text}`));
  },
  listen(socket, receiver) {
    socket.onmessage = (data) => {
      receiver.arrive();
      receiver.plain(data, data.indexOf(NEWLINE) + 1);
    };
  },
};
