/** Numbers of the event kinds in the database: those of proto/rookery/v1/event.proto. @module */
import type { EventCase } from "../../chat/event.ts";

export const KIND = {
  messageSent: 10,
  messageEdited: 11,
  messageDeleted: 12,
  reactionAdded: 13,
  reactionRemoved: 14,
  channelCreated: 15,
  channelUpdated: 16,
  memberJoined: 17,
  memberLeft: 18,
  memberRoleChanged: 19,
  memberUnbanned: 20,
  channelGained: 30,
  channelLost: 31,
  readMoved: 32,
  sessionStarted: 33,
  sessionEnded: 34,
  passwordChanged: 35,
  userAdded: 50,
  userUpdated: 51,
  inviteCreated: 52,
  inviteRevoked: 53,
  inviteUsed: 54,
  serverUpdated: 55,
} as const satisfies Record<EventCase, number>;

/** What becomes of the row of a message that is deleted. */
export const TOMBSTONE = 9;
