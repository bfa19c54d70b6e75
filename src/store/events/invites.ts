/** Invites: what one allows stands in its table, not in the log. @module */
import type { Invite } from "../../chat/model.ts";
import type { EventDefinitions } from "./definition.ts";
import { prepareGiven } from "./max_id.ts";

export const INVITE_EVENTS = {
  inviteCreated: {
    kind: 52,
    encode: ({ inviteId, invite }) => [inviteId, null, null, JSON.stringify(invite)],
    decode: ({ target }, lookups) => ({ inviteId: target, invite: lookups.anyInvite(target) }),
    project(db) {
      const create = db.prepare(
        `INSERT INTO invite (id, role, uses_left, expires_ms, creator, channel_ids, revoked)
         VALUES (?, ?, ?, ?, ?, ?, 0)`,
      );
      const given = prepareGiven(db);
      return ({ target, secret }) => {
        const { role, usesLeft, expiresMs, creatorId, channelIds } = JSON.parse(secret as string) as Invite;
        create.run(target, role, usesLeft, expiresMs, creatorId, JSON.stringify(channelIds));
        given(target);
      };
    },
  },
  inviteRevoked: {
    kind: 53,
    encode: ({ inviteId }) => [inviteId, null, null, null],
    decode: ({ target }) => ({ inviteId: target }),
    project(db) {
      const revoke = db.prepare("UPDATE invite SET revoked = 1 WHERE id = ?");
      return ({ target }) => void revoke.run(target);
    },
  },
  inviteUsed: {
    kind: 54,
    encode: ({ inviteId, creatorId }) => [inviteId, null, creatorId, null],
    decode: ({ target, extra }) => ({ inviteId: target, creatorId: (extra ?? 0) as number }),
    project(db) {
      const use = db.prepare("UPDATE invite SET uses_left = uses_left - 1 WHERE id = ?");
      return ({ target }) => void use.run(target);
    },
  },
} satisfies EventDefinitions<"inviteCreated" | "inviteRevoked" | "inviteUsed">;
