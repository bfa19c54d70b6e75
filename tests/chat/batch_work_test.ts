/** Four times the commands of one batch are four times the work, whatever they are: counted, not timed. @module */
import assert from "node:assert/strict";
import { applyEvent, type Facts } from "../../src/chat/facts/facts.ts";
import { CommittedFacts } from "../../src/chat/facts/committed_facts.ts";
import { type Channel, ChannelKind, ChannelRole, ServerRole } from "../../src/chat/model.ts";
import { PendingFacts } from "../../src/chat/facts/pending_facts.ts";
import { MemoryStore } from "../support/memory_store/memory_store.ts";
import { leavesOthersAlone } from "../../src/chat/commands/members.ts";
import { joinEvents } from "../../src/chat/commands/authorisation.ts";
import { Steps } from "./steps.ts";

const USER = 2;
const STAMP = { seq: 1, timeMs: 0, actorId: USER };

function channel(id: number, kind: ChannelKind, name = `channel${id}`): Channel {
  const directUserIds = kind === ChannelKind.DIRECT ? [USER, id] : [];
  return { id, kind, name, topic: "", archived: false, creatorId: USER, directUserIds };
}

function make(facts: PendingFacts, made: Channel): void {
  applyEvent(facts, { stream: made.id, body: { case: "channelCreated", value: { channel: made } } }, STAMP);
  for (const event of joinEvents(made.id, USER, ChannelRole.OWNER)) applyEvent(facts, event, STAMP);
}

/** What a batch of one kind of command decides and asks, for each of them. */
const KINDS: Readonly<Record<string, (facts: PendingFacts, id: number) => void>> = {
  "public channels": (facts, id) => {
    facts.channelsMade(USER);
    assert.equal(facts.channelByName(`channel${id}`), undefined);
    assert.equal(facts.privateChannels(USER, `channel${id}`).length, 0);
    make(facts, channel(id, ChannelKind.PUBLIC));
    assert.equal(facts.channelByName(`channel${id}`)?.id, id);
    facts.channelCount(USER, { added: false });
  },
  "private channels": (facts, id) => {
    assert.equal(facts.privateChannels(USER, `channel${id}`).length, 0);
    make(facts, channel(id, ChannelKind.PRIVATE));
    assert.equal(facts.privateChannels(USER, `channel${id}`).length, 1);
    facts.channelCount(USER, { added: false });
  },
  "channels made and left": (facts, id) => {
    make(facts, channel(id, ChannelKind.PRIVATE, "same"));
    assert.deepEqual(facts.channelOwners(id), [USER]);
    facts.dropMembership(id, USER);
    assert.equal(facts.channelCount(USER, { added: false }), 0);
  },
  "direct conversations": (facts, id) => {
    assert.equal(facts.directChannel([USER, id]), undefined);
    make(facts, channel(id, ChannelKind.DIRECT));
    assert.equal(facts.directChannel([USER, id])?.id, id);
    facts.directsOpened(USER);
  },
  "members of one channel": (facts, id) => {
    facts.channelCount(id, { added: true });
    for (const event of joinEvents(7, id, ChannelRole.MEMBER)) applyEvent(facts, event, STAMP);
    assert.equal(facts.membership(7, id)?.role, ChannelRole.MEMBER);
    assert.equal(facts.channelOwners(7).length, 0);
  },
  "accounts": (facts, id) => {
    assert.equal(facts.userByName(`user${id}`), undefined);
    facts.putUser({ id, name: `user${id}`, displayName: "", role: ServerRole.OWNER, disabled: false });
    assert.equal(facts.userByName(`user${id}`)?.id, id);
    facts.ownerCount();
  },
  "sessions of as many users": (facts, id) => {
    facts.putSession({ id, userId: id, device: "", createdMs: 0, lastUsedMs: 0 });
    assert.equal(facts.sessionsOf(id).length, 1);
    facts.dropSession(id, id);
    assert.equal(facts.sessionsOf(id).length, 0);
  },
  reactions: (facts, id) => {
    facts.putReaction(7, id, { userId: USER, emoji: "x", mine: true });
    assert.equal(facts.reactionFacts(7, id, { userId: USER, emoji: "x" }).mine, true);
  },
};

for (const [kind, decide] of Object.entries(KINDS)) {
  Deno.test(`a batch of ${kind}: the work of each does not grow with the batch`, () => {
    const work = (commands: number) => {
      const steps = new Steps();
      const facts = new PendingFacts(committed(steps));
      steps.during(() => {
        for (let at = 0; at < commands; at++) decide(facts, 1000 + at);
      });
      return steps.count;
    };
    const few = work(100);
    const many = work(400);
    assert.ok(many <= 4 * few, `${few} steps for 100, ${many} for 400`);
  });
}

Deno.test("a batch reads what is committed of a user once, however many commands it has", () => {
  const asked: string[] = [];
  const facts = new PendingFacts(committed(new Steps(), (name) => asked.push(name)));
  for (let id = 1000; id < 1100; id++) KINDS["public channels"]!(facts, id);
  assert.equal(asked.filter((name) => name === "channelCount").length, 1);
});

/** An empty store's facts, whose own steps are not counted. */
function committed(steps: Steps, onAsked: (name: string) => void = () => {}): Facts {
  const base = new CommittedFacts(new MemoryStore({ now: () => 0 }));
  return new Proxy(base, {
    get(target, name) {
      const value = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      return (...args: unknown[]) => {
        onAsked(String(name));
        return steps.apart(() => value.apply(target, args));
      };
    },
  });
}

Deno.test("L2 that an only owner leaves others alone is found by a few reads, however many those are", async () => {
  const store = new MemoryStore({ now: () => 1000 });
  const [channelId, owner] = [7, 2];
  const joins = Array.from(
    { length: 300 },
    (_, at) => joinEvents(channelId, owner + at, at === 0 ? ChannelRole.OWNER : ChannelRole.MEMBER),
  );
  await store.commit([{ actorId: owner, key: "", events: joins.flat() }]);
  let rows = 0;
  const reader = new Proxy(store, {
    get(target, name) {
      if (name === "members") {
        return (...args: Parameters<MemoryStore["members"]>) => {
          const members = target.members(...args);
          rows += members.length;
          return members;
        };
      }
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const facts = new PendingFacts(new CommittedFacts(reader));
  for (let at = 0; at < 32; at++) assert.equal(leavesOthersAlone({ facts }, channelId, owner), true);
  assert.ok(rows <= 32 * 4, `${rows} rows`);
  // Those who left in the same batch are not there; one who came is.
  for (let at = 1; at < 300; at++) facts.dropMembership(channelId, owner + at);
  assert.equal(leavesOthersAlone({ facts }, channelId, owner), false);
  for (const event of joinEvents(channelId, 1000, ChannelRole.MEMBER)) {
    applyEvent(facts, event, { seq: 1, timeMs: 0, actorId: owner });
  }
  assert.equal(leavesOthersAlone({ facts }, channelId, owner), true);
});
