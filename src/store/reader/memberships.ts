/** Who is in which channel. @module */
import type { DatabaseSync } from "node:sqlite";
import type { ChannelKind, ChannelRole, JoinedChannel, Member, Membership } from "../../chat/model.ts";
import type { MembershipReader } from "../../chat/ports.ts";
import { channelOf } from "./directory.ts";
import { LIMIT, queryAll, queryOne, queryTuples } from "./query.ts";

interface MembershipRow {
  channel: number;
  user: number;
  role: ChannelRole;
  banned: number;
  added: number;
  read_seq: number;
}

type JoinedRow = [
  id: number,
  kind: ChannelKind,
  name: string,
  topic: string,
  archived: number,
  creator: number,
  directKey: string | null,
  role: ChannelRole,
  added: number,
  readSeq: number,
];

export class MembershipQueries implements MembershipReader {
  readonly #one;
  readonly #joined;
  readonly #page;
  readonly #owners;
  readonly #count;

  constructor(db: DatabaseSync) {
    const columns = "SELECT channel, user, role, banned, added, read_seq FROM membership";
    this.#one = queryOne<[number, number], MembershipRow>(db, `${columns} WHERE channel = ? AND user = ?`);
    this.#joined = queryTuples<[number], JoinedRow>(
      db,
      `SELECT channel.id, kind, name, topic, archived, creator, direct_key, role, added, read_seq
       FROM membership INDEXED BY membership_user CROSS JOIN channel ON channel.id = membership.channel
       WHERE user = ? AND banned = 0 ORDER BY membership.channel`,
    );
    this.#page = queryAll<[number, number, number, number], { user: number; role: ChannelRole }>(
      db,
      `SELECT user, role FROM membership INDEXED BY membership_page
       WHERE channel = ? AND banned = ? AND user > ? ORDER BY user ${LIMIT}`,
    );
    this.#owners = queryAll<[number], { user: number }>(
      db,
      `SELECT user FROM membership INDEXED BY membership_owner
       WHERE channel = ? AND role = 3 AND banned = 0 ORDER BY user`,
    );
    this.#count = queryOne<[number, number], { n: number }>(
      db,
      `SELECT count(*) AS n FROM membership INDEXED BY membership_user
       WHERE user = ? AND banned = 0 AND added = ? AND NOT EXISTS
         (SELECT 1 FROM channel WHERE id = membership.channel AND kind = 3)`,
    );
  }

  membership(channelId: number, userId: number): Membership | undefined {
    const row = this.#one(channelId, userId);
    return row && membershipOf(row);
  }

  channelsOf(userId: number): JoinedChannel[] {
    return this.#joined(userId).map(
      ([channelId, kind, name, topic, archived, creator, direct_key, role, added, readSeq]) => ({
        channel: channelOf({ id: channelId, kind, name, topic, archived, creator, direct_key }),
        membership: { channelId, userId, role, banned: false, added: added === 1, readSeq },
      }),
    );
  }

  members(channelId: number, page: { after: number; limit: number; banned: boolean }): Member[] {
    return this.#page(channelId, page.banned ? 1 : 0, page.after, page.limit)
      .map(({ user, role }) => ({ userId: user, role }));
  }

  channelOwners(channelId: number): number[] {
    return this.#owners(channelId).map(({ user }) => user);
  }

  channelCount(userId: number, { added }: { readonly added: boolean }): number {
    return this.#count(userId, added ? 1 : 0)!.n;
  }
}

function membershipOf({ channel, user, role, banned, added, read_seq }: MembershipRow): Membership {
  return {
    channelId: channel,
    userId: user,
    role,
    banned: banned === 1,
    added: added === 1,
    readSeq: read_seq,
  };
}
