/** A method for each command. @module */
import type {
  Channel,
  ChannelPage,
  ChannelRole,
  CommandCase,
  CommandInit,
  CommandResult,
  Invite,
  InvitePage,
  LastSeenPage,
  MemberPage,
  MessagePage,
  PinPage,
  ServerRole,
  SessionPage,
  Stored,
  User,
  UserPage,
} from "../wire/client_codec.ts";
import { RookeryError } from "./error.ts";

/** How a command is called. */
export interface CallOptions {
  /** Idempotency key of a durable command; a new one when left out. */
  readonly key?: string | undefined;
  /** Gives it up: it may have been done all the same. */
  readonly signal?: AbortSignal | undefined;
  /** How long to wait for the answer to a read, milliseconds. */
  readonly timeoutMs?: number | undefined;
}

/** A message's name; every Message is one. */
export interface MessageRef {
  readonly channelId: number;
  readonly seq: number;
}

/** Somebody's place in a channel. */
export interface MemberRef {
  readonly channelId: number;
  readonly userId: number;
}

/** A page by name. */
export interface NamePage extends CallOptions {
  readonly prefix?: string;
  readonly after?: string;
  readonly limit?: number;
}

/** A page by number. */
export interface NumberPage extends CallOptions {
  readonly after?: number;
  readonly limit?: number;
}

/** Where a page of history lies; the newest page without a position. At most one position may be given. */
export interface HistoryPage extends CallOptions {
  readonly before?: number;
  readonly after?: number;
  readonly around?: number;
  readonly limit?: number;
}

/**
 * Durable commands resolve when they are stored, whatever happens to the
 * connection meanwhile, and reject with RookeryError when they are refused.
 * Where nothing had to change, Stored has seq 0. Reads reject with code
 * unavailable when there is no connection or no answer in time.
 */
export abstract class Commands {
  /** Any command by its name in the wire contract. */
  abstract call<C extends CommandCase>(
    name: C,
    body: CommandInit<C>,
    options?: CallOptions,
  ): Promise<CommandResult<C>>;

  /** Writes a message; Stored.seq names it. */
  sendMessage(
    channelId: number,
    text: string,
    { replyTo = 0, ...options }: CallOptions & { replyTo?: number } = {},
  ): Promise<Stored> {
    return this.call("sendMessage", { channelId, text, replyTo }, options);
  }

  editMessage(message: MessageRef, text: string, options?: CallOptions): Promise<Stored> {
    return this.call("editMessage", { ...target(message), text }, options);
  }

  deleteMessage(message: MessageRef, options?: CallOptions): Promise<Stored> {
    return this.call("deleteMessage", target(message), options);
  }

  addReaction(message: MessageRef, emoji: string, options?: CallOptions): Promise<Stored> {
    return this.call("addReaction", { ...target(message), emoji }, options);
  }

  removeReaction(message: MessageRef, emoji: string, options?: CallOptions): Promise<Stored> {
    return this.call("removeReaction", { ...target(message), emoji }, options);
  }

  /** For moderators and owners of the channel, in a direct conversation for everybody. */
  pinMessage(message: MessageRef, options?: CallOptions): Promise<Stored> {
    return this.call("pinMessage", target(message), options);
  }

  unpinMessage(message: MessageRef, options?: CallOptions): Promise<Stored> {
    return this.call("unpinMessage", target(message), options);
  }

  /** Pinned messages, the newest pin first; `before` is the last pin's seq of the page before. */
  listPins(
    channelId: number,
    { before = 0, limit = 0, ...options }: CallOptions & { before?: number; limit?: number } = {},
  ): Promise<PinPage> {
    return this.call("listPins", { channelId, before, limit }, options);
  }

  /** A page of messages, oldest first. One that continues what the replica holds is taken into it. */
  history(channelId: number, page: HistoryPage = {}): Promise<MessagePage> {
    const { before, after, around, limit = 0, ...options } = page;
    if ([before, after, around].filter((seq) => seq !== undefined).length > 1) {
      const message = "A page of history lies before, after or around a message: give one of the three";
      return Promise.reject(new RookeryError("invalid_argument", message));
    }
    const position = before !== undefined
      ? { case: "before" as const, value: before }
      : after !== undefined
      ? { case: "after" as const, value: after }
      : around !== undefined
      ? { case: "around" as const, value: around }
      : { case: undefined };
    return this.call("getHistory", { channelId, position, limit }, options);
  }

  /** Marks a channel as read up to an event. */
  markRead(channelId: number, seq: number, options?: CallOptions): Promise<Stored> {
    return this.call("markRead", { channelId, seq }, options);
  }

  createChannel(
    name: string,
    { topic = "", private: isPrivate = false, ...options }: CallOptions & {
      topic?: string;
      private?: boolean;
    } = {},
  ): Promise<Channel> {
    return this.call("createChannel", { name, topic, private: isPrivate }, options);
  }

  /** Opens the conversation with these users, or finds it. */
  openDirect(userIds: readonly number[], options?: CallOptions): Promise<Channel> {
    return this.call("openDirect", { userIds: [...userIds] }, options);
  }

  /** Changes name or topic; what is left out stays. */
  updateChannel(
    channelId: number,
    changes: { readonly name?: string; readonly topic?: string },
    options?: CallOptions,
  ): Promise<Stored> {
    return this.call("updateChannel", { channelId, ...changes }, options);
  }

