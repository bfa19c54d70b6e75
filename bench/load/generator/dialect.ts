/** How a kind of server is spoken to. @module */
import type { RawSocket } from "./raw_socket.ts";
import type { Receiver } from "./tally.ts";

export interface Dialect {
  /** A socket on which messages can be sent and come. Those that come before {@link listen} are passed over. */
  connect(url: string, token: string): Promise<RawSocket>;
  /** Says something in a channel. */
  say(socket: RawSocket, channelId: number, text: string): void;
  /** Tells the receiver what comes from now on. */
  listen(socket: RawSocket, receiver: Receiver): void;
}
