/**
 * Every size, count and rate that the server enforces. Names end in their unit.
 *
 * @module
 */
export interface Limits {
  /** UTF-8 bytes of a message. */
  readonly messageBytes: number;
  /** Bytes of one frame or request body from a client. */
  readonly frameBytes: number;
  /** Commands in one frame. */
  readonly frameCommands: number;
  /** Token bucket of a connection's commands: refill and size. */
  readonly commandsPerSecond: number;
  readonly commandBurst: number;
  /** Rows in one page of a listing. */
  readonly pageItems: number;
  /** Missed events of one stream that are replayed; more means Reload. */
  readonly replayEvents: number;
  /** Missed bytes of all streams that one resume replays. */
  readonly replayBytes: number;
  /** Ids that one connection may watch. */
  readonly watchedIds: number;
  readonly connectionsPerUser: number;
  readonly connectionsPerAddress: number;
  /** Bytes handed to a socket that its peer has not taken. */
  readonly unsentBytes: number;
  /** The same for all sockets together: when half of it is used, each has its share, but never less than a frame. */
  readonly unsentBytesTotal: number;
  readonly topicBytes: number;
  readonly displayNameBytes: number;
  readonly deviceBytes: number;
  readonly emojiBytes: number;
  readonly keyBytes: number;
  readonly passwordBytesMin: number;
  /** bcrypt reads no further than 72 bytes. */
  readonly passwordBytesMax: number;
  readonly nameCharsMin: number;
  readonly nameCharsMax: number;
  /** People in a direct conversation, oneself included. */
  readonly directUsers: number;
  /** Channels that a user is a member of, without direct conversations. */
  readonly channelsPerUser: number;
  /** Direct conversations that one user opens; being drawn into others' is not counted. */
  readonly directsOpenedPerUser: number;
  readonly reactionsPerMessage: number;
  readonly mentionsPerMessage: number;
  readonly sessionsPerUser: number;
  readonly inviteUses: number;
  /** Unread messages and mentions are counted up to here. */
  readonly unreadCount: number;
  /** Commands that may wait for their commit. */
  readonly queuedCommands: number;
  /** Commands in one transaction. */
  readonly batchCommands: number;
  /**
   * Frames sent before the loop gets its turn, about a millisecond's work.
   * What is committed meanwhile joins the frames of those still waiting.
   */
  readonly turnFrames: number;
  /** A request's body has to be there within this time. */
  readonly bodyMs: number;
  /** A connection that says nothing for this long is closed. */
  readonly idleMs: number;
  /** How often a client is asked to say something. */
  readonly heartbeatMs: number;
  /** With less room than this on the data folder's disk the server says that it is not ready. */
  readonly diskRoomBytes: number;
  /** How often it looks. */
  readonly diskCheckMs: number;
  /** A write that takes longer means that the server is not ready. */
  readonly writerStuckMs: number;
}

export const DEFAULT_LIMITS: Limits = Object.freeze({
  messageBytes: 16 * 1024,
  frameBytes: 64 * 1024,
  frameCommands: 256,
  commandsPerSecond: 50,
  commandBurst: 200,
  pageItems: 100,
  replayEvents: 1000,
  replayBytes: 4 * 1024 * 1024,
  watchedIds: 200,
  connectionsPerUser: 16,
  connectionsPerAddress: 256,
  unsentBytes: 1024 * 1024,
  unsentBytesTotal: 512 * 1024 * 1024,
  topicBytes: 512,
  displayNameBytes: 128,
  deviceBytes: 128,
  emojiBytes: 32,
  keyBytes: 64,
  passwordBytesMin: 8,
  passwordBytesMax: 72,
  nameCharsMin: 2,
  nameCharsMax: 32,
  directUsers: 9,
  channelsPerUser: 1000,
  directsOpenedPerUser: 1000,
  reactionsPerMessage: 64,
  mentionsPerMessage: 50,
  sessionsPerUser: 32,
  inviteUses: 1000,
  unreadCount: 1000,
  queuedCommands: 20_000,
  batchCommands: 1024,
  turnFrames: 32,
  bodyMs: 30_000,
  idleMs: 90_000,
  heartbeatMs: 30_000,
  diskRoomBytes: 32 * 1024 * 1024,
  diskCheckMs: 30_000,
  writerStuckMs: 3000,
});
