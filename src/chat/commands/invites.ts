/** Invites. One is worth no more than its maker's present rights. @module */
import type { CommandBodies } from "../command.ts";
import { invalid, notFound } from "../error.ts";
import {
  ChannelKind,
  type Invite,
  InviteState,
  OPERATOR,
  Registration,
  SERVER_STREAM,
  ServerRole,
  SYSTEM_USER_ID,
} from "../model.ts";
import type { AccountReader } from "../ports.ts";
import {
  type Asker,
  beforeStore,
  mayGive,
  placeIn,
  requireAdmin,
  requireGivable,
  requireManager,
} from "./authorisation.ts";
import { type Context, page, read, write } from "./definition.ts";

/** A page may need several of these: not everybody is shown every invite. */
const READ_ROWS = 256;

type Refusal = Exclude<InviteState, typeof InviteState.USABLE>;

/** Why an invite does not let its holder in, and what to do. */
export const REFUSALS: Readonly<Record<Refusal, string>> = {
  [InviteState.UNKNOWN]: "The invite is not one of this server: open the whole link, or ask for a new one",
  [InviteState.REVOKED]: "The invite was taken back: ask for a new one",
  [InviteState.EXPIRED]: "The invite has expired: ask for a new one",
  [InviteState.USED_UP]: "The invite is used up: ask for a new one",
  [InviteState.OWNED]: "The server has an owner by now: log in, or ask for an invite",
  [InviteState.CLOSED]: "Registration is closed: ask the operator for an account",
};

/** The invite of a code, if it lets its holder in now; otherwise why not. */
export function inviteOf(
  context: Context,
  code: string,
): { state: typeof InviteState.USABLE; invite: Invite } | { state: Refusal; invite?: undefined } {
  const id = context.secrets.readInviteCode(code);
  if (id === undefined) return { state: InviteState.UNKNOWN };
  const invite = context.facts.invite(id);
  if (!invite) return { state: InviteState.REVOKED };
  const state = standing(context, invite);
  if (state !== InviteState.USABLE) return { state };
  if (context.registration === Registration.CLOSED && invite.role !== ServerRole.OWNER) {
    return { state: InviteState.CLOSED };
  }
  return { state, invite };
}

/**
 * Invites that were not revoked, used up or expired at `nowMs`, newest first, behind the one of this number; from the
 * newest for 0. The others stay in the table, since the log's events are read with it, and nobody is shown them.
 */
export function* invitesAfter(
  reader: Pick<AccountReader, "invites">,
  { after, nowMs }: { readonly after: number; readonly nowMs: number },
): Generator<Invite, void, undefined> {
  for (let last = after;;) {
    const found = reader.invites({ after: last, limit: READ_ROWS, nowMs });
    yield* found;
    if (found.length < READ_ROWS) return;
    last = found.at(-1)!.id;
  }
}

/** Whether the invite can be used now, whatever the server's registration. */
function isUsable(context: Context, invite: Invite): boolean {
  return standing(context, invite) === InviteState.USABLE;
}

function standing(context: Context, invite: Invite): InviteState {
  // The link that claims a new server has no other end than its first owner.
  const claims = invite.expiresMs === 0;
  if (claims && context.facts.ownerCount() > 0) return InviteState.OWNED;
  if (invite.usesLeft <= 0) return InviteState.USED_UP;
  if (!mayGive(makerOf(context, invite), invite.role)) return InviteState.REVOKED;
  return claims || invite.expiresMs > context.now() ? InviteState.USABLE : InviteState.EXPIRED;
}

/** Channels of the invite to which its maker may still add people. */
export function openChannels(context: Context, invite: Invite): number[] {
  return channelsFor(makerOf(context, invite), invite);
}

/** Channels of an invite to which somebody may add people. */
function channelsFor(asker: Asker, { channelIds }: Invite): number[] {
  return channelIds.filter((channelId) => {
    const place = placeIn(asker, channelId);
    return place !== undefined && place.channel.kind !== ChannelKind.DIRECT;
  });
}

