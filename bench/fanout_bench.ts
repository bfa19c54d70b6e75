/** The hub alone: events to 1,000 subscribers whose sockets take everything at once. */
import { Hub } from "../src/chat/delivery/hub.ts";
import { DEFAULT_LIMITS } from "../src/chat/limits.ts";
import type { Outlet } from "../src/chat/ports.ts";
import { Subscriber } from "../src/chat/delivery/subscriber.ts";
import { ENCODERS } from "../src/wire/server_codec.ts";
import { range } from "./seed.ts";

const SUBSCRIBERS = 1000;
const STREAM = 7;

class FastOutlet implements Outlet {
  readonly format: number;
  readonly ready = true;
  bytes = 0;

  constructor(format: number) {
    this.format = format;
  }

  send(chunk: { byteLength: number }): boolean {
    this.bytes += chunk.byteLength;
    return true;
  }

  close(): void {}
}

function hubOf(formats: readonly number[]): (events: number) => void {
  const hub = new Hub({
    encoders: ENCODERS,
    reader: {
      head: () => 0,
      heads: (streams) => streams.map(() => 0),
      events: () => [],
      findByKey: () => undefined,
    },
    limits: DEFAULT_LIMITS,
    clock: { now: () => 0, after: () => () => {}, soon: () => () => {} },
    log: { reports: () => true, report: (event) => console.error(event) },
  });
  for (const at of range(SUBSCRIBERS)) {
    hub.subscribe(new Subscriber(new FastOutlet(formats[at % formats.length]!)), STREAM);
  }
  let seq = 0;
  return (events) => {
    for (let at = 0; at < events; at++) {
      const value = {
        text: "A message of a usual length, no more.",
        replyTo: 0,
        mentionIds: [],
        mentionChannel: false,
      };
      hub.publish({
        stream: STREAM,
        seq: ++seq,
        timeMs: 0,
        actorId: 5,
        body: { case: "messageSent", value },
      });
    }
    hub.drain();
  };
}

const binary = hubOf([0]);
const mixed = hubOf([0, 1]);
for (const events of [1, 32]) {
  const group = `${events} to ${SUBSCRIBERS} subscribers`;
  Deno.bench(`${group}, binary`, { group, baseline: true }, () => binary(events));
  Deno.bench(`${group}, half of them JSON`, { group }, () => mixed(events));
}
