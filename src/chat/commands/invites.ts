/** What an invite is worth: never more than its maker's present rights. @module */
import { ChannelKind, type Invite, OPERATOR, SYSTEM_USER_ID } from "../model.ts";
import { mayGive } from "./accounts.ts";
import { type Asker, placeIn } from "./rules.ts";
import type { Context } from "./spec.ts";

/** Whether the invite can be used now. */
export function isUsable(context: Context, invite: Invite): boolean {
  if (invite.usesLeft <= 0 || !mayGive(makerOf(context, invite), invite.role)) return false;
  // The link that claims a new server has no other end than its first owner.
  if (invite.expiresMs === 0) return context.facts.ownerCount() === 0;
  return invite.expiresMs > context.now();
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
  const principal = creatorId === SYSTEM_USER_ID ? OPERATOR : { userId: creatorId, sessionId: 0 };
  return { principal, facts };
}
