/** What is remembered of channels, people and streams has a bound, whatever somebody makes and leaves. @module */
import assert from "node:assert/strict";
import { CommittedFacts } from "../../src/chat/facts/committed_facts.ts";
import { Hub } from "../../src/chat/delivery/hub.ts";
import { DEFAULT_LIMITS } from "../../src/chat/limits.ts";
import { ChannelKind } from "../../src/chat/model.ts";
import { RecentMap } from "../../src/chat/facts/recent_map.ts";
import { Subscriber } from "../../src/chat/delivery/subscriber.ts";
import { MemoryStore } from "../support/memory_store/memory_store.ts";
import { ManualClock } from "./clock.ts";
import { CollectingOutlet, ItemKeeper, KeepingLog } from "./fakes.ts";

const MADE = 200_000;

Deno.test("a recent map forgets what was not used, and keeps what is", () => {
  const map = new RecentMap<number, string>(100);
  for (let id = 0; id < 10_000; id++) {
    map.set(id, "x");
    assert.equal(map.get(0), "x", `the entry that is used was forgotten at ${id}`);
    assert.ok(map.size <= 100);
  }
  assert.equal(map.get(9_999), "x");
  assert.equal(map.get(5_000), undefined);
  map.delete(0);
  assert.equal(map.get(0), undefined);
});

Deno.test("facts: channels made and left by the thousand leave a bounded number of entries", () => {
  const facts = new CommittedFacts(new MemoryStore({ now: () => 0 }));
  for (let id = 10; id < MADE; id++) {
    const channel = {
      id,
      kind: ChannelKind.PRIVATE,
      name: `channel${id}`,
      topic: "",
      archived: false,
      creatorId: 2,
      directUserIds: [],
    };
    facts.putChannel(channel);
    facts.putMembership({ channelId: id, userId: 2, role: 3, banned: false, added: false, readSeq: 1 });
    if (id % 2 === 0) facts.dropMembership(id, 2);
  }
  assert.ok(facts.cached <= 170_000, `${facts.cached} entries`);
  const before = facts.cached;
  for (let id = MADE; id < 2 * MADE; id++) {
    facts.putMembership({ channelId: id, userId: 2, role: 3, banned: false, added: false, readSeq: 1 });
  }
  assert.ok(facts.cached <= before + 50_000, `${before} entries, then ${facts.cached}`);
});

Deno.test("streams: those that nobody receives any more are forgotten by number and by bytes", () => {
  const text = "x".repeat(16_000);
  const hub = new Hub({
    encoders: [new ItemKeeper()],
    reader: new MemoryStore({ now: () => 0 }),
    limits: DEFAULT_LIMITS,
    clock: new ManualClock(),
    log: new KeepingLog(),
  });
  const subscriber = new Subscriber(new CollectingOutlet());
  for (let stream = 10; stream < 5000; stream++) {
    hub.subscribe(subscriber, stream);
    const value = { text, mentionIds: [], mentionChannel: false, replyTo: 0 };
    for (let seq = 1; seq <= 20; seq++) {
      hub.publish({ stream, seq, timeMs: 0, actorId: 2, body: { case: "messageSent", value } });
    }
    hub.flush();
    hub.unsubscribe(subscriber, stream);
  }
  // 256 KiB of recent events each.
  assert.ok(hub.streamCount <= 140, `${hub.streamCount} streams`);
});
