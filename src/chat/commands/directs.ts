/** Direct conversations. @module */
import { invalid, unmet } from "../error.ts";
import type { DraftEvent } from "../event.ts";
import { ChannelKind, ChannelRole } from "../model.ts";
import { NEW_CHANNEL } from "../work.ts";
import { joinEvents, requireAccount, requireUser, spend } from "./authorisation.ts";
import { channelResult } from "./channels.ts";
import { write } from "./definition.ts";

export const openDirect = write<"openDirect">({
  first: "channelCreated",
  foreseen: () => NEW_CHANNEL,
  check(body, limits) {
    if (body.userIds.length === 0 || body.userIds.length >= limits.directUsers) {
      invalid(`Conversation not opened: name 1 to ${limits.directUsers - 1} other people`);
    }
  },
  decide(body, context) {
    const { id: creatorId } = requireAccount(context);
    const userIds = [...new Set([creatorId, ...body.userIds])].sort((a, b) => a - b);
    if (userIds.length < 2) invalid("Conversation not opened: name somebody else");
    const existing = context.facts.directChannel(userIds);
    if (existing) return { events: [], unchanged: { case: "channel", value: existing } };
    for (const userId of userIds) {
      if (requireUser(context, userId).disabled) unmet("Conversation not opened: an account is disabled");
    }
    const { directsOpenedPerUser } = context.limits;
    // Nobody can leave one, so what others open must take nothing from those who are drawn in.
    if (context.facts.directsOpened(creatorId) >= directsOpenedPerUser) {
      unmet(`One user can open at most ${directsOpenedPerUser} direct conversations: make a channel instead`);
    }
    spend(context, "directs");
    const channel = {
      id: context.newId(),
      kind: ChannelKind.DIRECT,
      name: "",
      topic: "",
      archived: false,
      creatorId,
      directUserIds: userIds,
    };
    const created: DraftEvent = { stream: channel.id, body: { case: "channelCreated", value: { channel } } };
    return {
      events: [created, ...userIds.flatMap((userId) => joinEvents(channel.id, userId, ChannelRole.MEMBER))],
    };
  },
  result: channelResult,
});
