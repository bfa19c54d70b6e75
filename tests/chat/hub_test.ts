/** Streams to subscribers: shared bytes, slow readers, replay. @module */
import assert from "node:assert/strict";
import type { Event } from "../../src/chat/event.ts";
import { Hub } from "../../src/chat/delivery/hub.ts";
import { DEFAULT_LIMITS, type Limits } from "../../src/chat/limits.ts";
import { Subscriber } from "../../src/chat/delivery/subscriber.ts";
import { MemoryStore } from "../support/memory_store/memory_store.ts";
import { ManualClock } from "./clock.ts";
import { CollectingOutlet, ItemKeeper, KeepingLog } from "./fakes.ts";

const CHANNEL = 7;

class HubRig {
  readonly store = new MemoryStore({ now: () => 1000 });
  readonly encoders = [new ItemKeeper(), new ItemKeeper()];
  readonly clock = new ManualClock();
  readonly log = new KeepingLog();
  readonly hub: Hub;
  readonly reads: number[] = [];
  /** Events that were read from the log. */
  rows = 0;
  broken = false;

  constructor(limits: Partial<Limits> = {}) {
    const { store } = this;
    this.hub = new Hub({
      encoders: this.encoders,
      limits: { ...DEFAULT_LIMITS, ...limits },
      clock: this.clock,
      log: this.log,
      reader: {
        head: (stream) => store.head(stream),
        heads: (streams) => store.heads(streams),
        events: (stream, range) => {
          this.reads.push(stream);
          if (this.broken) throw new Error("disk");
          const events = store.events(stream, range);
          this.rows += events.length;
          return events;
        },
        findByKey: () => undefined,
      },
    });
  }

  /** Stores a message, without publishing it. */
  async store1(text: string, stream = CHANNEL): Promise<Event> {
    const value = { text, replyTo: 0, mentionIds: [], mentionChannel: false };
    return await this.#commit({ stream, body: { case: "messageSent", value } });
  }

  async edit(messageSeq: number, text: string): Promise<Event> {
    const value = { text, messageSeq, mentionIds: [], mentionChannel: false };
    return await this.#commit({ stream: CHANNEL, body: { case: "messageEdited", value } });
  }

  async #commit(event: Pick<Event, "stream" | "body">): Promise<Event> {
    const [outcome] = await this.store.commit([{ actorId: 2, key: "", events: [event] }]);
    assert(outcome?.status === "stored");
    return outcome.events[0]!;
  }

  /** Stores and publishes messages, and sends them. */
  async say(...texts: string[]): Promise<void> {
    for (const text of texts) this.hub.publish(await this.store1(text));
    this.hub.flush();
  }

  subscriber(format = 0, ...streams: number[]): { outlet: CollectingOutlet; subscriber: Subscriber } {
    const outlet = new CollectingOutlet(format);
    const subscriber = new Subscriber(outlet);
    for (const stream of streams.length > 0 ? streams : [CHANNEL]) this.hub.subscribe(subscriber, stream);
    return { outlet, subscriber };
  }
}

/** Texts of messages, and names of everything else. */
function texts(outlet: CollectingOutlet): string[] {
  return outlet.items.map((item) => {
    if (item.case !== "event") return item.case;
    const { body } = item.value;
    return body.case === "messageSent" || body.case === "messageEdited" ? body.value.text : body.case;
  });
}

Deno.test("S8 a wide fan-out lets the loop in, and what is committed meanwhile joins the frames still to come", async () => {
  const rig = new HubRig({ turnFrames: 2 });
  const outlets = [0, 1, 2, 3, 4].map(() => rig.subscriber().outlet);
  const frames = () => outlets.map(({ frames }) => frames.length);
  await rig.say("one");
  assert.deepEqual(frames(), [1, 1, 0, 0, 0]);
  await rig.say("two");
  assert.deepEqual(frames(), [1, 1, 0, 0, 0]);
  rig.clock.advance(0);
  assert.deepEqual(frames(), [2, 2, 1, 1, 1]);
  for (const outlet of outlets) assert.deepEqual(texts(outlet), ["one", "two"]);
  assert.equal(rig.clock.armed, 0);
});

