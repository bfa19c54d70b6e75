import { ChannelRole } from "../model.ts";
import { DONE } from "../reply.ts";
import { checkLine, normalChannelName } from "../text.ts";
import { requireFreeName } from "./create_channel.ts";
import { requireManager } from "./rules.ts";
import { write } from "./spec.ts";

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
