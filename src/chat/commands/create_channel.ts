import { ChatError, Code, denied, unmet } from "../error.ts";
import type { Event } from "../event.ts";
import { ChannelKind, ChannelRole, DEFAULT_CHANNEL, ServerRole } from "../model.ts";
import type { Result } from "../reply.ts";
import { checkLine, normalChannelName } from "../text.ts";
import { joinEvents, requireAccount, requireMember, requireRoomFor, serverRole, spend } from "./rules.ts";
import { NEW_CHANNEL } from "../work.ts";
import { type Context, write } from "./spec.ts";

export const createChannel = write<"createChannel">({
  first: "channelCreated",
  foreseen: () => NEW_CHANNEL,
  check(body, limits) {
    normalChannelName(body.name, limits);
    checkLine(body.topic, { what: "Topic", bytesMax: limits.topicBytes });
  },
  decide(body, context) {
    const { id: creatorId } = requireAccount(context);
    requireRoomFor(context, creatorId);
    const { channelsMadePerUser } = context.limits;
    if (context.facts.channelsMade(creatorId) >= channelsMadePerUser) {
      unmet(`One user can make at most ${channelsMadePerUser} channels: somebody else has to make this one`);
    }
    const kind = body.private ? ChannelKind.PRIVATE : ChannelKind.PUBLIC;
    const name = normalChannelName(body.name, context.limits);
    requireFreeName(context, kind, name);
    spend(context, "channels");
    const channel = {
      id: context.newId(),
      kind,
      name,
      topic: body.topic,
      archived: false,
      creatorId,
      directUserIds: [],
    };
    return {
      events: [
        { stream: channel.id, body: { case: "channelCreated", value: { channel } } },
        ...joinEvents(channel.id, creatorId, ChannelRole.OWNER),
      ],
    };
  },
  result: channelResult,
});

/** The channel that the first event tells of; where it only names one, the channel as it is now. */
export function channelResult(first: Event, context: Context): Result {
  const channel = context.facts.channel(first.stream);
  // A retry may come from somebody who is no longer a member.
  if (channel?.kind !== ChannelKind.PUBLIC) requireMember(context, first.stream);
  if (first.body.case === "channelCreated") return { case: "channel", value: first.body.value.channel };
  return { case: "channel", value: channel! };
}

/**
 * Refuses the name of a channel that the caller can see. Others may have private
 * ones of that name: to say so would tell of them.
 */
export function requireFreeName(context: Context, kind: ChannelKind, name: string): void {
  const { facts, principal } = context;
  if (facts.channelByName(name) || facts.privateChannels(principal.userId, name).length > 0) {
    throw new ChatError(Code.ALREADY_EXISTS, "Channel name not available: choose another");
  }
  if (kind === ChannelKind.PUBLIC && name === DEFAULT_CHANNEL && serverRole(context) < ServerRole.ADMIN) {
    denied("Only admins of the server may give a public channel this name: every new account joins it");
  }
}