  setChannelArchived(channelId: number, archived: boolean, options?: CallOptions): Promise<Stored> {
    return this.call("setChannelArchived", { channelId, archived }, options);
  }

  joinChannel(channelId: number, options?: CallOptions): Promise<Channel> {
    return this.call("joinChannel", { channelId }, options);
  }

  leaveChannel(channelId: number, options?: CallOptions): Promise<Stored> {
    return this.call("leaveChannel", { channelId }, options);
  }

  addMember(channelId: number, userId: number, options?: CallOptions): Promise<Stored> {
    return this.call("addMember", { channelId, userId }, options);
  }

  removeMember(channelId: number, userId: number, options?: CallOptions): Promise<Stored> {
    return this.call("removeMember", { channelId, userId }, options);
  }

  banMember(channelId: number, userId: number, options?: CallOptions): Promise<Stored> {
    return this.call("banMember", { channelId, userId }, options);
  }

  unbanMember(channelId: number, userId: number, options?: CallOptions): Promise<Stored> {
    return this.call("unbanMember", { channelId, userId }, options);
  }

  setMemberRole(member: MemberRef, role: ChannelRole, options?: CallOptions): Promise<Stored> {
    const { channelId, userId } = member;
    return this.call("setMemberRole", { channelId, userId, role }, options);
  }

  /** Public channels, by name. */
  listChannels(page: NamePage & { readonly includeArchived?: boolean } = {}): Promise<ChannelPage> {
    const { prefix = "", after = "", limit = 0, includeArchived = false, ...options } = page;
    return this.call("listChannels", { prefix, after, limit, includeArchived }, options);
  }

  /** Members of a channel, by number of the user. */
  listMembers(channelId: number, page: NumberPage = {}): Promise<MemberPage> {
    const { after = 0, limit = 0, ...options } = page;
    return this.call("listMembers", { channelId, after, limit }, options);
  }

  /** Users who are banned from a channel, by number. */
  listBans(channelId: number, page: NumberPage = {}): Promise<MemberPage> {
    const { after = 0, limit = 0, ...options } = page;
    return this.call("listBans", { channelId, after, limit }, options);
  }

  /** Users, by name. */
  listUsers(page: NamePage = {}): Promise<UserPage> {
    const { prefix = "", after = "", limit = 0, ...options } = page;
    return this.call("listUsers", { prefix, after, limit }, options);
  }

  /** Users by number, one page at most; unknown numbers are left out. */
  getUsers(ids: readonly number[], options?: CallOptions): Promise<UserPage> {
    return this.call("getUsers", { ids: [...ids] }, options);
  }

  /** Gives the server another name; empty for the program's own. Rejects with failed_precondition while its configuration sets one. */
  updateServer(name: string, options?: CallOptions): Promise<Stored> {
    return this.call("updateServer", { name }, options);
  }

  updateProfile(displayName: string, options?: CallOptions): Promise<Stored> {
    return this.call("updateProfile", { displayName }, options);
  }

  /** Ends every other session of the user's. */
  changePassword(oldPassword: string, newPassword: string, options?: CallOptions): Promise<Stored> {
    return this.call("changePassword", { oldPassword, newPassword }, options);
  }

  /** The user's sessions, newest first. */
  sessions(options?: CallOptions): Promise<SessionPage> {
    return this.call("listSessions", {}, options);
  }

  /** Ends one session of the user's, or all but this one. */
  revokeSessions(
    which: { readonly sessionId: number } | { readonly allOthers: true },
    options?: CallOptions,
  ): Promise<Stored> {
    return this.call("revokeSessions", which, options);
  }

  setUserRole(userId: number, role: ServerRole, options?: CallOptions): Promise<Stored> {
    return this.call("setUserRole", { userId, role }, options);
  }

  setUserDisabled(userId: number, disabled: boolean, options?: CallOptions): Promise<Stored> {
    return this.call("setUserDisabled", { userId, disabled }, options);
  }

  /** Creates an account without a session. */
  addUser(account: CommandInit<"addUser">, options?: CallOptions): Promise<User> {
    return this.call("addUser", account, options);
  }

  resetPassword(userId: number, password: string, options?: CallOptions): Promise<Stored> {
    return this.call("resetPassword", { userId, password }, options);
  }

  /** When users were last here, for admins; one page at most. */
  lastSeen(userIds: readonly number[], options?: CallOptions): Promise<LastSeenPage> {
    return this.call("getLastSeen", { userIds: [...userIds] }, options);
  }

  /** Makes an invite link; `validS` is in seconds. */
  createInvite(invite: CommandInit<"createInvite"> = {}, options?: CallOptions): Promise<Invite> {
    return this.call("createInvite", invite, options);
  }

  /** A page of the invites that can still be used, newest first. */
  listInvites(page: NumberPage = {}): Promise<InvitePage> {
    const { after = 0, limit = 0, ...options } = page;
    return this.call("listInvites", { after, limit }, options);
  }

  revokeInvite(inviteId: number, options?: CallOptions): Promise<Stored> {
    return this.call("revokeInvite", { inviteId }, options);
  }
}

function target({ channelId, seq }: MessageRef): { channelId: number; messageSeq: number } {
  return { channelId, messageSeq: seq };
}
