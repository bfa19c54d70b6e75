/** What the database says, as plain data. @module */
import type { Message } from "../../src/chat/model.ts";
import type { StoreReader } from "../../src/chat/ports.ts";
import { storedKey } from "../../src/chat/validation.ts";
import { openStore } from "../../src/store/mod.ts";
import { type DeviceRecord, type HeldEvent, heldEvent } from "./ledger.ts";

/** A user's place in a channel. */
export interface Place {
  readonly role: number;
  readonly readSeq: number;
  readonly unread: number;
  readonly mentions: number;
}

export interface Truth {
  /** Events of every stream, as they stand in it. */
  readonly streams: ReadonlyMap<number, readonly HeldEvent[]>;
  /** Every message of every channel, folded by the server. */
  readonly messages: ReadonlyMap<number, readonly Message[]>;
  /** Members, by {@link placeKey}. */
  readonly places: ReadonlyMap<string, Place>;
  /** Event that a command became, by {@link commandKey}. */
  readonly byKey: ReadonlyMap<string, HeldEvent>;
}

const PAGE = 1000;
/** As far as the server counts unread messages. */
const UNREAD_COUNT = 1000;

export function placeKey(channelId: number, userId: number): string {
  return `${channelId}:${userId}`;
}

export function commandKey({ userId, key }: { readonly userId: number; readonly key: string }): string {
  return `${userId}:${key}`;
}

/** Reads everything from the folder of a server that has stopped. Throws FolderInUse when it has not. */
export async function readTruth(data: string, records: readonly DeviceRecord[]): Promise<Truth> {
  await using store = await openStore(data);
  return truthOf(store, records);
}

/** Reads everything from a store that nobody writes to meanwhile. */
export function truthOf(store: StoreReader, records: readonly DeviceRecord[]): Truth {
  const streams = new Map<number, HeldEvent[]>();
  const messages = new Map<number, Message[]>();
  const places = new Map<string, Place>();
  const byKey = new Map<string, HeldEvent>();
  const users = new Set(records.map(({ userId }) => userId));
  for (let stream = 1; stream <= store.maxId(); stream++) {
    const upTo = store.head(stream);
    const events: HeldEvent[] = [];
    for (let after = 0; after < upTo;) {
      const page = store.events(stream, { after, upTo, limit: PAGE });
      if (page.length === 0) break;
      events.push(...page.map(heldEvent));
      after = page.at(-1)!.seq;
    }
    if (events.length > 0) streams.set(stream, events);
    if (!store.channel(stream)) continue;
    const folded: Message[] = [];
    for (let page = store.history(stream, PAGE, { after: 0 }); page.length > 0;) {
      folded.push(...page);
      page = store.history(stream, PAGE, { after: folded.at(-1)!.seq });
    }
    messages.set(stream, folded);
    for (const userId of users) {
      const membership = store.membership(stream, userId);
      if (!membership || membership.banned) continue;
      const { role, readSeq } = membership;
      const counts = store.unread(stream, userId, {
        afterSeq: readSeq,
        upToSeq: store.head(stream),
        limit: UNREAD_COUNT,
      });
      places.set(placeKey(stream, userId), { role, readSeq, ...counts });
    }
  }
  for (const { commands } of records) {
    for (const command of commands) {
      const event = store.findByKey(command.userId, storedKey(command.name, command.key));
      if (event) byKey.set(commandKey(command), heldEvent(event));
    }
  }
  return { streams, messages, places, byKey };
}
