/** At rest, a device holds what the store says, no more and no less. @module */
import assert from "node:assert/strict";
import type { MemoryStore } from "../../../src/store/memory.ts";
import type { ModelClient } from "./client.ts";
import { Violation } from "./witness.ts";

/** Throws Violation for the first difference. */
export function compareWithStore(client: ModelClient, store: MemoryStore): void {
  const memberships = store.membershipsOf(client.userId);
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
    same(messages, store.history(channelId, 1e9), what);
  }
}

function same(held: unknown, stored: unknown, what: string): void {
  try {
    assert.deepEqual(held, stored);
  } catch (error) {
    throw new Violation(`${what} is not what the store says: ${(error as Error).message}`);
  }
}
