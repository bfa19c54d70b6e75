/** All attacks by name. @module */
import type { AttackName } from "../../attacks.ts";
import { delay } from "../clock.ts";
import type { Arena, Numbers } from "./arena.ts";
import * as members from "./members.ts";
import * as strangers from "./strangers.ts";

/** Goes on until its arena is over. */
export type Attack = (arena: Arena) => Promise<Numbers | void>;

export const ATTACKS: Readonly<Record<AttackName, Attack>> = {
  register: strangers.register,
  handshakes: strangers.handshakes,
  profile: members.profile,
  mentions: members.mentions,
  edits: members.edits,
  sockets: members.sockets,
  pings: members.pings,
  watch: members.watch,
  "get-users": members.getUsers,
  open: members.open,
  "create-channels": members.createChannels,
  logins: strangers.logins,
  "logins-everywhere": strangers.loginsEverywhere,
  "lock-out": strangers.lockOut,
  "leave-channels": members.leaveChannels,
  "fill-victim": members.fillVictim,
  directs: members.directs,
  storage: members.storage,
  "disk-watch": (arena) => delay(arena.job.attackMs),
};
