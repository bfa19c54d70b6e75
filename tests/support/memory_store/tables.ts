/** The twin's tables. Values are replaced, never changed, so that a journal can undo. @module */
import type { Event } from "../../../src/chat/event.ts";
import type { KeyedEvent } from "../../../src/chat/ports.ts";
import type {
  Channel,
  Invite,
  Membership,
  Message,
  Pin,
  Reaction,
  Session,
  User,
} from "../../../src/chat/model.ts";

/** A message, and its reactions in the order in which the emoji came. */
export interface MessageEntry {
  readonly message: Message;
  readonly reactions: readonly Reaction[];
}

/** Who pinned a message, and when. */
export type PinEntry = Omit<Pin, "message">;

export class Tables {
  /** The event at index i has seq i + 1. */
  readonly streams = new Map<number, Event[]>();
  /** By actor and key. */
  readonly keys = new Map<string, KeyedEvent>();
  /** By channel and seq. */
  readonly messages = new Map<number, Map<number, MessageEntry>>();
  /** By channel and message. */
  readonly pins = new Map<number, Map<number, PinEntry>>();
  /** By channel and user. */
  readonly memberships = new Map<number, Map<number, Membership>>();
  readonly users = new Map<number, User>();
  readonly usersByName = new Map<string, number>();
  readonly channels = new Map<number, Channel>();
  readonly channelsByName = new Map<string, number>();
  readonly channelsByDirectKey = new Map<string, number>();
  readonly credentials = new Map<number, string>();
  readonly sessions = new Map<number, Session>();
  readonly sessionsByToken = new Map<string, number>();
  readonly invites = new Map<number, Invite>();
  readonly revoked = new Map<number, true>();
  /** Under 0, so that a journal can undo it. */
  readonly serverName = new Map<0, string>();
  /** Ids as keys, so that a journal can undo them. */
  readonly ids = new Map<number, true>();
}

export function keyOf(actorId: number, key: string): string {
  return `${actorId} ${key}`;
}

/** The inner map of one channel, made when missing. */
export function inner<V>(outer: Map<number, Map<number, V>>, channelId: number): Map<number, V> {
  let map = outer.get(channelId);
  if (!map) outer.set(channelId, map = new Map());
  return map;
}
