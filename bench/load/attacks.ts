/** What `deno task load abuse` does to a server, by name. @module */

export interface AttackPlan {
  /** What the attacker does, for the table and the help. */
  readonly label: string;
  /** Channels that the attacker is a member of beforehand, besides one with the victim. */
  readonly channels?: number;
  /** Messages that are there before: one for each channel in turns, every second of them by the victim. */
  readonly messages?: number;
  /** Whether somebody signs in with a password. */
  readonly passwords?: true;
  /** Limits other than the defaults. */
  readonly limits?: Readonly<Record<string, number>>;
}

/** Channels of a member who has nearly as many as one may have. */
const MANY_CHANNELS = 976;
/** So that 60 of the channels have one that the attacker has not read. */
const MANY_MESSAGES = 120;

export const ATTACKS = {
  register: { label: "Register with the worst names, no session" },
  handshakes: { label: "handshakes with an unknown token" },
  profile: { label: "UpdateProfile with the worst names" },
  mentions: { label: "messages with the worst mentions" },
  edits: { label: "edits with the worst mentions" },
  sockets: { label: "a new socket for every burst of messages" },
  pings: { label: "pings over the rate on one socket" },
  watch: { label: "Watch of 200 unknown ids" },
  "get-users": { label: "GetUsers of 100 people" },
  open: {
    label: `Open with ${MANY_CHANNELS} channels`,
    channels: MANY_CHANNELS,
    messages: MANY_MESSAGES,
  },
  "create-channels": { label: "CreateChannel, a frame full at a time" },
  logins: { label: "logins from one address", passwords: true },
  "logins-everywhere": { label: "logins from ever new /64 networks", passwords: true },
  "lock-out": { label: "wrong passwords for the victim's account", passwords: true },
  "leave-channels": { label: "channels made and left" },
  "fill-victim": { label: "channels made, given to the victim and left" },
  directs: { label: "direct conversations opened at the victim" },
  storage: { label: "as many bytes of messages as are taken" },
  "disk-watch": { label: "the server's own look at the disk, every second", limits: { diskCheckMs: 1000 } },
} as const satisfies Record<string, AttackPlan>;

export type AttackName = keyof typeof ATTACKS;

export const ATTACK_NAMES = Object.keys(ATTACKS) as AttackName[];
