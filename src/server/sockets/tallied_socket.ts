/** A socket that counts, for an operator who looks at every connection; all others count nothing. @module */
import type { Chunk } from "../../chat/ports.ts";
import { Socket, type SocketOptions } from "./socket.ts";

export class TalliedSocket extends Socket {
  #framesIn = 0;
  #bytesIn = 0;
  #framesOut = 0;
  #bytesOut = 0;

  constructor(options: SocketOptions) {
    super(options);
    const { socket } = options;
    const hear = socket.onmessage;
    socket.onmessage = (event) => {
      this.#framesIn++;
      this.#bytesIn += typeof event.data === "string" ? event.data.length : event.data.byteLength;
      hear?.call(socket, event);
    };
  }

  override send(chunk: Chunk): boolean {
    this.#framesOut++;
    this.#bytesOut += chunk.byteLength;
    return super.send(chunk);
  }

  protected override tally(): Record<string, number> {
    return {
      frames_in: this.#framesIn,
      bytes_in: this.#bytesIn,
      frames_out: this.#framesOut,
      bytes_out: this.#bytesOut,
    };
  }
}
