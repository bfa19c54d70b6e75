/**
 * What the tables should hold, made from the log alone. It is written apart
 * from src/store/events, so that an error there shows as a difference.
 *
 * @module
 */
import { type Channel, ChannelRole, LeaveReason, type User } from "../../chat/model.ts";
import type { EventCase } from "../../chat/event.ts";
import { EVENT_CASES, KIND, TOMBSTONE } from "../events/mod.ts";
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

interface PinFacts {
  readonly user: number;
  readonly seq: number;
}

/** Takes the log's rows in the order in which they were written. */
export class LogFold {
  readonly users = new Map<number, User>();
  readonly channels = new Map<number, Channel>();
  /** By channel, then user. */
  readonly places = new Map<number, Map<number, Place>>();
  /** Seq of the event by channel, message, then user and emoji. */
  readonly reactions = new Map<number, Map<number, Map<string, number>>>();
  /** By channel, then message. */
  readonly pins = new Map<number, Map<number, PinFacts>>();
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
  /** By kind. */
  readonly #folds: ((row: LogRow) => void)[] = [];
  /** Emptied messages whose deletion has not been met yet, and those where it has. */
  readonly #emptied = new Map<number, Set<number>>();
  readonly #deleted = new Map<number, Set<number>>();

  constructor(problems: Problems) {
    this.#problems = problems;
    const folds = this.#foldsByCase();
    for (const name of EVENT_CASES) this.#folds[KIND[name]] = folds[name];
    this.#folds[TOMBSTONE] = (row) => this.#emptiedMessage(row);
  }

  take(row: LogRow): void {
    const [, stream, seq, , actor, kind] = row;
    this.actors.add(actor);
    const fold = this.#folds[kind];
    if (fold) fold(row);
    else this.#problems.add(`event ${seq} of stream ${stream} has the unknown kind ${kind}`);
  }

  /** To be called once after the last row. */
  finish(): void {
    for (const [stream, seqs] of this.#emptied) {
      for (const seq of seqs) {
        this.#problems.add(`message ${seq} of channel ${stream} is empty, and the log tells of no deletion`);
      }
    }
  }

  #foldsByCase(): Record<EventCase, (row: LogRow) => void> {
    const nothing = () => {};
    const channel = (row: LogRow) => this.#channel(row);
    const user = (row: LogRow) => this.#user(row);
    return {
      messageSent: (row) => this.#message(row),
      messageEdited: nothing,
      messageDeleted: (row) => this.#delete(row),
      reactionAdded: (row) => this.#react(row),
      reactionRemoved: (row) => this.#unreact(row),
      messagePinned: (row) => this.#pin(row),
      messageUnpinned: ([, stream, , , , , target]) => void this.pins.get(stream)?.delete(target),
      channelCreated: channel,
      channelUpdated: channel,
      memberJoined: (row) => this.#join(row),
      memberLeft: (row) => this.#leave(row),
      memberRoleChanged: (row) => this.#changeRole(row),
      memberUnbanned: (row) => this.#unban(row),
      channelGained: nothing,
      channelLost: nothing,
      readMoved: (row) => this.#read(row),
      sessionStarted: (row) => this.#startSession(row),
      sessionEnded: ([, , , , , , session]) => void this.sessions.delete(session),
      passwordChanged: ([, user]) => void this.credentials.add(user),
      userAdded: user,
      userUpdated: user,
      inviteCreated: ([, , , , , , invite]) => {
        this.invites.set(invite, false);
        this.#given(invite);
      },
      inviteRevoked: ([, , , , , , invite]) => void this.invites.set(invite, true),
      inviteUsed: nothing,
      serverUpdated: ([, , , , , , , name]) => void (this.serverName = name ?? ""),
    };
  }

  #message([, stream, seq, , , , , text]: LogRow): void {
    this.messages++;
    if (text === null) this.#problems.add(`message ${seq} of channel ${stream} has no text`);
  }

  #emptiedMessage([, stream, seq, , , , , text, extra]: LogRow): void {
    inner(this.#emptied, stream, () => new Set<number>()).add(seq);
    if (text !== null || extra !== null) {
      this.#problems.add(`message ${seq} of channel ${stream} is deleted and not empty`);
    }
  }

  #delete([, stream, , , , , target]: LogRow): void {
    const deleted = inner(this.#deleted, stream, () => new Set<number>());
    if (deleted.has(target)) return;
    deleted.add(target);
    this.reactions.get(stream)?.delete(target);
    this.pins.get(stream)?.delete(target);
    if (!this.#emptied.get(stream)?.delete(target)) {
      this.#problems.add(`message ${target} of channel ${stream} was deleted and is still there`);
    }
  }

  #react([, stream, seq, , actor, , target, emoji]: LogRow): void {
    if (this.#deleted.get(stream)?.has(target)) return;
    const ofChannel = inner(this.reactions, stream, () => new Map<number, Map<string, number>>());
    const reactions = inner(ofChannel, target, () => new Map<string, number>());
    const key = `${actor} ${emoji}`;
    if (!reactions.has(key)) reactions.set(key, seq);
  }

  #pin([, stream, seq, , user, , target]: LogRow): void {
    if (this.#deleted.get(stream)?.has(target)) return;
    const pins = inner(this.pins, stream, () => new Map<number, PinFacts>());
    if (!pins.has(target)) pins.set(target, { user, seq });
  }

  #unreact([, stream, , , actor, , target, emoji]: LogRow): void {
    this.reactions.get(stream)?.get(target)?.delete(`${actor} ${emoji}`);
  }

  #channel([, , , , , , target, , extra]: LogRow): void {
    this.channels.set(target, JSON.parse(extra as string) as Channel);
    this.#given(target);
  }

  #join([, stream, seq, , actor, , target, , extra]: LogRow): void {
    const members = this.#members(stream);
    const readSeq = members.get(target)?.readSeq ?? seq;
    const added = actor !== 0 && actor !== target;
    members.set(target, { role: extra as number, banned: false, added, readSeq });
  }

  #leave([, stream, seq, , , , target, , reason]: LogRow): void {
    const members = this.#members(stream);
    const readSeq = members.get(target)?.readSeq ?? seq;
    if (reason !== LeaveReason.BANNED) members.delete(target);
    else members.set(target, { role: ChannelRole.MEMBER, banned: true, added: false, readSeq });
  }

  #changeRole([, stream, , , , , target, , role]: LogRow): void {
    const place = this.#members(stream).get(target);
    if (place && !place.banned) place.role = role as number;
  }

  #unban([, stream, , , , , target]: LogRow): void {
    const members = this.#members(stream);
    if (members.get(target)?.banned) members.delete(target);
  }

  #read([, user, , , , , channel, , seq]: LogRow): void {
    const place = this.places.get(channel)?.get(user);
    if (place) place.readSeq = Math.max(place.readSeq, seq as number);
  }

  #user([, , , , , , target, , extra]: LogRow): void {
    this.users.set(target, JSON.parse(extra as string) as User);
    this.#given(target);
  }

  #startSession([, user, , createdMs, , , target, device]: LogRow): void {
    this.sessions.set(target, { user, device, createdMs });
    this.#given(target);
  }

  #members(channel: number): Map<number, Place> {
    return inner(this.places, channel, () => new Map<number, Place>());
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
