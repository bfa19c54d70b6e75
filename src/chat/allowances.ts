/**
 * What each user may bring about in a time, over all their sockets and requests: who acts pays, not whom it befalls.
 *
 * An allowance is used at once or bit by bit, and comes back evenly. It lives in memory; what is worth it is kept over a
 * new start (allowance_keeper.ts).
 *
 * @module
 */
import { ChatError, Code } from "./error.ts";
import type { DraftEvent, EventCase, MessageText } from "./event.ts";
import type { Limits } from "./limits.ts";
import { RecentMap } from "./facts/recent_map.ts";
import { utf8Length } from "./validation.ts";

/** Users that are remembered; the others have not used anything for long. */
const USERS_MAX = 50_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MIB = 1024 * 1024;
/** What an event takes in the database besides its text: its row, its places in the indexes, its projection. */
export const EVENT_BYTES = 128;
const MENTION_BYTES = 32;

/** Events of a user that are stored at once while the disk is nearly full; they come back within an hour. */
const RELIEF_EVENTS = 256;
/** Who has spent less of an allowance than this part has it whole after a new start. */
const KEPT_PART = 1 / 64;

/** Pages that an event touches, and those of a message with its text, mentions and reactions. */
const EVENT_PAGES_BYTES = 16 * 1024;
const TOUCHED_BYTES: Partial<Record<EventCase, number>> = {
  messageSent: 64 * 1024,
  messageEdited: 64 * 1024,
  messageDeleted: 64 * 1024,
};

/** What is spent. */
export type Expense = "channels" | "directs" | "members" | "bytes" | "relief";

/** What users have spent. */
export interface KeptAllowances {
  /** When it was so. */
  readonly atMs: number;
  readonly spent: readonly {
    readonly expense: Expense;
    readonly userId: number;
    /** When all of it will have come back. */
    readonly wholeMs: number;
  }[];
}

interface Rate {
  /** Spent at once, at most. */
  readonly most: number;
  /** Until one of it comes back. */
  readonly eachMs: number;
  /** What is told when it is used up. */
  readonly refusal: string;
}

const RATES: Readonly<Record<Expense, (limits: Limits) => Rate>> = {
  channels: ({ newChannels, newChannelsPerHour }) => ({
    most: newChannels,
    eachMs: HOUR_MS / newChannelsPerHour,
    refusal: "Too many new channels by one user: make it later",
  }),
  directs: ({ newDirects, newDirectsPerHour }) => ({
    most: newDirects,
    eachMs: HOUR_MS / newDirectsPerHour,
    refusal: "Too many new direct conversations by one user: open it later",
  }),
  members: ({ newMembers, newMembersPerHour }) => ({
    most: newMembers,
    eachMs: HOUR_MS / newMembersPerHour,
    refusal: "Too many people added by one user: add them later, or let them join",
  }),
  bytes: ({ storedMibPerDay }) => ({
    most: storedMibPerDay * MIB,
    eachMs: DAY_MS / (storedMibPerDay * MIB),
    refusal: "You have stored as much as one user may in a day: send it later",
  }),
  relief: () => ({
    most: RELIEF_EVENTS,
    eachMs: HOUR_MS / RELIEF_EVENTS,
    refusal: "The server's disk is nearly full, and you have changed much meanwhile: do it later",
  }),
};

const EXPENSES = Object.keys(RATES) as Expense[];

/** Events that take rights, sessions or content away, or let somebody in: never refused for want of room. */
const FREE: ReadonlySet<EventCase> = new Set([
  "messageDeleted",
  "reactionRemoved",
  "messageUnpinned",
  "memberLeft",
  "memberUnbanned",
  "channelLost",
  "sessionStarted",
  "sessionEnded",
  "passwordChanged",
  "inviteRevoked",
]);

