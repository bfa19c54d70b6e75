/** What an invite is worth: never more than its maker's present rights. @module */
import {
  ChannelKind,
  type Invite,
  InviteState,
  OPERATOR,
  Registration,
  ServerRole,
  SYSTEM_USER_ID,
} from "../model.ts";
import type { AccountReader } from "../ports.ts";
import { mayGive } from "./accounts.ts";
import { type Asker, placeIn } from "./rules.ts";
import type { Context } from "./spec.ts";

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
export function isUsable(context: Context, invite: Invite): boolean {
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
export function channelsFor(asker: Asker, { channelIds }: Invite): number[] {
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
