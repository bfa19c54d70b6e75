/** What each event does to the twin's tables: the same as the definitions in src/store/events. @module */
import type { Event, EventBody } from "../../../src/chat/event.ts";
import { isAdded } from "../../../src/chat/facts/facts.ts";
import {
  type Channel,
  ChannelKind,
  ChannelRole,
  LeaveReason,
  type Membership,
  type User,
} from "../../../src/chat/model.ts";
import { CONFLICTS } from "../../../src/store/writer/conflict.ts";
import { refuseUnstorableUser } from "../../../src/store/events/accounts.ts";
import { directKey, refuseUnstorableChannel } from "../../../src/store/events/channels.ts";
import type { Journal } from "./journal.ts";
import { inner, type MessageEntry, type Tables } from "./tables.ts";

type Handlers = {
  [K in EventBody["case"]]?: (
    value: Extract<EventBody, { case: K }>["value"],
    event: Event,
    tables: Tables,
    journal: Journal,
  ) => void;
};

/** Throws what a constraint of the database would refuse; the journal has to be rolled back then. */
export function apply(event: Event, tables: Tables, journal: Journal): void {
  const handler = HANDLERS[event.body.case] as
    | ((value: unknown, event: Event, tables: Tables, journal: Journal) => void)
    | undefined;
  handler?.(event.body.value, event, tables, journal);
}

/** Replaces a message that is there and not deleted. */
function changeMessage(
  tables: Tables,
  journal: Journal,
  channelId: number,
  seq: number,
  change: (entry: MessageEntry) => MessageEntry,
): void {
  const messages = inner(tables.messages, channelId);
  const entry = messages.get(seq);
  if (entry && !entry.message.deleted) journal.put(messages, seq, change(entry));
}

function changeMembership(
  tables: Tables,
  journal: Journal,
  place: { channelId: number; userId: number },
  change: (old: Membership | undefined) => Membership | undefined,
): void {
  const members = inner(tables.memberships, place.channelId);
  const changed = change(members.get(place.userId));
  if (changed) journal.put(members, place.userId, changed);
  else journal.drop(members, place.userId);
}

function take<K>(journal: Journal, index: Map<K, number>, key: K, id: number, refusal: () => Error): void {
  const holder = index.get(key);
  if (holder !== undefined && holder !== id) throw refusal();
  journal.put(index, key, id);
}

function putUser({ user }: { user: User }, _event: Event, tables: Tables, journal: Journal): void {
  refuseUnstorableUser(user);
  const old = tables.users.get(user.id);
  if (old) journal.drop(tables.usersByName, old.name);
  take(journal, tables.usersByName, user.name, user.id, CONFLICTS["user.name"]);
  journal.put(tables.users, user.id, { ...user });
}

function putChannel(
  { channel }: { channel: Channel },
  _event: Event,
  tables: Tables,
  journal: Journal,
): void {
  refuseUnstorableChannel(channel);
  const old = tables.channels.get(channel.id);
  if (old?.kind === ChannelKind.PUBLIC) journal.drop(tables.channelsByName, old.name);
  if (channel.kind === ChannelKind.PUBLIC) {
    take(journal, tables.channelsByName, channel.name, channel.id, CONFLICTS["channel.name"]);
  }
  const oldKey = old && directKey(old);
  if (oldKey) journal.drop(tables.channelsByDirectKey, oldKey);
  const key = directKey(channel);
  if (key) take(journal, tables.channelsByDirectKey, key, channel.id, CONFLICTS["channel.direct_key"]);
  journal.put(tables.channels, channel.id, { ...channel, directUserIds: key ? channel.directUserIds : [] });
}

function without(ids: readonly number[], id: number): number[] {
  return ids.filter((other) => other !== id);
}

