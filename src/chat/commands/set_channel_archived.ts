import { ChannelRole } from "../model.ts";
import { DONE } from "../reply.ts";
import { requireManager } from "./rules.ts";
import { write } from "./spec.ts";

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
