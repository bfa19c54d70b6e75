/** What happens in a channel besides messages, in words. @module */
import { type Event, LeaveReason } from "../../client/mod.ts";
import type { Names } from "./names.ts";
import { neutralLine } from "./text.ts";

/** Undefined for what needs no words. */
export function noticeOf({ body, actorId }: Event, names: Names): string | undefined {
  const actor = names.user(actorId);
  switch (body.case) {
    case "memberJoined": {
      const user = names.user(body.value.userId);
      return body.value.userId === actorId ? `${user} joined` : `${actor} brought ${user} in`;
    }
    case "memberLeft": {
      const user = names.user(body.value.userId);
      if (body.value.reason === LeaveReason.REMOVED) return `${actor} removed ${user}`;
      if (body.value.reason === LeaveReason.BANNED) return `${actor} banned ${user}`;
      return `${user} left`;
    }
    case "memberRoleChanged":
      return `${actor} gave ${names.user(body.value.userId)} another role`;
    case "memberUnbanned":
      return `${actor} lets ${names.user(body.value.userId)} come back`;
    case "channelUpdated": {
      const { name = "", topic = "", archived = false } = body.value.channel ?? {};
      return `${actor} changed the channel: #${neutralLine(name)}${archived ? " (archived)" : ""} ${
        neutralLine(topic)
      }`
        .trimEnd();
    }
    case "messagePinned":
      return `${actor} pinned message ${body.value.messageSeq}`;
    case "messageUnpinned":
      return `${actor} unpinned message ${body.value.messageSeq}`;
    default:
      return undefined;
  }
}
