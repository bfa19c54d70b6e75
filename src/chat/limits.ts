/**
 * Every size, count and rate that the server enforces. Names end in their unit.
 *
 * @module
 */

/** One limit: what it bounds, by how much, and when another value is followed. */
export interface Limit {
  readonly fallback: number;
  readonly unit: string;
  /** Smallest value that makes sense; 1 when absent. */
  readonly min?: number;
  /** Largest one; {@link LIMIT_MAX} when absent. */
  readonly max?: number;
  /** Why it is bounded there, to end a sentence with. */
  readonly because?: string;
  /** What is bounded; one sentence without its full stop. */
  readonly help: string;
  /** The value of the start holds until the end. */
  readonly fixed?: true;
}

/** What a timer of JavaScript can hold; the wire's fields, which tell clients some of them, have one bit more. */
export const LIMIT_MAX = 2 ** 31 - 1;

const TABLE = {
  messageBytes: { fallback: 16 * 1024, unit: "bytes", help: "UTF-8 bytes of a message" },
  frameBytes: { fallback: 64 * 1024, unit: "bytes", help: "One frame or request body from a client" },
  strangerBodyBytes: {
    fallback: 8 * 1024,
    unit: "bytes",
    help: "One request body without a session, which names and a password fit in several times",
  },
  frameCommands: { fallback: 256, unit: "commands", help: "Commands in one frame" },
  commandsPerSecond: {
    fallback: 50,
    unit: "units/s",
    help:
      "How fast a user, over all connections and POST, and without a session an address gets back the units that commands have used; an ordinary command takes one, and one that is more work more",
  },
  commandBurst: {
    fallback: 200,
    unit: "units",
    help: "Units that a user, and without a session an address, may use at once",
  },
  refusalsPerSecond: {
    fallback: 50,
    unit: "commands/s",
    help:
      "Refused commands of a user that are put up with for long; a KiB of what was sent in vain counts as one",
  },
  refusalBurst: {
    fallback: 1000,
    unit: "commands",
    help: "The same at once; with one more the connection is closed",
  },
  overRatePauseMs: {
    fallback: 10_000,
    unit: "ms",
    help: "How long one whose connection was closed for that stays away",
  },
  handshakesPerUser: {
    fallback: 48,
    unit: "handshakes",
    help: "Handshakes that a user may make at once, twice connectionsPerUser at least",
  },
  handshakesPerAddress: {
    fallback: 1024,
    unit: "handshakes",
    help:
      "Handshakes with a session from one address (one /64 network for IPv6) at once, twice connectionsPerAddress at least; those without count as commands of the address",
  },
  handshakeRefillMs: {
    fallback: 30_000,
    unit: "ms",
    help: "Time in which all these handshakes come back",
  },
  pageItems: { fallback: 100, unit: "rows", help: "Rows in one page of a listing" },
  pageBytes: {
    fallback: 64 * 1024,
    unit: "bytes",
    help:
      "About as many bytes of messages one page of history has; a larger one ends earlier, with one message at least",
  },
  replayEvents: {
    fallback: 1000,
    unit: "events",
    help: "Missed events of one stream that are replayed; whoever missed more loads the channel anew",
  },
  replayBytes: {
    fallback: 4 * 1024 * 1024,
    unit: "bytes",
    help: "Missed bytes of all streams that one resume replays",
  },
  watchedIds: { fallback: 200, unit: "ids", help: "Users and channels that one connection may watch" },
  connectionsPerUser: { fallback: 16, unit: "connections", help: "Connections of one user" },
  connectionsPerAddress: {
    fallback: 256,
    unit: "connections",
    help: "Connections of one address; of one /64 network for IPv6",
  },
  unsentBytes: {
    fallback: 1024 * 1024,
    unit: "bytes",
    help: "Bytes handed to a socket that its peer has not taken; one who is over it is resumed later",
    fixed: true,
  },
  unsentBytesTotal: {
    fallback: 512 * 1024 * 1024,
    unit: "bytes",
    help:
      "The same for all sockets together: when half of it is used, each has its share, but never less than a frame",
    max: 2 ** 40,
    fixed: true,
  },
  topicBytes: { fallback: 512, unit: "bytes", help: "UTF-8 bytes of a channel's topic" },
  displayNameBytes: { fallback: 128, unit: "bytes", help: "UTF-8 bytes of a display name" },
  deviceBytes: { fallback: 128, unit: "bytes", help: "UTF-8 bytes of a device's name" },
  emojiBytes: { fallback: 32, unit: "bytes", help: "UTF-8 bytes of a reaction's emoji" },
  keyBytes: {
    fallback: 64,
    unit: "bytes",
    help: "A command's idempotency key",
    min: 22,
    because: "clients make keys of that length",
  },
  passwordBytesMin: { fallback: 8, unit: "bytes", help: "The shortest password" },
  passwordBytesMax: {
    fallback: 72,
    unit: "bytes",
    help: "The longest password; bcrypt reads no further than 72 bytes",
    max: 72,
    because: "bcrypt reads no further",
  },
  passwordWaitMs: {
    fallback: 10_000,
    unit: "ms",
    help:
      "As many passwords wait as can be begun within this time, those of strangers and those of known devices, addresses and sessions apart",
    fixed: true,
  },
  nameCharsMin: { fallback: 2, unit: "characters", help: "The shortest name of a user or channel" },
  nameCharsMax: { fallback: 32, unit: "characters", help: "The longest name of a user or channel" },
  directUsers: { fallback: 9, unit: "users", help: "People in a direct conversation, oneself included" },
  channelsPerUser: {
    fallback: 1000,
    unit: "channels",
    help: "Channels that a user has joined, without direct conversations and those that others added them to",
  },
  addedChannelsPerUser: {
    fallback: 500,
    unit: "channels",
    help: "Channels that others add a user to; leaving one makes room",
  },
  channelsMadePerUser: {
    fallback: 2000,
    unit: "channels",
    help: "Channels that one user makes; archived ones and those that everybody left count as well",
  },
  directsOpenedPerUser: {
    fallback: 1000,
    unit: "conversations",
    help: "Direct conversations that one user opens; being drawn into others' is not counted",
  },
  newChannels: {
    fallback: 100,
    unit: "channels",
    help: "Channels that one user makes at once; admins as many as they like",
  },
  newChannelsPerHour: { fallback: 60, unit: "channels/h", help: "How fast that comes back" },
  newDirects: {
    fallback: 100,
    unit: "conversations",
    help: "Direct conversations that one user opens at once; admins as many as they like",
  },
  newDirectsPerHour: { fallback: 60, unit: "conversations/h", help: "How fast that comes back" },
  newMembers: {
    fallback: 200,
    unit: "users",
    help: "People that one user adds to channels at once; admins as many as they like",
  },
  newMembersPerHour: { fallback: 500, unit: "users/h", help: "How fast that comes back" },
  storedMibPerDay: {
    fallback: 256,
    unit: "MiB",
    help: "What one user stores in a day, messages and everything else",
  },
  reactionsPerMessage: { fallback: 64, unit: "emoji", help: "Different reactions under one message" },
  pinsPerChannel: { fallback: 100, unit: "messages", help: "Messages pinned to one channel" },
  mentionsPerMessage: { fallback: 50, unit: "users", help: "Users that one message mentions" },
  sessionsPerUser: {
    fallback: 32,
    unit: "sessions",
    help: "Sessions of one user; one more ends the oldest",
  },
  inviteUses: { fallback: 1000, unit: "uses", help: "How often one invite may be used" },
  unreadCount: {
    fallback: 1000,
    unit: "messages",
    help: "Up to where unread messages and mentions are counted",
  },
  queuedCommands: {
    fallback: 20_000,
    unit: "commands",
    help: "Commands that may wait for their commit",
    fixed: true,
  },
  batchCommands: { fallback: 1024, unit: "commands", help: "Commands in one transaction", fixed: true },
  userBatchCommands: {
    fallback: 32,
    unit: "commands",
    help: "Those of one user; more of them wait for the next one",
    fixed: true,
  },
  turnFrames: {
    fallback: 32,
    unit: "frames",
    // About a millisecond's work; what is committed meanwhile joins the frames of those still waiting.
    help: "Frames sent before the loop gets its turn",
    fixed: true,
  },
  bodyParts: {
    fallback: 256,
    unit: "parts",
    help: "Pieces that a request's body may come in, as chunks or packets",
  },
  bodyMs: { fallback: 30_000, unit: "ms", help: "Within this time a request's body has to be there" },
  idleMs: { fallback: 90_000, unit: "ms", help: "A connection that says nothing for this long is closed" },
  heartbeatMs: {
    fallback: 30_000,
    unit: "ms",
    help: "How often a client is asked to say something",
    min: 1000,
    because: "all clients do it",
  },
  diskRoomBytes: {
    fallback: 32 * 1024 * 1024,
    unit: "bytes",
    help: "With less room than this on the data folder's disk the server is not ready and stores nothing new",
    max: 256 * 1024 * 1024,
    because: "that much is written at every look where the system does not tell",
  },
  diskCheckMs: {
    fallback: 30_000,
    unit: "ms",
    help: "How often it looks whether the disk has that room",
    min: 1000,
    because: "it may have to write that much each time",
  },
  writerStuckMs: {
    fallback: 3000,
    unit: "ms",
    help: "A write that takes longer means that the server is not ready",
  },
} as const satisfies Record<string, Limit>;

export type LimitName = keyof typeof TABLE;

/** All of them by name. */
export type Limits = { readonly [N in LimitName]: number };

export const LIMITS: Readonly<Record<LimitName, Limit>> = TABLE;

export const LIMIT_NAMES = Object.keys(TABLE) as LimitName[];

export const DEFAULT_LIMITS: Limits = Object.freeze(
  Object.fromEntries(LIMIT_NAMES.map((name) => [name, TABLE[name].fallback])) as Limits,
);
