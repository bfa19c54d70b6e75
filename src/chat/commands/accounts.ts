/** What the commands on accounts share. @module */
import { ChatError, Code, denied, invalid, unmet } from "../error.ts";
import type { DraftEvent } from "../event.ts";
import { ChannelKind, ChannelRole, DEFAULT_CHANNEL, SERVER_STREAM, ServerRole, type User } from "../model.ts";
import { type Asker, joinEvents, requireUser, serverRole } from "./rules.ts";
import type { Context } from "./spec.ts";

interface NewAccount {
  readonly name: string;
  readonly displayName: string;
  readonly role: ServerRole;
  readonly passwordHash: string;
  /** Channels to join besides the default one. */
  readonly channelIds: readonly number[];
}

/** The account and the events that make it; the first is userAdded. */
export function newAccount(context: Context, account: NewAccount): { user: User; events: DraftEvent[] } {
  const { name, displayName, role, passwordHash } = account;
  if (context.facts.userByName(name)) {
    throw new ChatError(Code.ALREADY_EXISTS, "Name not available: choose another");
  }
  const user = { id: context.newId(), name, displayName, role, disabled: false };
  return {
    user,
    events: [
      { stream: SERVER_STREAM, body: { case: "userAdded", value: { user } } },
      { stream: user.id, body: { case: "passwordChanged", value: { passwordHash } } },
      ...defaultChannelEvents(context, user),
      ...account.channelIds.flatMap((channelId) => invitedEvents(context, channelId, user)),
    ],
  };
}

function defaultChannelEvents(context: Context, user: User): DraftEvent[] {
  const existing = context.facts.channelByName(DEFAULT_CHANNEL);
  if (existing) {
    return existing.archived ? [] : joinEvents(existing.id, user.id, ChannelRole.MEMBER);
  }
  if (user.role !== ServerRole.OWNER || context.facts.ownerCount() > 0) return [];
  const channel = {
    id: context.newId(),
    kind: ChannelKind.PUBLIC,
    name: DEFAULT_CHANNEL,
    topic: "",
    archived: false,
    creatorId: user.id,
    directUserIds: [],
  };
  const created: DraftEvent = { stream: channel.id, body: { case: "channelCreated", value: { channel } } };
  return [created, ...joinEvents(channel.id, user.id, ChannelRole.OWNER)];
}

function invitedEvents(context: Context, channelId: number, user: User): DraftEvent[] {
  const channel = context.facts.channel(channelId);
  const isDefault = channelId === context.facts.channelByName(DEFAULT_CHANNEL)?.id;
  if (!channel || channel.archived || isDefault) return [];
  return joinEvents(channelId, user.id, ChannelRole.MEMBER);
}

/** The session's first event, whose token goes to the client alone. */
export function sessionEvents(
  context: Context,
  user: User,
  session: { readonly device: string; readonly tokenHash: string },
): DraftEvent[] {
  const crowded = context.facts.sessionsOf(user.id).slice(context.limits.sessionsPerUser - 1);
  return [
    {
      stream: user.id,
      body: { case: "sessionStarted", value: { sessionId: context.newId(), ...session } },
    },
    ...endEvents(user.id, crowded.map(({ id }) => id)),
  ];
}

/** Events that log devices out. */
export function endEvents(userId: number, sessionIds: readonly number[]): DraftEvent[] {
  return sessionIds.map((sessionId) => ({
    stream: userId,
    body: { case: "sessionEnded", value: { sessionId } },
  }));
}

/** The account, refusing action against oneself and against the same or a higher role. */
export function requireLowerAccount(context: Context, userId: number): User {
  const user = requireUser(context, userId);
  if (userId === context.principal.userId) invalid("That is your own account");
  const mine = serverRole(context);
  if (mine < ServerRole.OWNER && user.role >= mine) {
    denied("You may only do this to accounts with a lower role than yours");
  }
  return user;
}

/** Refuses to leave the server without an owner. */
export function requireOtherOwner(context: Context, user: User): void {
  if (user.role === ServerRole.OWNER && !user.disabled && context.facts.ownerCount() === 1) {
    unmet("That is the server's only owner: make somebody else an owner first");
  }
}

/** Whether accounts of this role may be made, or the role be given. */
export function mayGive(asker: Asker, role: ServerRole): boolean {
  return serverRole(asker) >= (role > ServerRole.MEMBER ? ServerRole.OWNER : ServerRole.ADMIN);
}

/** Refuses roles that do not exist or that the caller, an admin, may not give. */
export function requireGivable(asker: Asker, role: ServerRole | 0): ServerRole {
  const wanted = role === 0 ? ServerRole.MEMBER : role;
  if (wanted !== ServerRole.MEMBER && wanted !== ServerRole.ADMIN && wanted !== ServerRole.OWNER) {
    invalid("Role not known: use member, admin or owner");
  }
  if (!mayGive(asker, wanted)) denied("Only owners may appoint admins and owners");
  return wanted;
}
