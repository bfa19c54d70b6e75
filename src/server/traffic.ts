/** What came to the door since the start, in plain numbers. @module */
import { Code } from "../chat/error.ts";

/** Limits on how often or how many, that a client can run into at the door. */
export type DoorLimit =
  | "socket_commands"
  | "http_commands"
  | "handshakes_per_user"
  | "handshakes_per_address"
  | "connections_per_user"
  | "connections_per_address";

export class Traffic {
  /** HTTP responses by the first digit of their status. */
  readonly responses = new Array<number>(6).fill(0);
  /** Handshakes that became sockets. */
  upgrades = 0;
  /** Handshakes that were refused, by {@link Code}. */
  readonly refused = noneByCode();
  /** Commands by POST that were refused before they reached the core, by {@link Code}. */
  readonly commandsRefused = noneByCode();
  /** Sockets that the server ended, by close code. */
  readonly closed = new Map<number, number>();
  /** Commands and connections refused because there were too many. */
  readonly limited: Record<DoorLimit, number> = {
    socket_commands: 0,
    http_commands: 0,
    handshakes_per_user: 0,
    handshakes_per_address: 0,
    connections_per_user: 0,
    connections_per_address: 0,
  };

  /** Counts a response. */
  answered(response: Response): void {
    this.responses[Math.floor(response.status / 100)]!++;
  }
}

function noneByCode(): number[] {
  return new Array<number>(Math.max(...Object.values(Code)) + 1).fill(0);
}
