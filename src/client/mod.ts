/**
 * The TypeScript SDK of Rookery, for browsers, Deno and Node 22 or newer.
 *
 * ```ts
 * const { token } = await login("https://chat.example", { name: "ada", password: "…" });
 * const client = new RookeryClient("https://chat.example", { token });
 * await client.live();
 * client.on("message", ({ message }) => console.log(message.text));
 * await client.sendMessage(channelId, "Hello");
 * await client.close();
 * ```
 *
 * The parts: `client.ts` is what programs hold, and `commands.ts` has a method
 * for each command; `conversation.ts` ties the rest together: `link.ts` keeps one `socket.ts` after the other alive, with
 * `heartbeat.ts` and `backoff.ts`; `outbox.ts` holds durable commands until
 * they are answered, `requests.ts` those that only read; `encoder.ts` and
 * `sender.ts` put both into frames within the server's limits; `replica/`
 * folds what comes back into what is held; `timeline.ts` is what a reader
 * looks at who scrolls; `mention_look.ts` knows whom a text will not reach; `events.ts` is the iterator;
 * `http.ts` is the door without a socket, `patience.ts` waits before it, and
 * `obstacle.ts` finds out there why no connection comes about.
 *
 * @module
 */
export { RookeryClient } from "./client.ts";
export type { ClientStats } from "./client.ts";
export type { ClientEvents, ClientOptions } from "./options.ts";
export type { CallOptions, HistoryPage, MemberRef, MessageRef, NamePage, NumberPage } from "./commands.ts";
export type { ClientState } from "./link.ts";
export type { Obstacle } from "./obstacle.ts";
export type { OutboxChange, OutboxEntry, OutboxStore } from "./outbox.ts";
export { RookeryError } from "./error.ts";
export type { RookeryCode } from "./error.ts";
export { Emitter } from "./emitter.ts";
export { EventIterator } from "./events.ts";
export { checkInvite, login, register, request, serverInfo } from "./http.ts";
export type { Credentials, Fetch, LoginOptions, Registrant, RequestOptions } from "./http.ts";
export { MentionLook, roleIn } from "./mention_look.ts";
export type { MentionDoubts, MentionLookOptions } from "./mention_look.ts";
export { Timeline } from "./timeline.ts";
export type { TimelineOptions } from "./timeline.ts";
export { newKey } from "./keys.ts";
export type { Clock } from "./clock.ts";
export type { WebSocketClass, WebSocketLike } from "./socket.ts";
export { SERVER_STREAM } from "./replica/cursors.ts";
export { Replica } from "./replica/replica.ts";
export type { ReplicaOptions } from "./replica/replica.ts";
export type { ChannelChange, ReplicaEvents, ReplicaStats, ResumePoint } from "./replica/events.ts";
export type { ChannelState, MessageChange } from "./replica/channel.ts";
export {
  ChannelKind,
  ChannelRole,
  CloseCode,
  InviteState,
  LeaveReason,
  PresenceState,
  Registration,
  ServerRole,
} from "../wire/client_codec.ts";
/** What events say, by their body's case. */
export type {
  ChannelCreated,
  ChannelGained,
  ChannelLost,
  ChannelUpdated,
  InviteCreated,
  InviteRevoked,
  InviteUsed,
  MemberJoined,
  MemberLeft,
  MemberRoleChanged,
  MemberUnbanned,
  MessageDeleted,
  MessageEdited,
  MessagePinned,
  MessageSent,
  MessageUnpinned,
  PasswordChanged,
  ReactionAdded,
  ReactionRemoved,
  ReadMoved,
  ServerUpdated,
  SessionEnded,
  SessionStarted,
  UserAdded,
  UserUpdated,
} from "../wire/client_codec.ts";
export type {
  CaughtUp,
  Channel,
  ChannelPage,
  ChannelView,
  CommandCase,
  CommandInit,
  CommandResult,
  Cursor,
  Event,
  Goodbye,
  Invite,
  InviteCheck,
  InvitePage,
  LastSeen,
  LastSeenPage,
  Limits,
  Member,
  MemberPage,
  Message,
  MessagePage,
  Pin,
  PinPage,
  Presence,
  PresencePage,
  Reaction,
  Reload,
  ServerInfo,
  Session,
  SessionPage,
  SessionToken,
  Stored,
  Typing,
  User,
  UserPage,
  Welcome,
} from "../wire/client_codec.ts";
