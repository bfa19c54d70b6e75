/** Who is in which channel, and how far they have read. @module */
import type { DatabaseSync } from "node:sqlite";
import { isAdded } from "../../chat/facts.ts";
import { ChannelRole, LeaveReason } from "../../chat/model.ts";
import { KIND } from "../events/kind.ts";
import type { Projection } from "./projection.ts";

export function membershipProjection(db: DatabaseSync): Projection {
  // Read up to the joining itself, so that nothing older counts as unread.
  const join = db.prepare(
    `INSERT INTO membership (channel, user, role, banned, added, read_seq) VALUES (?, ?, ?, 0, ?, ?)
     ON CONFLICT DO UPDATE SET role = excluded.role, banned = 0, added = excluded.added`,
  );
  const leave = db.prepare("DELETE FROM membership WHERE channel = ? AND user = ?");
  const ban = db.prepare(
    `INSERT INTO membership (channel, user, role, banned, read_seq) VALUES (?, ?, ${ChannelRole.MEMBER}, 1, ?)
     ON CONFLICT DO UPDATE SET role = excluded.role, banned = 1, added = 0`,
  );
  const unban = db.prepare("DELETE FROM membership WHERE channel = ? AND user = ? AND banned = 1");
  const promote = db.prepare("UPDATE membership SET role = ? WHERE channel = ? AND user = ? AND banned = 0");
  const read = db.prepare(
    "UPDATE membership SET read_seq = ? WHERE channel = ? AND user = ? AND read_seq < ?",
  );
  return {
    [KIND.memberJoined](change) {
      const added = isAdded(change.target, change.actor) ? 1 : 0;
      join.run(change.stream, change.target, change.extra, added, change.seq);
    },
    [KIND.memberLeft](change) {
      if (change.extra === LeaveReason.BANNED) ban.run(change.stream, change.target, change.seq);
      else leave.run(change.stream, change.target);
    },
    [KIND.memberUnbanned](change) {
      unban.run(change.stream, change.target);
    },
    [KIND.memberRoleChanged](change) {
      promote.run(change.extra, change.stream, change.target);
    },
    [KIND.readMoved](change) {
      read.run(change.extra, change.target, change.stream, change.extra);
    },
  };
}