Deno.test("S8 who leaves in the middle of a fan-out is sent what it was given, and closing sends everything", async () => {
  const rig = new HubRig({ turnFrames: 1 });
  const subscribers = [0, 1, 2, 3].map(() => rig.subscriber());
  await rig.say("one");
  rig.hub.leave(subscribers[2]!.subscriber);
  assert.deepEqual(subscribers.map(({ outlet }) => texts(outlet)), [["one"], [], ["one"], []]);
  rig.hub.close();
  for (const { outlet } of subscribers) assert.deepEqual(texts(outlet), ["one"]);
  assert.equal(rig.clock.armed, 0);
});

Deno.test("S8 an event is encoded once for each format, however many receive it", async () => {
  const rig = new HubRig();
  const outlets = Array.from({ length: 50 }, (_, index) => rig.subscriber(index % 2).outlet);
  await rig.say("a", "b");
  rig.hub.drain();
  assert.deepEqual(rig.encoders.map(({ encoded }) => encoded), [2, 2]);
  assert.deepEqual(rig.encoders.map(({ joined }) => joined), [1, 1]);
  for (const [index, outlet] of outlets.entries()) {
    assert.equal(outlet.frames.length, 1);
    assert.equal(outlet.frames[0], outlets[index % 2]!.frames[0], "the very same frame");
  }
});

Deno.test("S8 equal frames of several streams are shared, in every mix of formats", async () => {
  const rig = new HubRig();
  const outlets = Array.from({ length: 20 }, (_, index) => rig.subscriber(index % 2, 7, 8).outlet);
  rig.hub.publish(await rig.store1("a", 7));
  rig.hub.publish(await rig.store1("b", 8));
  rig.hub.flush();
  assert.deepEqual(rig.encoders.map(({ joined }) => joined), [1, 1]);
  assert.equal(outlets[18]!.frames[0], outlets[0]!.frames[0]);
});

Deno.test("R6 a subscriber gets what is published after it came, once", async () => {
  const rig = new HubRig();
  await rig.say("before");
  rig.hub.publish(await rig.store1("earlier in the turn"));
  const { outlet } = rig.subscriber();
  await rig.say("after");
  assert.deepEqual(texts(outlet), ["after"]);
});

Deno.test("P3 unsubscribing in the middle of a turn cuts exactly there", async () => {
  const rig = new HubRig();
  const { outlet, subscriber } = rig.subscriber();
  const other = rig.subscriber();
  rig.hub.publish(await rig.store1("before"));
  rig.hub.unsubscribe(subscriber, CHANNEL);
  await rig.say("after");
  assert.deepEqual(texts(outlet), ["before"]);
  assert.deepEqual(texts(other.outlet), ["before", "after"]);
});

Deno.test("R7 a full socket is left out, then brought up to date from the log", async () => {
  const rig = new HubRig();
  const { outlet, subscriber } = rig.subscriber();
  outlet.room = 100;
  await rig.say("a");
  assert.equal(rig.hub.behindCount, 1);
  await rig.say("b", "c");
  assert.equal(subscriber.owed, undefined);
  rig.clock.advance(200);
  assert.deepEqual(texts(outlet), ["a"], "no room, nothing sent");
  outlet.drain();
  outlet.room = Infinity;
  rig.clock.advance(200);
  await rig.say("d");
  assert.deepEqual(texts(outlet), ["a", "b", "c", "d"]);
  assert.equal(rig.hub.behindCount, 0);
  assert.equal(rig.clock.armed, 0);
});

Deno.test("R7 streams published and not yet sent when a socket fills up are not lost", async () => {
  const rig = new HubRig();
  const { outlet, subscriber } = rig.subscriber(0, 7, 8);
  outlet.room = 1;
  rig.hub.push(subscriber, { case: "caughtUp", value: {} });
  rig.hub.publish(await rig.store1("a", 8));
  rig.hub.flush();
  outlet.room = Infinity;
  rig.hub.publish(await rig.store1("b", 8));
  rig.hub.publish(await rig.store1("c", 7));
  rig.hub.flush();
  rig.clock.advance(100);
  assert.deepEqual(texts(outlet).sort(), ["a", "b", "c", "caughtUp"]);
});

