/**
 * What a client can ask for, as plain data. Names equal those of
 * proto/rookery/v1/command.proto.
 *
 * @module
 */
import type { ChannelRole, ServerRole } from "./model.ts";

export interface CommandBodies {
  open: { epoch: string; cursors: { stream: number; seq: number }[]; away: boolean };
  ping: Record<never, never>;
  watch: { ids: number[] };
  setTyping: { channelId: number };
  setPresence: { away: boolean };

  getServerInfo: Record<never, never>;
  register: {
    name: string;
    password: string;
    displayName: string;
    inviteCode: string;
    device: string;
    cookie: boolean;
  };
  login: { name: string; password: string; device: string; cookie: boolean; deviceCredential: string };
  logout: Record<never, never>;
  listSessions: Record<never, never>;
  revokeSessions: { sessionId: number; allOthers: boolean };
  changePassword: { oldPassword: string; newPassword: string };
  updateProfile: { displayName: string };
  checkInvite: { inviteCode: string };
  updateServer: { name: string };

  listUsers: { prefix: string; after: string; limit: number };
  getUsers: { ids: number[] };
  setUserRole: { userId: number; role: ServerRole | 0 };
  setUserDisabled: { userId: number; disabled: boolean };
  createInvite: {
    role: ServerRole | 0;
    uses: number;
    validS: number;
    channelIds: number[];
    /** Instead of a time to end: the invite is void as soon as the server has an owner. Not on the wire. */
    untilOwned?: true;
  };
  listInvites: { after: number; limit: number };
  revokeInvite: { inviteId: number };
  addUser: { name: string; password: string; displayName: string; role: ServerRole | 0 };
  resetPassword: { userId: number; password: string };
  getLastSeen: { userIds: number[] };

  createChannel: { name: string; topic: string; private: boolean };
  openDirect: { userIds: number[] };
  updateChannel: { channelId: number; name?: string; topic?: string };
  setChannelArchived: { channelId: number; archived: boolean };
  listChannels: { prefix: string; after: string; limit: number; includeArchived: boolean };
  joinChannel: { channelId: number };
  leaveChannel: { channelId: number };
  addMember: { channelId: number; userId: number };
  removeMember: { channelId: number; userId: number };
  banMember: { channelId: number; userId: number };
  unbanMember: { channelId: number; userId: number };
  setMemberRole: { channelId: number; userId: number; role: ChannelRole | 0 };
  listMembers: { channelId: number; after: number; limit: number };
  listBans: { channelId: number; after: number; limit: number };

  sendMessage: { channelId: number; text: string; replyTo: number };
  editMessage: { channelId: number; messageSeq: number; text: string };
  deleteMessage: { channelId: number; messageSeq: number };
  addReaction: { channelId: number; messageSeq: number; emoji: string };
  removeReaction: { channelId: number; messageSeq: number; emoji: string };
  getHistory: {
    channelId: number;
    position:
      | { case: "before"; value: number }
      | { case: "after"; value: number }
      | { case: "around"; value: number }
      | { case: undefined; value?: undefined };
    limit: number;
  };
  markRead: { channelId: number; seq: number };
}

export type CommandCase = keyof CommandBodies;

/** One command's name and content. */
export type CommandBody = { [C in CommandCase]: { case: C; value: CommandBodies[C] } }[CommandCase];

/** One request. */
export interface Command {
  /** Echoed in the reply; 0 asks for none. */
  readonly id: number;
  /** Client's own name for a durable change; empty when it has none. */
  readonly key: string;
  readonly body: CommandBody;
}

/** A command's body by its name, for callers that make commands by hand. */
export function commandOf(body: CommandBody, options: { id?: number; key?: string } = {}): Command {
  return { id: options.id ?? 0, key: options.key ?? "", body };
}
