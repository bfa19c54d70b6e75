/** Who is in which channel: told in the channel's stream, and in the user's own. @module */
import { isAdded } from "../../chat/facts/facts.ts";
import { ChannelRole, LeaveReason } from "../../chat/model.ts";
import type { EventDefinitions } from "./definition.ts";

export const MEMBER_EVENTS = {
  memberJoined: {
    kind: 17,
    encode: ({ userId, role }) => [userId, null, role, null],
    decode: ({ target, extra }) => ({ userId: target, role: extra as ChannelRole }),
    project(db) {
      // Read up to the joining itself, so that nothing older counts as unread.
      const join = db.prepare(
        `INSERT INTO membership (channel, user, role, banned, added, read_seq) VALUES (?, ?, ?, 0, ?, ?)
         ON CONFLICT DO UPDATE SET role = excluded.role, banned = 0, added = excluded.added`,
      );
      return ({ stream, target, actor, extra, seq }) => {
        join.run(stream, target, extra, isAdded(target, actor) ? 1 : 0, seq);
      };
    },
  },
  memberLeft: {
    kind: 18,
    encode: ({ userId, reason }) => [userId, null, reason, null],
    decode: ({ target, extra }) => ({ userId: target, reason: extra as LeaveReason }),
    project(db) {
      const leave = db.prepare("DELETE FROM membership WHERE channel = ? AND user = ?");
      const ban = db.prepare(
        `INSERT INTO membership (channel, user, role, banned, read_seq) VALUES (?, ?, ${ChannelRole.MEMBER}, 1, ?)
         ON CONFLICT DO UPDATE SET role = excluded.role, banned = 1, added = 0`,
      );
      return ({ stream, target, extra, seq }) => {
        if (extra === LeaveReason.BANNED) ban.run(stream, target, seq);
        else leave.run(stream, target);
      };
    },
  },
  memberRoleChanged: {
    kind: 19,
    encode: ({ userId, role }) => [userId, null, role, null],
    decode: ({ target, extra }) => ({ userId: target, role: extra as ChannelRole }),
    project(db) {
      const change = db.prepare(
        "UPDATE membership SET role = ? WHERE channel = ? AND user = ? AND banned = 0",
      );
      return ({ stream, target, extra }) => void change.run(extra, stream, target);
    },
  },
  memberUnbanned: {
    kind: 20,
    encode: ({ userId }) => [userId, null, null, null],
    decode: ({ target }) => ({ userId: target }),
    project(db) {
      const unban = db.prepare("DELETE FROM membership WHERE channel = ? AND user = ? AND banned = 1");
      return ({ stream, target }) => void unban.run(stream, target);
    },
  },
  channelGained: {
    kind: 30,
    encode: ({ channelId, role }) => [channelId, null, role, null],
    decode: ({ target, extra }) => ({ channelId: target, role: extra as ChannelRole }),
  },
  channelLost: {
    kind: 31,
    encode: ({ channelId, reason }) => [channelId, null, reason, null],
    decode: ({ target, extra }) => ({ channelId: target, reason: extra as LeaveReason }),
  },
} satisfies EventDefinitions<
  "memberJoined" | "memberLeft" | "memberRoleChanged" | "memberUnbanned" | "channelGained" | "channelLost"
>;
