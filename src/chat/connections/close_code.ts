/** Close codes of a socket: 3000 to 3499 ask the client to reconnect, 3500 to 3999 not to. @module */
export const CloseCode = {
  /** The server stops or restarts. */
  RESTART: 3000,
  /** Nothing came from the client for too long. */
  IDLE: 3001,
  /** The client sends faster than it reads. */
  SLOW: 3002,
  /** Too many commands came for too long: the goodbye tells how long to stay away. */
  OVER_RATE: 3003,
  /** The session was revoked, the password changed or the account disabled. */
  SESSION_ENDED: 3500,
  /** The frame is too large. */
  TOO_LARGE: 3501,
  /** The frame is not a ClientFrame. */
  MALFORMED: 3502,
} as const;
export type CloseCode = typeof CloseCode[keyof typeof CloseCode];
