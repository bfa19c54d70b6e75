/** How each command travels. @module */
import type { CommandCase } from "../wire/client_codec.ts";

/**
 * - `durable`: kept in the outbox until it is answered.
 * - `secret`: the same, but never given to the outbox's store.
 * - `read`: asked once, on the present connection.
 * - `http`: not over a socket.
 * - `link`: the connection's own business.
 */
export type CallKind = "durable" | "secret" | "read" | "http" | "link";

export const CALL_KINDS = {
  open: "link",
  ping: "read",
  watch: "read",
  setTyping: "read",
  setPresence: "read",
  getServerInfo: "read",
  register: "http",
  login: "http",
  logout: "http",
  listSessions: "read",
  revokeSessions: "durable",
  changePassword: "secret",
  updateProfile: "durable",
  checkInvite: "read",
  updateServer: "durable",
  listUsers: "read",
  getUsers: "read",
  setUserRole: "durable",
  setUserDisabled: "durable",
  createInvite: "durable",
  listInvites: "read",
  revokeInvite: "durable",
  addUser: "secret",
  resetPassword: "secret",
  getLastSeen: "read",
  createChannel: "durable",
  openDirect: "durable",
  updateChannel: "durable",
  setChannelArchived: "durable",
  listChannels: "read",
  joinChannel: "durable",
  leaveChannel: "durable",
  addMember: "durable",
  removeMember: "durable",
  banMember: "durable",
  unbanMember: "durable",
  setMemberRole: "durable",
  listMembers: "read",
  listBans: "read",
  sendMessage: "durable",
  editMessage: "durable",
  deleteMessage: "durable",
  addReaction: "durable",
  removeReaction: "durable",
  getHistory: "read",
  markRead: "durable",
} as const satisfies Record<CommandCase, CallKind>;
