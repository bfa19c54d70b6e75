/** Every command by its name in proto/rookery/v1/command.proto. @module */
import type { Command } from "../command.ts";
import { invalid } from "../error.ts";
import {
  addUser,
  getLastSeen,
  getUsers,
  listUsers,
  register,
  setUserDisabled,
  setUserRole,
  updateProfile,
} from "./accounts.ts";
import { createChannel, listChannels, setChannelArchived, updateChannel } from "./channels.ts";
import type { Spec, SpecTable } from "./definition.ts";
import { openDirect } from "./directs.ts";
import { checkInvite, createInvite, listInvites, revokeInvite } from "./invites.ts";
import {
  addMember,
  banMember,
  joinChannel,
  leaveChannel,
  listBans,
  listMembers,
  removeMember,
  setMemberRole,
  unbanMember,
} from "./members.ts";
import { deleteMessage, editMessage, getHistory, sendMessage } from "./messages.ts";
import { changePassword, resetPassword } from "./passwords.ts";
import { listPins, pinMessage, unpinMessage } from "./pins.ts";
import { addReaction, removeReaction } from "./reactions.ts";
import { markRead } from "./reading.ts";
import { getServerInfo, updateServer } from "./server.ts";
import { listSessions, login, logout, revokeSessions } from "./sessions.ts";

const live = { kind: "live" } as const;

export const COMMANDS: SpecTable = {
  open: live,
  ping: live,
  watch: live,
  setTyping: live,
  setPresence: live,

  getServerInfo,
  register,
  login,
  logout,
  listSessions,
  revokeSessions,
  changePassword,
  updateProfile,
  checkInvite,
  updateServer,

  listUsers,
  getUsers,
  setUserRole,
  setUserDisabled,
  createInvite,
  listInvites,
  revokeInvite,
  addUser,
  resetPassword,
  getLastSeen,

  createChannel,
  openDirect,
  updateChannel,
  setChannelArchived,
  listChannels,
  joinChannel,
  leaveChannel,
  addMember,
  removeMember,
  banMember,
  unbanMember,
  setMemberRole,
  listMembers,
  listBans,

  sendMessage,
  editMessage,
  deleteMessage,
  addReaction,
  removeReaction,
  getHistory,
  markRead,
  pinMessage,
  unpinMessage,
  listPins,
};

/** Throws invalid_argument for a command that this server does not know. */
export function specOf(command: Command): Spec<unknown> {
  const spec: Spec<never> | undefined = COMMANDS[command.body.case];
  return spec as Spec<unknown> | undefined ?? invalid("Command not known to this server");
}
