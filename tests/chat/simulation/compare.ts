/** At rest, a device holds what the store says, no more and no less. @module */
import assert from "node:assert/strict";
import type { RookeryClient } from "../../../src/client/mod.ts";
import type { MemoryStore } from "../../support/memory_store/memory_store.ts";
import type { ModelClient } from "./client.ts";
import { Violation } from "./witness.ts";

const EVERYTHING = 1e9;

/** Throws Violation for the first difference. */
export function compareWithStore(client: ModelClient, store: MemoryStore): void {
  const memberships = store.channelsOf(client.userId).map(({ membership }) => membership);
  const held = [...client.channels.keys()].sort((a, b) => a - b);
  same(held, memberships.map(({ channelId }) => channelId), `channels of user ${client.userId}`);
  for (const stream of [1, client.userId, ...held]) {
    same(client.cursors.get(stream), store.head(stream), `cursor of stream ${stream}`);
  }
  for (const { channelId, role, readSeq } of memberships) {
    const fold = client.channels.get(channelId)!;
    const what = `channel ${channelId} of user ${client.userId}`;
    same({ role: fold.role, readSeq: fold.readSeq }, { role, readSeq }, what);
    same(fold.channel, store.channel(channelId), what);
    const messages = [...fold.messages.values()].sort((a, b) => a.seq - b.seq);
    same(messages, store.history(channelId, EVERYTHING), what);
  }
}

/** The same for the SDK's client, which holds the newest messages without a hole. */
export function compareReplica({ replica, stats }: RookeryClient, userId: number, store: MemoryStore): void {
  const { doubled, gaps, strays } = stats;
  same({ doubled, gaps, strays }, { doubled: 0, gaps: 0, strays: 0 }, `the stream of user ${userId}`);
  const memberships = store.channelsOf(userId).map(({ membership }) => membership);
  const held = [...replica.channels.keys()].sort((a, b) => a - b);
  same(held, memberships.map(({ channelId }) => channelId), `channels of user ${userId}`);
  for (const { stream, seq } of replica.resumePoint().cursors) {
    same(seq, store.head(stream), `cursor of stream ${stream}`);
  }
  for (const { channelId, role, readSeq } of memberships) {
    const state = replica.channels.get(channelId)!;
    const what = `channel ${channelId} of user ${userId}, by the SDK`;
    same({ role: state.role, readSeq: state.readSeq }, { role, readSeq }, what);
    const { id, kind, name, topic, archived } = store.channel(channelId)!;
    same(plain(state.channel, ["id", "kind", "name", "topic", "archived"]), {
      id,
      kind,
      name,
      topic,
      archived,
    }, what);
    const messages = store.history(channelId, EVERYTHING).filter(({ seq }) => seq > state.floorSeq);
    same(state.messages.map(message), messages.map(message), what);
    const range = { afterSeq: readSeq, upToSeq: store.head(channelId), limit: EVERYTHING };
    const counts = store.unread(channelId, userId, range);
    if (state.floorSeq <= readSeq) same(plain(state, ["unread", "mentions"]), counts, `unread in ${what}`);
  }
}

function plain<T extends object, K extends keyof T>(from: T, names: readonly K[]): Pick<T, K> {
  return Object.fromEntries(names.map((name) => [name, from[name]])) as Pick<T, K>;
}

interface Said {
  readonly seq: number;
  readonly authorId: number;
  readonly timeMs: number;
  readonly text: string;
  readonly replyTo: number;
  readonly editedMs: number;
  readonly deleted: boolean;
  readonly mentionIds: readonly number[];
  readonly mentionChannel: boolean;
  readonly pinned: boolean;
  readonly reactions: readonly { readonly emoji: string; readonly userIds: readonly number[] }[];
}

/** The wire's message and the store's in the same words. */
function message({ reactions, ...said }: Said): unknown {
  const { seq, authorId, timeMs, text, replyTo, editedMs, deleted, pinned, mentionIds, mentionChannel } =
    said;
  const shown = { seq, authorId, timeMs, text, replyTo, editedMs, deleted, pinned, mentionChannel };
  return {
    ...shown,
    mentionIds: [...mentionIds],
    reactions: reactions.map(({ emoji, userIds }) => ({ emoji, userIds: [...userIds] })),
  };
}

function same(held: unknown, stored: unknown, what: string): void {
  try {
    assert.deepEqual(held, stored);
  } catch (error) {
    throw new Violation(`${what} is not what the store says: ${(error as Error).message}`);
  }
}