function makerOf({ facts }: Context, { creatorId }: Invite): Asker {
  const principal = creatorId === SYSTEM_USER_ID
    ? OPERATOR
    : { kind: "user", userId: creatorId, sessionId: 0 } as const;
  return { principal, facts };
}

const DEFAULT_VALID_S = 7 * 24 * 3600;

/** Whether it is for the first owner of a new server: such an invite ends with them, and not with a time. */
function claims({ facts, principal }: Context, { role, validS }: CommandBodies["createInvite"]): boolean {
  return principal.kind === "operator" && role === ServerRole.OWNER && validS === 0 &&
    facts.ownerCount() === 0;
}

export const createInvite = write<"createInvite">({
  first: "inviteCreated",
  check(body, limits) {
    if (body.uses > limits.inviteUses) invalid(`An invite has at most ${limits.inviteUses} uses`);
    if (body.channelIds.length > limits.pageItems) {
      invalid(`At most ${limits.pageItems} channels for one invite`);
    }
  },
  decide(body, context) {
    requireAdmin(context);
    const role = requireGivable(context, body.role);
    for (const channelId of body.channelIds) requireManager(context, channelId, 1);
    const invite = {
      id: context.newId(),
      role,
      usesLeft: body.uses === 0 ? 1 : body.uses,
      expiresMs: claims(context, body)
        ? 0
        : context.now() + (body.validS === 0 ? DEFAULT_VALID_S : body.validS) * 1000,
      creatorId: context.principal.userId,
      channelIds: [...new Set(body.channelIds)],
    };
    return {
      events: [{
        stream: SERVER_STREAM,
        body: { case: "inviteCreated", value: { inviteId: invite.id, invite } },
      }],
    };
  },
  result(first, context) {
    if (first.body.case !== "inviteCreated") throw new TypeError("Not the event of a new invite");
    const { inviteId, invite } = first.body.value;
    return { case: "invite", value: { ...invite, code: context.secrets.inviteCode(inviteId) } };
  },
});

export const listInvites = read<"listInvites">({
  run({ after, limit }, context) {
    requireAdmin(context);
    const asker = beforeStore(context);
    requireAdmin(asker);
    // A link to a role that one may not give would be a ladder.
    const shown = (invite: Invite) => isUsable(context, invite) && mayGive(asker, invite.role);
    const found = page(
      limit,
      context.limits,
      (rows) =>
        invitesAfter(context.reader, { after, nowMs: context.now() }).filter(shown).take(rows).toArray(),
    );
    const invites = found.rows.map((invite) => {
      const channelIds = channelsFor(asker, invite);
      // Nor is a link shown that leads into channels which the caller could not have opened.
      const whole = channelIds.length === invite.channelIds.length;
      return { ...invite, channelIds, code: whole ? context.secrets.inviteCode(invite.id) : "" };
    });
    return { case: "invitePage", value: { invites, more: found.more } };
  },
});

export const checkInvite = read<"checkInvite">({
  access: "anyone",
  run({ inviteCode }, context) {
    // Before the code is read: who guesses without end is not told of the one that is right either.
    const admission = context.throttle.admit({ address: context.address });
    const { state, invite } = inviteOf(context, inviteCode);
    if (state !== InviteState.UNKNOWN) admission.withdraw();
    if (state !== InviteState.USABLE) {
      return { case: "inviteCheck", value: { state, reason: REFUSALS[state], role: 0, firstOwner: false } };
    }
    const firstOwner = invite.role === ServerRole.OWNER && context.facts.ownerCount() === 0;
    return { case: "inviteCheck", value: { state, reason: "", role: invite.role, firstOwner } };
  },
});

export const revokeInvite = write<"revokeInvite">({
  first: "inviteRevoked",
  decide({ inviteId }, context) {
    requireAdmin(context);
    const invite = context.facts.invite(inviteId);
    if (!invite || !mayGive(context, invite.role)) notFound("invite");
    return { events: [{ stream: SERVER_STREAM, body: { case: "inviteRevoked", value: { inviteId } } }] };
  },
});
