import { ChatError, Code } from "../error.ts";
import type { Event } from "../event.ts";
import { ChannelKind, ChannelRole } from "../model.ts";
import type { Result } from "../reply.ts";
import { checkLine, checkName } from "../text.ts";
import { joinEvents, requireAccount, requireMember, requireRoomFor } from "./rules.ts";
import { type Context, write } from "./spec.ts";

export const createChannel = write<"createChannel">({
  first: "channelCreated",
  check(body, limits) {
    checkName(body.name, limits);
    checkLine(body.topic, { what: "Topic", bytesMax: limits.topicBytes });
  },
  decide(body, context) {
    const { id: creatorId } = requireAccount(context);
    requireRoomFor(context, creatorId);
    requireFreeName(context, body.name);
    const channel = {
      id: context.newId(),
      kind: body.private ? ChannelKind.PRIVATE : ChannelKind.PUBLIC,
      name: body.name,
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

/** Refuses a channel name that is in use. Private channels share the name space. */
export function requireFreeName(context: Context, name: string): void {
  if (context.facts.channelByName(name)) {
    throw new ChatError(Code.ALREADY_EXISTS, "Channel name not available: choose another");
  }
}
