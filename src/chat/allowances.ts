/**
 * What each user may bring about in a time, over all their sockets and requests: who acts pays, not whom it befalls.
 *
 * An allowance is used at once or bit by bit, and comes back evenly. It lives in memory, so a new start gives it back
 * whole.
 *
 * @module
 */
import { ChatError, Code } from "./error.ts";
import type { DraftEvent, EventCase } from "./event.ts";
import type { Limits } from "./limits.ts";
import { RecentMap } from "./recent_map.ts";
import { utf8Length } from "./text.ts";

/** Users that are remembered; the others have not used anything for long. */
const USERS_MAX = 50_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MIB = 1024 * 1024;
/** What an event takes in the database besides its text: its row, its places in the indexes, its projection. */
export const EVENT_BYTES = 128;
const MENTION_BYTES = 32;

/** What is spent. */
export type Expense = "channels" | "directs" | "members" | "bytes";

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
};

/** Events that take rights, sessions or content away, or let somebody in: never refused for want of room. */
const FREE: ReadonlySet<EventCase> = new Set([
  "messageDeleted",
  "reactionRemoved",
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
  };
  #lastMs = 0;
  /** By how much the clock was set back altogether. */
  #leaptMs = 0;
  readonly counters = { storedBytes: 0, refused: 0 };
  limits: Limits;

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

function textBytesOf(body: DraftEvent["body"]): number {
  switch (body.case) {
    case "messageSent":
    case "messageEdited":
      return utf8Length(body.value.text) + MENTION_BYTES * body.value.mentionIds.length;
    case "channelCreated":
    case "channelUpdated":
      return utf8Length(body.value.channel.topic);
    case "serverUpdated":
      return utf8Length(body.value.name);
    default:
      return 0;
  }
}
