/** Every command by its name in proto/rookery/v1/command.proto. @module */
import type { Command } from "../command.ts";
import { invalid } from "../error.ts";
import { addMember } from "./add_member.ts";
import { addReaction } from "./add_reaction.ts";
import { addUser } from "./add_user.ts";
import { banMember } from "./ban_member.ts";
import { changePassword } from "./change_password.ts";
import { checkInvite } from "./check_invite.ts";
import { createChannel } from "./create_channel.ts";
import { createInvite } from "./create_invite.ts";
import { deleteMessage } from "./delete_message.ts";
import { editMessage } from "./edit_message.ts";
import { getHistory } from "./get_history.ts";
import { getLastSeen } from "./get_last_seen.ts";
import { getServerInfo } from "./get_server_info.ts";
import { getUsers } from "./get_users.ts";
import { joinChannel } from "./join_channel.ts";
import { leaveChannel } from "./leave_channel.ts";
import { listBans } from "./list_bans.ts";
import { listChannels } from "./list_channels.ts";
import { listInvites } from "./list_invites.ts";
import { listMembers } from "./list_members.ts";
import { listSessions } from "./list_sessions.ts";
import { listUsers } from "./list_users.ts";
import { login } from "./login.ts";
import { logout } from "./logout.ts";
import { markRead } from "./mark_read.ts";
import { openDirect } from "./open_direct.ts";
import { register } from "./register.ts";
import { removeMember } from "./remove_member.ts";
import { removeReaction } from "./remove_reaction.ts";
import { resetPassword } from "./reset_password.ts";
import { revokeInvite } from "./revoke_invite.ts";
import { revokeSessions } from "./revoke_sessions.ts";
import { sendMessage } from "./send_message.ts";
import { setChannelArchived } from "./set_channel_archived.ts";
import { setMemberRole } from "./set_member_role.ts";
import { setUserDisabled } from "./set_user_disabled.ts";
import { setUserRole } from "./set_user_role.ts";
import type { Spec, SpecTable } from "./spec.ts";
import { unbanMember } from "./unban_member.ts";
import { updateChannel } from "./update_channel.ts";
import { updateProfile } from "./update_profile.ts";
import { updateServer } from "./update_server.ts";

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
};

/** Throws invalid_argument for a command that this server does not know. */
export function specOf(command: Command): Spec<unknown> {
  const spec: Spec<never> | undefined = COMMANDS[command.body.case];
  return spec as Spec<unknown> | undefined ?? invalid("Command not known to this server");
}
