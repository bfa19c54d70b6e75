/** What came to the door since the start, in plain numbers. @module */
import { Code } from "../chat/error.ts";

export class Traffic {
  /** HTTP responses by the first digit of their status. */
  readonly responses = new Array<number>(6).fill(0);
  /** Handshakes that became sockets. */
  upgrades = 0;
  /** Handshakes that were refused, by {@link Code}. */
  readonly refused = new Array<number>(Math.max(...Object.values(Code)) + 1).fill(0);
  /** Sockets that the server ended, by close code. */
  readonly closed = new Map<number, number>();

  /** Counts a response and gives it back. */
  answered(response: Response): Response {
    this.responses[Math.floor(response.status / 100)]!++;
    return response;
  }
}
