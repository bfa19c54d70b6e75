/** Accounts: made by registering or by an admin, shown, given roles, disabled. @module */
import { ChatError, Code, denied, invalid } from "../error.ts";
import type { DraftEvent } from "../event.ts";
import {
  ChannelKind,
  ChannelRole,
  DEFAULT_CHANNEL,
  type Invite,
  InviteState,
  Registration,
  SERVER_STREAM,
  ServerRole,
  type User,
} from "../model.ts";
import { DONE } from "../reply.ts";
import { checkLine, checkPassword, checkUserName, foldName, normalDisplayName } from "../validation.ts";
import {
  joinEvents,
  requireAccount,
  requireAdmin,
  requireGivable,
  requireLowerAccount,
  requireOtherOwner,
} from "./authorisation.ts";
import { type Context, page, read, write } from "./definition.ts";
import { inviteOf, openChannels, REFUSALS } from "./invites.ts";
import { successionEvents } from "./members.ts";
import { attempted, knownApplicant } from "./password_attempt.ts";
import { endEvents, sessionEvents, sessionResult } from "./sessions.ts";

interface NewAccount {
  readonly name: string;
  readonly displayName: string;
  readonly role: ServerRole;
  readonly passwordHash: string;
  /** Channels to join besides the default one. */
  readonly channelIds: readonly number[];
}

/** The account and the events that make it; the first is userAdded. */
function newAccount(context: Context, account: NewAccount): { user: User; events: DraftEvent[] } {
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

export const register = write<"register", { passwordHash: string; token: string; tokenHash: string }>({
  access: "anyone",
  first: "sessionStarted",
  check(body, limits) {
    checkUserName(body.name, limits);
    checkPassword(body.password, limits);
    normalDisplayName(body.displayName, limits);
    checkLine(body.device, { what: "Device name", bytesMax: limits.deviceBytes });
  },
  async prepare(body, context) {
    // Refused before a worker spends time on the password.
    requireEntry(context, body.inviteCode);
    const passwordHash = await attempted(
      context,
      { name: body.name },
      (applicant) => context.passwords.hash(body.password, applicant),
    );
    return { passwordHash, ...context.secrets.newToken() };
  },
  decide(body, context, { passwordHash, tokenHash }) {
    const invite = requireEntry(context, body.inviteCode);
    const { user, events } = newAccount(context, {
      name: body.name,
      displayName: normalDisplayName(body.displayName, context.limits),
      role: invite?.role ?? ServerRole.MEMBER,
      passwordHash,
      channelIds: invite ? openChannels(context, invite) : [],
    });
    const [started] = sessionEvents(context, user, { device: body.device, tokenHash });
    const used = invite
      ? [
        {
          stream: 1,
          body: { case: "inviteUsed", value: { inviteId: invite.id, creatorId: invite.creatorId } },
        } as const,
      ]
      : [];
    // The account must exist before its session, yet the reply is made of the session's event.
    return { events: [started!, ...events, ...used] };
  },
  result: sessionResult,
});

/** The invite that lets the caller in; undefined where registration is open. */
function requireEntry(context: Context, inviteCode: string): Invite | undefined {
  if (inviteCode === "") {
    if (context.registration === Registration.OPEN) return undefined;
    denied(
      context.registration === Registration.INVITE
        ? "Registration is by invite: open the invite link"
        : REFUSALS[InviteState.CLOSED],
    );
  }
  const { state, invite } = inviteOf(context, inviteCode);
  return state === InviteState.USABLE ? invite : denied(REFUSALS[state]);
}

export const addUser = write<"addUser", { passwordHash: string }>({
  first: "userAdded",
  check(body, limits) {
    checkUserName(body.name, limits);
    checkPassword(body.password, limits);
    normalDisplayName(body.displayName, limits);
  },
  async prepare(body, context) {
    requireAdmin(context);
    return { passwordHash: await context.passwords.hash(body.password, knownApplicant(context, body.name)) };
  },
  decide(body, context, { passwordHash }) {
    requireAdmin(context);
    const { events } = newAccount(context, {
      name: body.name,
      displayName: normalDisplayName(body.displayName, context.limits),
      role: requireGivable(context, body.role),
      passwordHash,
      channelIds: [],
    });
    return { events };
  },
  result(first) {
    if (first.body.case !== "userAdded") throw new TypeError("Not the event of an added user");
    return { case: "user", value: first.body.value.user };
  },
});

export const updateProfile = write<"updateProfile">({
  first: "userUpdated",
  check: (body, limits) => void normalDisplayName(body.displayName, limits),
  decide(body, context) {
    const before = requireAccount(context);
    const user = { ...before, displayName: normalDisplayName(body.displayName, context.limits) };
    if (user.displayName === before.displayName) return { events: [], unchanged: DONE };
    return { events: [{ stream: SERVER_STREAM, body: { case: "userUpdated", value: { user } } }] };
  },
});

export const listUsers = read<"listUsers">({
  run({ prefix, after, limit }, { reader, limits }) {
    const found = page(
      limit,
      limits,
      (rows) => reader.users({ prefix: foldName(prefix, limits), after, limit: rows }),
    );
    return { case: "userPage", value: { users: found.rows, more: found.more } };
  },
});

export const getUsers = read<"getUsers">({
  run({ ids }, { facts, limits }) {
    if (ids.length > limits.pageItems) invalid(`Ask for at most ${limits.pageItems} users at once`);
    const users = ids.map((id) => facts.user(id)).filter((user): user is User => user !== undefined);
    return { case: "userPage", value: { users, more: false } };
  },
});

export const getLastSeen = read<"getLastSeen">({
  run({ userIds }, context) {
    requireAdmin(context);
    const { facts, limits, reader } = context;
    if (userIds.length > limits.pageItems) invalid(`Ask for at most ${limits.pageItems} users at once`);
    const lastSeen = userIds.filter((userId) => facts.user(userId) !== undefined).map((userId) => ({
      userId,
      timeMs: Math.max(0, ...reader.sessionsOf(userId).map((session) => session.lastUsedMs)),
    }));
    return { case: "lastSeenPage", value: { lastSeen } };
  },
});

export const setUserRole = write<"setUserRole">({
  first: "userUpdated",
  decide(body, context) {
    requireAdmin(context);
    const before = requireLowerAccount(context, body.userId);
    const role = requireGivable(context, body.role);
    if (before.role === role) return { events: [], unchanged: DONE };
    requireOtherOwner(context, before);
    const user = { ...before, role };
    return {
      events: [{ stream: SERVER_STREAM, body: { case: "userUpdated", value: { user } } }],
      grows: () => false,
    };
  },
});

export const setUserDisabled = write<"setUserDisabled">({
  first: "userUpdated",
  decide({ userId, disabled }, context) {
    requireAdmin(context);
    const before = requireLowerAccount(context, userId);
    if (before.disabled === disabled) return { events: [], unchanged: DONE };
    if (disabled) requireOtherOwner(context, before);
    const user = { ...before, disabled };
    const sessions = disabled ? context.facts.sessionsOf(userId) : [];
    return {
      events: [
        { stream: SERVER_STREAM, body: { case: "userUpdated", value: { user } } },
        ...endEvents(userId, sessions.map((session) => session.id)),
        ...successionEvents(context, user),
      ],
      grows: () => !disabled,
    };
  },
});
