/** Passwords, sessions and invites: the tables that hold secrets. @module */
import type { DatabaseSync } from "node:sqlite";
import type { Invite } from "../../chat/model.ts";
import { KIND } from "../events/kind.ts";
import type { Projection } from "./projection.ts";

export function accountProjection(db: DatabaseSync): Projection {
  const credential = db.prepare(
    "INSERT INTO credential (user, hash) VALUES (?, ?) ON CONFLICT DO UPDATE SET hash = excluded.hash",
  );
  const startSession = db.prepare(
    "INSERT INTO session (id, user, token_hash, device, created_ms, last_used_ms) VALUES (?, ?, ?, ?, ?, ?)",
  );
  const endSession = db.prepare("DELETE FROM session WHERE id = ?");
  const createInvite = db.prepare(
    `INSERT INTO invite (id, role, uses_left, expires_ms, creator, channel_ids, revoked)
     VALUES (?, ?, ?, ?, ?, ?, 0)`,
  );
  const revokeInvite = db.prepare("UPDATE invite SET revoked = 1 WHERE id = ?");
  const useInvite = db.prepare("UPDATE invite SET uses_left = uses_left - 1 WHERE id = ?");
  const raise = db.prepare("UPDATE meta SET max_id = ? WHERE max_id < ?");
  return {
    [KIND.passwordChanged](change) {
      credential.run(change.stream, change.secret);
    },
    [KIND.sessionStarted](change) {
      const { target, stream, secret, text, timeMs } = change;
      startSession.run(target, stream, secret, text, timeMs, timeMs);
      raise.run(target, target);
    },
    [KIND.sessionEnded](change) {
      endSession.run(change.target);
    },
    [KIND.inviteCreated](change) {
      const invite = JSON.parse(change.secret as string) as Invite;
      const { role, usesLeft, expiresMs, creatorId, channelIds } = invite;
      createInvite.run(change.target, role, usesLeft, expiresMs, creatorId, JSON.stringify(channelIds));
      raise.run(change.target, change.target);
    },
    [KIND.inviteRevoked](change) {
      revokeInvite.run(change.target);
    },
    [KIND.inviteUsed](change) {
      useInvite.run(change.target);
    },
  };
}
