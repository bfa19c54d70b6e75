/** Both stores get the same random batches and must answer every question alike. */
import assert from "node:assert/strict";
import type { DraftEvent } from "../../src/chat/event.ts";
import {
  ChannelKind,
  type ChannelRole,
  type LeaveReason,
  SERVER_STREAM,
  ServerRole,
} from "../../src/chat/model.ts";
import type { Draft } from "../../src/chat/ports.ts";
import { MemoryStore } from "../support/memory_store/memory_store.ts";
import type { AnyStore } from "./check.ts";
import { channel, draft, event, invite, keyed, user } from "./drafts.ts";
import { TempFolder } from "./temp_store.ts";

const SEEDS = [1, 2, 3, 4, 5, 6];
const BATCHES = 60;
const USERS = [2, 3, 4, 5];
const CHANNELS = [100, 101];
const SESSIONS = [50, 51, 52];
const INVITES = [60, 61];

/** Numbers that look random and are the same for the same seed (mulberry32). */
class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }
}

function randomEvent(dice: Dice): DraftEvent {
  const userId = dice.pick(USERS);
  const at = dice.pick(CHANNELS);
  const messageSeq = 1 + dice.below(60);
  const role = 1 + dice.below(3) as ChannelRole;
  const reason = 1 + dice.below(3) as LeaveReason;
  const emoji = dice.pick(["a", "b", "c"]);
  const inviteId = dice.pick(INVITES);
  const sessionId = dice.pick(SESSIONS);
  const name = dice.pick(["", "x", "xy", "y"]);
  const kind = dice.pick(Object.values(ChannelKind));
  const text = {
    text: `text ${dice.below(1000)}`,
    mentionIds: dice.pick([[], [], [2], [3, 4], [5, 5, 2]]),
    mentionChannel: dice.below(5) === 0,
  };
  const someone = user(userId, name + userId % 2, { role: dice.pick(Object.values(ServerRole)) });
  const place = channel(at, name, {
    kind,
    archived: dice.below(2) === 0,
    directUserIds: kind === 3 ? [2, 3] : [],
  });
  const sent = event(at, "messageSent", { ...text, replyTo: dice.below(3) });
  return dice.pick([
    ...[sent, sent, sent, sent, sent, sent],
    event(at, "messageEdited", { messageSeq, ...text }),
    event(at, "messageDeleted", { messageSeq }),
    event(at, "messagePinned", { messageSeq }),
    event(at, "messageUnpinned", { messageSeq }),
    event(at, "reactionAdded", { messageSeq, emoji }),
    event(at, "reactionAdded", { messageSeq, emoji }),
    event(at, "reactionRemoved", { messageSeq, emoji }),
    event(at, "memberJoined", { userId, role }),
    event(at, "memberLeft", { userId, reason }),
    event(at, "memberRoleChanged", { userId, role }),
    event(at, "memberUnbanned", { userId }),
    event(userId, "readMoved", { channelId: at, seq: messageSeq }),
    event(at, "channelCreated", { channel: place }),
    event(at, "channelUpdated", { channel: place }),
    event(SERVER_STREAM, "userAdded", { user: someone }),
    event(SERVER_STREAM, "userUpdated", { user: { ...someone, disabled: true } }),
    event(SERVER_STREAM, "inviteCreated", { inviteId, invite: invite(inviteId) }),
    event(SERVER_STREAM, "inviteUsed", { inviteId, creatorId: userId }),
    event(SERVER_STREAM, "inviteRevoked", { inviteId }),
    event(SERVER_STREAM, "serverUpdated", { name }),
    event(userId, "sessionStarted", { sessionId, device: "d", tokenHash: `${dice.below(4)}` }),
    event(userId, "sessionEnded", { sessionId }),
    event(userId, "passwordChanged", { passwordHash: `${dice.below(9)}` }),
  ]);
}

function randomBatch(dice: Dice): Draft[] {
  return Array.from({ length: 1 + dice.below(8) }, () => {
    const events = Array.from({ length: 1 + dice.below(3) }, () => randomEvent(dice));
    const actor = dice.pick(USERS);
    return dice.below(3) === 0 ? keyed(actor, `k${dice.below(40)}`, ...events) : draft(actor, ...events);
  });
}

/** Everything that can be asked, with a few random positions. */
function answers(store: AnyStore, dice: Dice): unknown {
  const position = dice.below(80);
  const page = { prefix: dice.pick(["", "x"]), after: dice.pick(["", "x0"]), limit: 1 + dice.below(5) };
  return {
    facts: [
      store.maxId(),
      store.ownerCount(),
      store.serverName(),
      store.invites({ after: position, limit: page.limit, nowMs: 0 }),
      INVITES.map((id) => store.invite(id)),
    ],
    sessions: ["0", "1", "2", "3"].map((hash) => store.sessionByTokenHash(hash)?.id),
    users: [store.users(page), store.publicChannels({ ...page, includeArchived: dice.below(2) === 0 })],
    direct: store.directChannel([2, 3]),
    named: ["x", "xy", "y"].map((name) => store.channelByName(name)),
    keys: USERS.map((id) => store.findByKey(id, `k${dice.below(40)}`)),
    perUser: USERS.map((id) => [
      store.user(id),
      store.passwordHash(id),
      store.channelsOf(id),
      [false, true].map((added) => store.channelCount(id, { added })),
      store.channelsMade(id),
      store.directsOpened(id),
      store.privateChannels(id, "x"),
      store.sessionsOf(id).map((session) => session.id).sort(),
      store.events(id, { after: 0, upTo: position, limit: 100 }),
    ]),
    perChannel: CHANNELS.map((id) => [
      store.channel(id),
      store.head(id),
      store.channelOwners(id),
      store.members(id, { after: 2, limit: 2, banned: false }),
      store.members(id, { after: 0, limit: 9, banned: true }),
      store.events(id, { after: position, upTo: position + 30, limit: 20 }),
      store.history(id, 20),
      store.history(id, 7, { before: position }),
      store.history(id, 7, { after: position }),
      store.messageFacts(id, position),
      [store.pinned(id, position), store.pinCount(id)],
      [...store.pins(id, { before: 0, limit: 50 })],
      [...store.pins(id, { before: position, limit: 2 })],
      store.reactionFacts(id, position, { userId: 2, emoji: "a" }),
      USERS.map((userId) =>
        store.unread(id, userId, { afterSeq: position - 20, upToSeq: position - 2, limit: 10 })
      ),
    ]),
  };
}

/** The two clocks differ, and so do the words of errors that are not for clients. */
function comparable(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (name, inner) => {
    if (name === "error") return null;
    return name.endsWith("Ms") ? inner > 0 : inner;
  }));
}

for (const seed of SEEDS) {
  Deno.test(`MemoryStore answers as SqliteStore does, seed ${seed}`, async () => {
    await using folder = new TempFolder();
    await using sqlite = await folder.open();
    const memory = new MemoryStore();
    const dice = new Dice(seed);
    for (let round = 0; round < BATCHES; round++) {
      const batch = randomBatch(dice);
      const outcomes = [await sqlite.commit(batch), await memory.commit(batch)];
      const where = `seed ${seed}, batch ${round}`;
      assert.deepEqual(comparable(outcomes[1]), comparable(outcomes[0]), where);
      const question = dice.below(2 ** 31);
      const [ours, theirs] = [memory, sqlite].map((store) => answers(store, new Dice(question)));
      assert.deepEqual(comparable(ours), comparable(theirs), where);
    }
  });
}
