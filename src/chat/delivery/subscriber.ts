/** One receiver of streams: a connection, as the hub sees it. @module */
import type { Bundle } from "./bundle.ts";
import type { Outlet } from "../ports.ts";

export class Subscriber {
  /** The outlet's; kept here, since a fan-out asks everybody and should touch one object only. */
  readonly format: number;
  /** Its next frame. */
  owed: Bundle | undefined;
  /** Bytes of answers since some were sent for being many. */
  answeredBytes = 0;
  /**
   * While it is behind: newest event it was given, by stream. Live events
   * pass it by; the hub replays from here when there is room again.
   */
  behind: Map<number, number> | undefined;
  /** Bytes that were replayed since it fell behind. */
  replayedBytes = 0;
  readonly outlet: Outlet;
  /** Streams that it receives. */
  readonly streams = new Set<number>();
  /** Called once, in order, when everything missed has been sent. */
  onCaughtUp: (() => void)[] = [];
  /** Called behind each Reload: tells what the client cannot fetch itself. */
  onReload: ((stream: number) => void) | undefined;

  constructor(outlet: Outlet) {
    this.outlet = outlet;
    this.format = outlet.format;
  }
}