Deno.test("R4 more than replayEvents missed is a reload of that stream alone", async () => {
  const rig = new HubRig({ replayEvents: 3 });
  const { outlet, subscriber } = rig.subscriber(0, 7, 8);
  const retold: number[] = [];
  subscriber.onReload = (stream) => retold.push(stream);
  outlet.room = 1;
  rig.hub.push(subscriber, { case: "caughtUp", value: {} });
  rig.hub.flush();
  await rig.say("1", "2", "3", "4");
  rig.hub.publish(await rig.store1("other", 8));
  outlet.room = Infinity;
  rig.clock.advance(100);
  assert.deepEqual(texts(outlet), ["caughtUp", "reload", "other"]);
  assert.deepEqual(outlet.items[1]!.value, { stream: 7, headSeq: 4 });
  assert.deepEqual(retold, [7]);
});

Deno.test("R1 resuming replays exactly what is missing, from memory when it is recent", async () => {
  const rig = new HubRig();
  const live = rig.subscriber();
  await rig.say("1", "2", "3", "4");
  const { outlet, subscriber } = rig.subscriber();
  let caughtUp = 0;
  rig.hub.resume(subscriber, new Map([[CHANNEL, 2]]), () => caughtUp++);
  await rig.say("5");
  assert.deepEqual(texts(outlet), ["3", "4", "5"]);
  assert.equal(caughtUp, 1);
  assert.deepEqual(rig.reads, []);
  assert.equal(rig.encoders[0]!.encoded, 5, "replayed as it was encoded for the others");
  assert.deepEqual(texts(live.outlet), ["1", "2", "3", "4", "5"]);
});

Deno.test("R1 resuming reads the log when memory does not reach back", async () => {
  const rig = new HubRig();
  for (const text of ["1", "2", "3"]) await rig.store1(text);
  const { outlet, subscriber } = rig.subscriber();
  rig.hub.resume(subscriber, new Map([[CHANNEL, 1]]), () => {});
  rig.hub.flush();
  assert.deepEqual(texts(outlet), ["2", "3"]);
  assert.deepEqual(rig.reads, [CHANNEL]);
});

Deno.test("R4 a cursor beyond the head, or of another history, is a reload", async () => {
  for (const cursor of [5, Number.POSITIVE_INFINITY]) {
    const rig = new HubRig();
    await rig.store1("1");
    const { outlet, subscriber } = rig.subscriber();
    rig.hub.resume(subscriber, new Map([[CHANNEL, cursor]]), () => {});
    rig.hub.flush();
    assert.deepEqual(texts(outlet), ["reload"]);
  }
});

Deno.test("M3 an edit makes the remembered encodings untrue: replays carry the present text", async () => {
  const rig = new HubRig();
  rig.subscriber();
  await rig.say("secret", "b");
  rig.hub.publish(await rig.edit(1, "public"));
  rig.hub.flush();
  const { outlet, subscriber } = rig.subscriber();
  rig.hub.resume(subscriber, new Map([[CHANNEL, 0]]), () => {});
  rig.hub.flush();
  assert.deepEqual(texts(outlet), ["public", "b", "public"]);
  assert.deepEqual(rig.reads, [CHANNEL]);
});

Deno.test("R4 a resume replays at most replayBytes; streams beyond are reloads", async () => {
  const rig = new HubRig({ replayBytes: 250 });
  for (const stream of [7, 8, 9]) for (const text of ["1", "2"]) await rig.store1(text, stream);
  const { outlet, subscriber } = rig.subscriber(0, 7, 8, 9);
  rig.hub.resume(subscriber, new Map([[7, 0], [8, 0], [9, 0]]), () => {});
  rig.hub.flush();
  assert.deepEqual(texts(outlet), ["1", "2", "1", "2", "reload"]);
});

