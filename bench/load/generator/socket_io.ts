/**
 * A broadcast relay on Socket.IO, over its WebSocket transport alone
 * (https://socket.io/docs/v4/engine-io-protocol/).
 *
 * @module
 */
import type { Dialect } from "./dialect.ts";
import { Opcode, RawSocket } from "./raw_socket.ts";

const PING = "2".charCodeAt(0);
const PONG = new TextEncoder().encode("3");
const CONNECT = new TextEncoder().encode("40");
const EVENT = '42["m","';

const utf8 = new TextEncoder();

function isPing(data: Uint8Array): boolean {
  return data.length === 1 && data[0] === PING;
}

export const socketIo: Dialect = {
  async connect(url) {
    const socket = await RawSocket.connect(url, {});
    const { promise, resolve } = Promise.withResolvers<void>();
    socket.onmessage = (data) => {
      const text = new TextDecoder().decode(data);
      if (text.startsWith("0")) socket.send(CONNECT, Opcode.TEXT);
      else if (text.startsWith("40")) resolve();
      else if (isPing(data)) socket.send(PONG, Opcode.TEXT);
    };
    socket.start();
    await promise;
    return socket;
  },
  say(socket, _channelId, text) {
    socket.send(utf8.encode(`${EVENT}${text}"]`), Opcode.TEXT);
  },
  listen(socket, receiver) {
    socket.onmessage = (data) => {
      if (isPing(data)) return socket.send(PONG, Opcode.TEXT);
      receiver.arrive();
      receiver.plain(data, EVENT.length);
    };
  },
};
