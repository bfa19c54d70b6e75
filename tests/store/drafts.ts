/** Short ways to write drafts and to store them. @module */
import assert from "node:assert/strict";
import type { DraftEvent, Event, EventBody } from "../../src/chat/event.ts";
import { type Channel, ChannelKind, type Invite, ServerRole, type User } from "../../src/chat/model.ts";
import type { Draft, EventWriter } from "../../src/chat/ports.ts";

export const CHANNEL = 100;
export const ANN = 2;
export const BOB = 3;

type ValueOf<K extends EventBody["case"]> = Extract<EventBody, { case: K }>["value"];

export function event<K extends EventBody["case"]>(stream: number, name: K, value: ValueOf<K>): DraftEvent {
  return { stream, body: { case: name, value } as EventBody };
}

/** An event in the channel that most tests use. */
export function inChannel<K extends EventBody["case"]>(name: K, value: ValueOf<K>): DraftEvent {
  return event<K>(CHANNEL, name, value);
}

export function message(text: string, more: { mentionIds?: number[]; mentionChannel?: boolean } = {}) {
  return inChannel("messageSent", { text, replyTo: 0, mentionIds: [], mentionChannel: false, ...more });
}

export function edit(messageSeq: number, text: string, mentionIds: number[] = []): DraftEvent {
  return inChannel("messageEdited", { messageSeq, text, mentionIds, mentionChannel: false });
}

export function draft(actorId: number, ...events: DraftEvent[]): Draft {
  return { actorId, key: "", events };
}

export function keyed(actorId: number, key: string, ...events: DraftEvent[]): Draft {
  return { actorId, key, events };
}

/** Stores the drafts as one batch, all of which must succeed, and gives their events. */
export async function put(store: EventWriter, ...batch: Draft[]): Promise<Event[]> {
  const outcomes = await store.commit(batch);
  return outcomes.flatMap((outcome) => {
    assert.ok(outcome.status === "stored", `outcome is ${JSON.stringify(outcome)}`);
    return outcome.events;
  });
}

export function user(id: number, name: string, more: Partial<User> = {}): User {
  return { id, name, displayName: name.toUpperCase(), role: ServerRole.MEMBER, disabled: false, ...more };
}

export function channel(id: number, name: string, more: Partial<Channel> = {}): Channel {
  const rest = { topic: "", archived: false, creatorId: ANN, directUserIds: [] };
  return { id, kind: ChannelKind.PUBLIC, name, ...rest, ...more };
}

export function invite(id: number, more: Partial<Invite> = {}): Invite {
  return {
    id,
    role: ServerRole.MEMBER,
    usesLeft: 2,
    expiresMs: 0,
    creatorId: ANN,
    channelIds: [CHANNEL],
    ...more,
  };
}

/** Everything in a stream, as a replay gives it. */
export const ALL = { after: 0, upTo: Number.MAX_SAFE_INTEGER, limit: 1000 };
