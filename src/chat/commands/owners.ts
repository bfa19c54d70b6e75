/** What keeps a channel from being without an owner who can act. @module */
import type { DraftEvent } from "../event.ts";
import { ChannelKind, ChannelRole, type User } from "../model.ts";
import type { Context } from "./spec.ts";

export const ONLY_OWNER = "That is the channel's only owner: make somebody else an owner first";

/** Whether the user is the only owner of the channel whose account is not disabled. */
export function isOnlyOwner(context: Pick<Context, "facts">, channelId: number, userId: number): boolean {
  const able = context.facts.channelOwners(channelId).filter((id) => !context.facts.user(id)?.disabled);
  return able.length === 1 && able[0] === userId;
}

/** Whether the user's going would leave others in the channel without an owner. */
export function leavesOthersAlone(
  context: Pick<Context, "facts">,
  channelId: number,
  userId: number,
): boolean {
  if (!isOnlyOwner(context, channelId, userId)) return false;
  return context.facts.someMember(channelId, (id) => id !== userId && !context.facts.user(id)?.disabled);
}

/**
 * Owners for the user's channels whose owners are all disabled, once the user's
 * account is as given: the moderator, or else the member, with the oldest account.
 */
export function successionEvents(context: Context, user: User): DraftEvent[] {
  const { facts } = context;
  const able = (id: number) => !(id === user.id ? user : facts.user(id))?.disabled;
  const events: DraftEvent[] = [];
  for (const channelId of facts.channelIds(user.id)) {
    if (facts.channel(channelId)?.kind === ChannelKind.DIRECT) continue;
    const owners = facts.channelOwners(channelId);
    if (owners.length === 0 || owners.some(able)) continue;
    const [heir] = facts.members(channelId)
      .filter(({ userId }) => able(userId))
      .sort((a, b) => b.role - a.role || a.userId - b.userId);
    if (!heir) continue;
    const value = { userId: heir.userId, role: ChannelRole.OWNER };
    events.push({ stream: channelId, body: { case: "memberRoleChanged", value } });
  }
  return events;
}
