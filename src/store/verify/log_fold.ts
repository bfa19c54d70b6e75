/**
 * What the tables should hold, made from the log alone. It is written apart
 * from src/store/projections, so that an error there shows as a difference.
 *
 * @module
 */
import { type Channel, ChannelRole, LeaveReason, type User } from "../../chat/model.ts";
import { KIND, TOMBSTONE } from "../events/kind.ts";
import type { Problems } from "./problems.ts";

/** Columns of the log, as {@link LOG_COLUMNS} selects them. */
export type LogRow = [
  position: number,
  stream: number,
  seq: number,
  timeMs: number,
  actor: number,
  kind: number,
  target: number,
  text: string | null,
  extra: string | number | null,
];

/** The text of messages stays on the disk; only whether there is one is told. Older schemas know the position as rowid alone. */
export const LOG_COLUMNS = `rowid, stream, seq, time_ms, actor, kind, target,
  CASE WHEN kind IN (${TOMBSTONE}, ${KIND.messageSent}) THEN iif(text IS NULL, NULL, '') ELSE text END, extra`;

interface Place {
  role: number;
  banned: boolean;
  added: boolean;
  readSeq: number;
}

interface SessionFacts {
  readonly user: number;
  readonly device: string | null;
  readonly createdMs: number;
}

const KINDS: ReadonlySet<number> = new Set([...Object.values(KIND), TOMBSTONE]);

/** Takes the log's rows in the order in which they were written. */
export class LogFold {
  readonly users = new Map<number, User>();
  readonly channels = new Map<number, Channel>();
  /** By channel, then user. */
  readonly places = new Map<number, Map<number, Place>>();
  /** Seq of the event by channel, message, then user and emoji. */
  readonly reactions = new Map<number, Map<number, Map<string, number>>>();
  readonly sessions = new Map<number, SessionFacts>();
  /** Users that were ever given a password. */
  readonly credentials = new Set<number>();
  /** Whether it was revoked, by invite. */
  readonly invites = new Map<number, boolean>();
  readonly actors = new Set<number>();
  /** Empty until it was given one. */
  serverName = "";
  messages = 0;
  maxId = 1;
  readonly #problems: Problems;
  /** Emptied messages whose deletion has not been met yet, and those where it has. */
  readonly #emptied = new Map<number, Set<number>>();
  readonly #deleted = new Map<number, Set<number>>();

  constructor(problems: Problems) {
    this.#problems = problems;
  }

  take(row: LogRow): void {
    const [, stream, seq, , actor, kind, target, text, extra] = row;
    this.actors.add(actor);
    if (!KINDS.has(kind)) {
      this.#problems.add(`event ${seq} of stream ${stream} has the unknown kind ${kind}`);
    } else if (kind === KIND.messageSent) {
      this.messages++;
      if (text === null) this.#problems.add(`message ${seq} of channel ${stream} has no text`);
    } else if (kind === TOMBSTONE) {
      inner(this.#emptied, stream, () => new Set<number>()).add(seq);
      if (text !== null || extra !== null) {
        this.#problems.add(`message ${seq} of channel ${stream} is deleted and not empty`);
      }
    } else if (kind === KIND.messageDeleted) this.#delete(stream, target);
    else if (kind < KIND.channelCreated) this.#react(row);
    else if (kind < KIND.channelGained || kind === KIND.readMoved) this.#place(row);
    else this.#account(row);
  }

  /** To be called once after the last row. */
  finish(): void {
    for (const [stream, seqs] of this.#emptied) {
      for (const seq of seqs) {
        this.#problems.add(`message ${seq} of channel ${stream} is empty, and the log tells of no deletion`);
      }
    }
  }

  #delete(stream: number, target: number): void {
    const deleted = inner(this.#deleted, stream, () => new Set<number>());
    if (deleted.has(target)) return;
    deleted.add(target);
    this.reactions.get(stream)?.delete(target);
    if (!this.#emptied.get(stream)?.delete(target)) {
      this.#problems.add(`message ${target} of channel ${stream} was deleted and is still there`);
    }
  }

  #react([, stream, seq, , actor, kind, target, emoji]: LogRow): void {
    if (kind === KIND.messageEdited || this.#deleted.get(stream)?.has(target)) return;
    const ofChannel = inner(this.reactions, stream, () => new Map<number, Map<string, number>>());
    const reactions = inner(ofChannel, target, () => new Map<string, number>());
    const key = `${actor} ${emoji}`;
    if (kind === KIND.reactionRemoved) reactions.delete(key);
    else if (!reactions.has(key)) reactions.set(key, seq);
  }

  #place(row: LogRow): void {
    const [, stream, seq, , actor, kind, target, , extra] = row;
    if (kind === KIND.channelCreated || kind === KIND.channelUpdated) {
      this.channels.set(target, JSON.parse(extra as string) as Channel);
      this.#given(target);
      return;
    }
    if (kind === KIND.readMoved) {
      const place = this.places.get(target)?.get(stream);
      if (place) place.readSeq = Math.max(place.readSeq, extra as number);
      return;
    }
    const members = inner(this.places, stream, () => new Map<number, Place>());
    const readSeq = members.get(target)?.readSeq ?? seq;
    const { banned, added = false } = members.get(target) ?? {};
    switch (kind) {
      case KIND.memberJoined:
        members.set(target, {
          role: extra as number,
          banned: false,
          added: actor !== 0 && actor !== target,
          readSeq,
        });
        break;
      case KIND.memberLeft:
        if (extra === LeaveReason.BANNED) {
          members.set(target, { role: ChannelRole.MEMBER, banned: true, added: false, readSeq });
        } else members.delete(target);
        break;
      case KIND.memberUnbanned:
        if (banned) members.delete(target);
        break;
      case KIND.memberRoleChanged:
        if (banned === false) members.set(target, { role: extra as number, banned, added, readSeq });
        break;
    }
  }

  #account([, stream, , timeMs, , kind, target, text, extra]: LogRow): void {
    switch (kind) {
      case KIND.userAdded:
      case KIND.userUpdated:
        this.users.set(target, JSON.parse(extra as string) as User);
        return this.#given(target);
      case KIND.passwordChanged:
        this.credentials.add(stream);
        return;
      case KIND.sessionStarted:
        this.sessions.set(target, { user: stream, device: text, createdMs: timeMs });
        return this.#given(target);
      case KIND.sessionEnded:
        this.sessions.delete(target);
        return;
      case KIND.inviteCreated:
        this.invites.set(target, false);
        return this.#given(target);
      case KIND.inviteRevoked:
        this.invites.set(target, true);
        return;
      case KIND.serverUpdated:
        this.serverName = text ?? "";
        return;
    }
  }

  #given(id: number): void {
    this.maxId = Math.max(this.maxId, id);
  }
}

function inner<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}