Deno.test("R7 a replay stops when the socket is full and goes on where it stopped", async () => {
  const rig = new HubRig();
  rig.encoders[0]!.itemBytes = 40_000;
  for (let n = 1; n <= 6; n++) await rig.store1(`${n}`);
  const { outlet, subscriber } = rig.subscriber();
  outlet.room = 1;
  let caughtUp = 0;
  rig.hub.resume(subscriber, new Map([[CHANNEL, 0]]), () => caughtUp++);
  rig.hub.flush();
  assert.deepEqual(texts(outlet), ["1", "2"]);
  for (let n = 0; n < 4; n++) {
    outlet.drain();
    rig.clock.advance(100);
  }
  assert.deepEqual(texts(outlet), ["1", "2", "3", "4", "5", "6"]);
  assert.equal(caughtUp, 1);
});

Deno.test("R7 a peer that takes little at a time has no more read for it in vain than it takes", async () => {
  const rig = new HubRig();
  rig.encoders[0]!.itemBytes = 70_000;
  const all = Array.from({ length: 200 }, (_, at) => `${at + 1}`);
  for (const text of all) await rig.store1(text);
  const { outlet, subscriber } = rig.subscriber();
  outlet.room = 1;
  rig.hub.resume(subscriber, new Map([[CHANNEL, 100]]), () => {});
  rig.hub.flush();
  for (let n = 0; n < 40; n++) {
    outlet.drain();
    rig.clock.advance(50);
  }
  const taken = texts(outlet).length;
  assert.ok(taken >= 40 && taken < 100, `${taken} taken`);
  assert.deepEqual(texts(outlet), all.slice(100, 100 + taken));
  // Reading all that is missing at each turn would come to more than 3,000.
  assert.ok(rig.rows <= 10 * taken, `${rig.rows} rows read for ${taken} events`);
});

Deno.test("R4 L6 a resume that a slow peer takes in many turns has no more than replayBytes either", async () => {
  const rig = new HubRig({ replayBytes: 200_000 });
  rig.encoders[0]!.itemBytes = 70_000;
  for (const stream of [7, 8, 9]) for (const text of ["1", "2"]) await rig.store1(text, stream);
  const { outlet, subscriber } = rig.subscriber(0, 7, 8, 9);
  outlet.room = 1;
  let caughtUp = 0;
  rig.hub.resume(subscriber, new Map([[7, 0], [8, 0], [9, 0]]), () => caughtUp++);
  for (let n = 0; n < 10; n++) {
    outlet.drain();
    rig.clock.advance(50);
  }
  rig.hub.flush();
  assert.deepEqual(texts(outlet), ["1", "2", "1", "reload", "reload"]);
  assert.equal(caughtUp, 1);
});

Deno.test("R4 a hole in what is published is filled from the log, and reported", async () => {
  const rig = new HubRig();
  const { outlet } = rig.subscriber();
  await rig.say("1");
  await rig.store1("2, never published");
  await rig.say("3");
  rig.clock.advance(100);
  await rig.say("4");
  assert.deepEqual(texts(outlet), ["1", "2, never published", "3", "4"]);
  assert.match(rig.log.lines.join(), /hole/);
});

Deno.test("R7 a log that cannot be read is tried again and harms nobody else", async () => {
  const rig = new HubRig();
  await rig.store1("1");
  const { outlet, subscriber } = rig.subscriber();
  const healthy = rig.subscriber();
  rig.broken = true;
  rig.hub.resume(subscriber, new Map([[CHANNEL, 0]]), () => {});
  rig.clock.advance(60);
  await rig.say("2");
  assert.deepEqual(texts(outlet), []);
  assert.deepEqual(texts(healthy.outlet), ["2"]);
  rig.broken = false;
  rig.clock.advance(60);
  assert.deepEqual(texts(outlet), ["1", "2"]);
});

Deno.test("P3 leaving sends what was given, and nothing after it", async () => {
  const rig = new HubRig();
  const { outlet, subscriber } = rig.subscriber();
  rig.hub.publish(await rig.store1("1"));
  rig.hub.leave(subscriber);
  await rig.say("2");
  assert.deepEqual(texts(outlet), ["1"]);
  assert.equal(outlet.frames.length, 1);
});