export class Allowances {
  /** When all is back that a user has spent of something. */
  readonly #wholeMs: Readonly<Record<Expense, RecentMap<number, number>>> = {
    channels: new RecentMap(USERS_MAX),
    directs: new RecentMap(USERS_MAX),
    members: new RecentMap(USERS_MAX),
    bytes: new RecentMap(USERS_MAX),
    relief: new RecentMap(USERS_MAX),
  };
  /** Users who have spent enough to be kept, by expense. */
  readonly #kept: Readonly<Record<Expense, Set<number>>> = {
    channels: new Set(),
    directs: new Set(),
    members: new Set(),
    bytes: new Set(),
    relief: new Set(),
  };
  #lastMs = 0;
  /** By how much the clock was set back altogether. */
  #leaptMs = 0;
  readonly counters = { storedBytes: 0, refused: 0 };
  limits: Limits;
  /** Called when there is something to keep. */
  onSpent: () => void = () => {};

  constructor(limits: Limits) {
    this.limits = limits;
  }

  /** Spends it, or throws ChatError resource_exhausted with the time to wait. */
  spend(userId: number, expense: Expense, { amount, nowMs }: { amount: number; nowMs: number }): void {
    const { most, eachMs, refusal } = RATES[expense](this.limits);
    const users = this.#wholeMs[expense];
    const allMs = most * eachMs;
    const atMs = this.#steady(nowMs);
    const spentMs = Math.min(allMs, Math.max(0, (users.get(userId) ?? 0) - atMs));
    // What is larger than the whole allowance takes the whole of it.
    const costMs = Math.min(amount * eachMs, allMs);
    const waitMs = Math.ceil(spentMs + costMs - allMs);
    if (waitMs > 0) {
      this.counters.refused++;
      throw new ChatError(Code.RESOURCE_EXHAUSTED, refusal, waitMs);
    }
    users.set(userId, atMs + spentMs + costMs);
    if (spentMs + costMs < allMs * KEPT_PART) return;
    this.#kept[expense].add(userId);
    this.onSpent();
  }

  /** What a new start must not give back. */
  kept(nowMs: number): KeptAllowances {
    const atMs = this.#steady(nowMs);
    const spent = EXPENSES.flatMap((expense) => {
      const { most, eachMs } = RATES[expense](this.limits);
      const users = this.#kept[expense];
      return Array.from(users, (userId) => {
        const wholeMs = this.#wholeMs[expense].get(userId) ?? 0;
        if (wholeMs - atMs < most * eachMs * KEPT_PART) users.delete(userId);
        return { expense, userId, wholeMs: Math.ceil(wholeMs - this.#leaptMs) };
      }).filter(({ userId }) => users.has(userId));
    });
    return { atMs: nowMs, spent };
  }

  /** Takes what was kept; a clock that was set back meanwhile takes nothing from anybody. */
  restore({ atMs, spent }: KeptAllowances, nowMs: number): void {
    const steadyMs = this.#steady(nowMs);
    for (const { expense, userId, wholeMs } of spent) {
      const leftMs = wholeMs - Math.max(atMs, nowMs);
      if (!EXPENSES.includes(expense) || !(leftMs > 0)) continue;
      this.#wholeMs[expense].set(userId, steadyMs + leftMs);
      this.#kept[expense].add(userId);
    }
  }

  /** The time without the leaps back of the clock, by which nobody is to lose what they had. */
  #steady(nowMs: number): number {
    this.#leaptMs += Math.max(0, this.#lastMs - nowMs);
    this.#lastMs = nowMs;
    return nowMs + this.#leaptMs;
  }

  /** Spends the bytes of a command's events. */
  store(userId: number, events: readonly DraftEvent[], nowMs: number): void {
    const amount = bytesOf(events);
    if (amount === 0) return;
    this.spend(userId, "bytes", { amount, nowMs });
    this.counters.storedBytes += amount;
  }

  /** They were not stored after all. */
  giveBack(userId: number, events: readonly DraftEvent[]): void {
    const wholeMs = this.#wholeMs.bytes.get(userId);
    const amount = bytesOf(events);
    if (wholeMs === undefined || amount === 0) return;
    this.#wholeMs.bytes.set(userId, wholeMs - amount * RATES.bytes(this.limits).eachMs);
    this.counters.storedBytes -= amount;
  }
}

/** About as many bytes the events make the database larger; 0 where nothing in them stores anything. */
export function bytesOf(events: readonly DraftEvent[]): number {
  if (events.every(({ body }) => FREE.has(body.case))) return 0;
  return events.reduce((sum, { body }) => sum + EVENT_BYTES + textBytesOf(body), 0);
}

/** As many bytes the disk must have for the events at most: the pages that they touch, once in the write-ahead log. */
export function diskBytesOf(events: readonly DraftEvent[]): number {
  return events.reduce(
    (sum, { body }) => sum + (TOUCHED_BYTES[body.case] ?? EVENT_PAGES_BYTES) + 2 * textBytesOf(body),
    0,
  );
}

/** What a message's text and mentions take. */
export function messageBytesOf({ text, mentionIds }: MessageText): number {
  return utf8Length(text) + MENTION_BYTES * mentionIds.length;
}

function textBytesOf(body: DraftEvent["body"]): number {
  switch (body.case) {
    case "messageSent":
    case "messageEdited":
      return messageBytesOf(body.value);
    case "channelCreated":
    case "channelUpdated":
      return utf8Length(body.value.channel.topic);
    case "serverUpdated":
      return utf8Length(body.value.name);
    default:
      return 0;
  }
}
