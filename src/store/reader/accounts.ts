/** Passwords, sessions and invites. @module */
import type { DatabaseSync } from "node:sqlite";
import type { Invite, ServerRole, Session } from "../../chat/model.ts";
import type { AccountReader } from "../../chat/ports.ts";
import { LIMIT, queryAll, queryOne } from "./query.ts";

interface SessionRow {
  id: number;
  user: number;
  device: string;
  created_ms: number;
  last_used_ms: number;
}

interface InviteRow {
  id: number;
  role: ServerRole;
  uses_left: number;
  expires_ms: number;
  creator: number;
  channel_ids: string;
  revoked: number;
}

export class AccountQueries implements AccountReader {
  readonly #passwordHash;
  readonly #sessionByTokenHash;
  readonly #sessionsOf;
  readonly #invite;
  readonly #invites;
  readonly #owners;

  constructor(db: DatabaseSync) {
    const session = "SELECT id, user, device, created_ms, last_used_ms FROM session";
    const invite = "SELECT id, role, uses_left, expires_ms, creator, channel_ids, revoked FROM invite";
    this.#passwordHash = queryOne<[number], { hash: string }>(
      db,
      "SELECT hash FROM credential WHERE user = ?",
    );
    this.#sessionByTokenHash = queryOne<[string], SessionRow>(db, `${session} WHERE token_hash = ?`);
    this.#sessionsOf = queryAll<[number], SessionRow>(
      db,
      `${session} WHERE user = ? ORDER BY created_ms DESC, id DESC`,
    );
    this.#invite = queryOne<[number], InviteRow>(db, `${invite} WHERE id = ?`);
    this.#invites = queryAll<[number, number, number], InviteRow>(
      db,
      `${invite} WHERE revoked = 0 AND uses_left > 0 AND id < ? AND (expires_ms = 0 OR expires_ms > ?)
      ORDER BY id DESC ${LIMIT}`,
    );
    this.#owners = queryOne<[], { n: number }>(
      db,
      "SELECT count(*) AS n FROM user INDEXED BY user_owner WHERE role = 3 AND disabled = 0",
    );
  }

  passwordHash(userId: number): string | undefined {
    return this.#passwordHash(userId)?.hash;
  }

  sessionByTokenHash(tokenHash: string): Session | undefined {
    const row = this.#sessionByTokenHash(tokenHash);
    return row && sessionOf(row);
  }

  sessionsOf(userId: number): Session[] {
    return this.#sessionsOf(userId).map(sessionOf);
  }

  invite(id: number): Invite | undefined {
    const row = this.#invite(id);
    return row && row.revoked === 0 ? inviteOf(row) : undefined;
  }

  /** The invite whether revoked or not. Throws when there never was one. */
  anyInvite(id: number): Invite {
    const row = this.#invite(id);
    if (!row) throw new Error(`Invite ${id} is in the log and not in its table`);
    return inviteOf(row);
  }

  invites({ after, limit, nowMs }: { after: number; limit: number; nowMs: number }): Invite[] {
    return this.#invites(after || Number.MAX_SAFE_INTEGER, nowMs, limit).map(inviteOf);
  }

  ownerCount(): number {
    return this.#owners()!.n;
  }
}

function sessionOf({ id, user, device, created_ms, last_used_ms }: SessionRow): Session {
  return { id, userId: user, device, createdMs: created_ms, lastUsedMs: last_used_ms };
}

function inviteOf(row: InviteRow): Invite {
  return {
    id: row.id,
    role: row.role,
    usesLeft: row.uses_left,
    expiresMs: row.expires_ms,
    creatorId: row.creator,
    channelIds: JSON.parse(row.channel_ids) as number[],
  };
}
