/** One live connection of a user, as the core knows it. @module */
import type { Trace } from "../log_event.ts";
import type { Principal } from "../model.ts";
import type { Meter, Outlet } from "../ports.ts";
import { Subscriber } from "../delivery/subscriber.ts";

export class Connection {
  readonly principal: Principal;
  readonly subscriber: Subscriber;
  readonly trace: Trace;
  readonly meter: Meter | undefined;
  /** It has sent Open and receives events. */
  opened = false;
  /** Its socket is gone or going. */
  closed = false;
  /** Nobody looks at this device. */
  away = false;
  /** Users and channels on its screen. */
  watched: ReadonlySet<number> = new Set();
  /** When it last said that its user types, by channel. */
  readonly typedMs = new Map<number, number>();

  constructor(principal: Principal, outlet: Outlet, trace: Trace = {}) {
    this.principal = principal;
    this.trace = trace;
    this.meter = outlet.meter;
    this.subscriber = new Subscriber(outlet);
  }
}