const HANDLERS: Handlers = {
  messageSent(value, { stream, seq, actorId, timeMs }, tables, journal) {
    const message = {
      channelId: stream,
      seq,
      authorId: actorId,
      timeMs,
      text: value.text,
      replyTo: value.replyTo,
      mentionIds: value.mentionIds,
      mentionChannel: value.mentionChannel,
      editedMs: 0,
      deleted: false,
      reactions: [],
      pinned: false,
    };
    journal.put(inner(tables.messages, stream), seq, { message, reactions: [] });
  },
  messageEdited({ messageSeq, text, mentionIds, mentionChannel }, { stream, timeMs }, tables, journal) {
    changeMessage(tables, journal, stream, messageSeq, ({ message, reactions }) => (
      { message: { ...message, text, mentionIds, mentionChannel, editedMs: timeMs }, reactions }
    ));
  },
  messageDeleted({ messageSeq }, { stream }, tables, journal) {
    const empty = { text: "", mentionIds: [], mentionChannel: false, editedMs: 0, deleted: true };
    changeMessage(tables, journal, stream, messageSeq, ({ message }) => (
      { message: { ...message, ...empty }, reactions: [] }
    ));
    journal.drop(inner(tables.pins, stream), messageSeq);
  },
  reactionAdded({ messageSeq, emoji }, { stream, actorId }, tables, journal) {
    changeMessage(tables, journal, stream, messageSeq, ({ message, reactions }) => {
      const known = reactions.find((old) => old.emoji === emoji);
      if (!known) return { message, reactions: [...reactions, { emoji, userIds: [actorId] }] };
      if (known.userIds.includes(actorId)) return { message, reactions };
      const joined = { emoji, userIds: [...known.userIds, actorId] };
      return { message, reactions: reactions.map((old) => old === known ? joined : old) };
    });
  },
  reactionRemoved({ messageSeq, emoji }, { stream, actorId }, tables, journal) {
    changeMessage(tables, journal, stream, messageSeq, ({ message, reactions }) => ({
      message,
      reactions: reactions
        .map((old) => old.emoji === emoji ? { emoji, userIds: without(old.userIds, actorId) } : old)
        .filter(({ userIds }) => userIds.length > 0),
    }));
  },
  messagePinned({ messageSeq }, { stream, seq, actorId, timeMs }, tables, journal) {
    const pins = inner(tables.pins, stream);
    if (tables.messages.get(stream)?.get(messageSeq)?.message.deleted !== false || pins.has(messageSeq)) {
      return;
    }
    journal.put(pins, messageSeq, { seq, userId: actorId, timeMs });
  },
  messageUnpinned({ messageSeq }, { stream }, tables, journal) {
    journal.drop(inner(tables.pins, stream), messageSeq);
  },
  memberJoined({ userId, role }, { stream, seq, actorId }, tables, journal) {
    const place = { channelId: stream, userId };
    changeMembership(tables, journal, place, (old) => (
      { ...place, role, banned: false, added: isAdded(userId, actorId), readSeq: old?.readSeq ?? seq }
    ));
  },
  memberLeft({ userId, reason }, { stream, seq }, tables, journal) {
    const place = { channelId: stream, userId };
    changeMembership(tables, journal, place, (old) => (
      reason === LeaveReason.BANNED
        ? { ...place, role: ChannelRole.MEMBER, banned: true, added: false, readSeq: old?.readSeq ?? seq }
        : undefined
    ));
  },
  memberUnbanned({ userId }, { stream }, tables, journal) {
    changeMembership(tables, journal, { channelId: stream, userId }, (old) => old?.banned ? undefined : old);
  },
  memberRoleChanged({ userId, role }, { stream }, tables, journal) {
    changeMembership(
      tables,
      journal,
      { channelId: stream, userId },
      (old) => old && !old.banned ? { ...old, role } : old,
    );
  },
  readMoved({ channelId, seq }, { stream }, tables, journal) {
    changeMembership(
      tables,
      journal,
      { channelId, userId: stream },
      (old) => old && { ...old, readSeq: Math.max(old.readSeq, seq) },
    );
  },
  userAdded(value, event, tables, journal) {
    putUser(value, event, tables, journal);
    journal.put(tables.ids, value.user.id, true);
  },
  userUpdated: putUser,
  channelCreated(value, event, tables, journal) {
    putChannel(value, event, tables, journal);
    journal.put(tables.ids, value.channel.id, true);
  },
  channelUpdated: putChannel,
  passwordChanged({ passwordHash }, { stream }, tables, journal) {
    journal.put(tables.credentials, stream, passwordHash);
  },
  sessionStarted({ sessionId, device, tokenHash }, { stream, timeMs }, tables, journal) {
    if (tables.sessions.has(sessionId)) throw new Error(`Session ${sessionId} exists already`);
    take(journal, tables.sessionsByToken, tokenHash, sessionId, () => new Error("The token exists already"));
    const session = { id: sessionId, userId: stream, device, createdMs: timeMs, lastUsedMs: timeMs };
    journal.put(tables.sessions, sessionId, session);
    journal.put(tables.ids, sessionId, true);
  },
  sessionEnded({ sessionId }, _event, tables, journal) {
    journal.drop(tables.sessions, sessionId);
    for (const [token, id] of tables.sessionsByToken) {
      if (id === sessionId) journal.drop(tables.sessionsByToken, token);
    }
  },
  inviteCreated({ inviteId, invite }, _event, tables, journal) {
    if (tables.invites.has(inviteId)) throw new Error(`Invite ${inviteId} exists already`);
    journal.put(tables.invites, inviteId, { ...invite, id: inviteId });
    journal.put(tables.ids, inviteId, true);
  },
  inviteRevoked({ inviteId }, _event, tables, journal) {
    if (tables.invites.has(inviteId)) journal.put(tables.revoked, inviteId, true);
  },
  serverUpdated({ name }, _event, tables, journal) {
    journal.put(tables.serverName, 0, name);
  },
  inviteUsed({ inviteId }, _event, tables, journal) {
    const invite = tables.invites.get(inviteId);
    if (!invite) return;
    if (invite.usesLeft <= 0) throw CONFLICTS["invite_has_uses"]();
    journal.put(tables.invites, inviteId, { ...invite, usesLeft: invite.usesLeft - 1 });
  },
};
