/** Channels: made, changed, archived, listed. @module */
import { ChatError, Code, denied, unmet } from "../error.ts";
import type { Event } from "../event.ts";
import { ChannelKind, ChannelRole, DEFAULT_CHANNEL, ServerRole } from "../model.ts";
import { DONE, type Result } from "../reply.ts";
import { checkLine, foldName, normalChannelName } from "../validation.ts";
import { NEW_CHANNEL } from "../work.ts";
import {
  joinEvents,
  requireAccount,
  requireManager,
  requireMember,
  requireRoomFor,
  serverRole,
  spend,
} from "./authorisation.ts";
import { type Context, page, read, write } from "./definition.ts";

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
function requireFreeName(context: Context, kind: ChannelKind, name: string): void {
  const { facts, principal } = context;
  if (facts.channelByName(name) || facts.privateChannels(principal.userId, name).length > 0) {
    throw new ChatError(Code.ALREADY_EXISTS, "Channel name not available: choose another");
  }
  if (kind === ChannelKind.PUBLIC && name === DEFAULT_CHANNEL && serverRole(context) < ServerRole.ADMIN) {
    denied("Only admins of the server may give a public channel this name: every new account joins it");
  }
}

export const updateChannel = write<"updateChannel">({
  first: "channelUpdated",
  check(body, limits) {
    if (body.name !== undefined) normalChannelName(body.name, limits);
    if (body.topic !== undefined) checkLine(body.topic, { what: "Topic", bytesMax: limits.topicBytes });
  },
  decide(body, context) {
    const { channel: before } = requireManager(context, body.channelId, ChannelRole.MODERATOR);
    const name = body.name === undefined ? before.name : normalChannelName(body.name, context.limits);
    const channel = { ...before, name, topic: body.topic ?? before.topic };
    if (channel.name !== before.name) requireFreeName(context, channel.kind, channel.name);
    if (channel.name === before.name && channel.topic === before.topic) {
      return { events: [], unchanged: DONE };
    }
    return { events: [{ stream: channel.id, body: { case: "channelUpdated", value: { channel } } }] };
  },
});

export const setChannelArchived = write<"setChannelArchived">({
  first: "channelUpdated",
  decide(body, context) {
    const { channel: before } = requireManager(context, body.channelId, ChannelRole.OWNER);
    if (before.archived === body.archived) return { events: [], unchanged: DONE };
    const channel = { ...before, archived: body.archived };
    return {
      events: [{ stream: channel.id, body: { case: "channelUpdated", value: { channel } } }],
      grows: () => !body.archived,
    };
  },
});

export const listChannels = read<"listChannels">({
  run({ prefix, after, limit, includeArchived }, { reader, limits }) {
    const found = page(
      limit,
      limits,
      (rows) =>
        reader.publicChannels({ prefix: foldName(prefix, limits), after, limit: rows, includeArchived }),
    );
    return { case: "channelPage", value: { channels: found.rows, more: found.more } };
  },
});
