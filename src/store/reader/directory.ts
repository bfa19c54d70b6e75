/** Users and channels by id and by name, and the server's name. @module */
import type { DatabaseSync } from "node:sqlite";
import type { Channel, ChannelKind, ServerRole, User } from "../../chat/model.ts";
import type { DirectoryReader, NamePage } from "../../chat/ports.ts";
import { LIMIT, queryAll, queryOne } from "./query.ts";

interface UserRow {
  id: number;
  name: string;
  display_name: string;
  role: ServerRole;
  disabled: number;
}

interface ChannelRow {
  id: number;
  kind: ChannelKind;
  name: string;
  topic: string;
  archived: number;
  creator: number;
  direct_key: string | null;
}

/** Sorts behind everything that begins with the prefix. */
const LAST = "\u{10FFFF}";

export class DirectoryQueries implements DirectoryReader {
  readonly #user;
  readonly #userByName;
  readonly #users;
  readonly #channel;
  readonly #channelByName;
  readonly #privateChannels;
  readonly #directsOpened;
  readonly #channelsMade;
  readonly #directChannel;
  readonly #publicChannels;
  readonly #serverName;

  constructor(db: DatabaseSync) {
    const user = "SELECT id, name, display_name, role, disabled FROM user";
    const page = "name > ? AND name >= ? AND name < ?";
    this.#user = queryOne<[number], UserRow>(db, `${user} WHERE id = ?`);
    this.#userByName = queryOne<[string], UserRow>(db, `${user} WHERE name = ?`);
    this.#users = queryAll<[string, string, string, number], UserRow>(
      db,
      `${user} WHERE ${page} ORDER BY name ${LIMIT}`,
    );
    const channel = "SELECT id, kind, name, topic, archived, creator, direct_key FROM channel";
    this.#channel = queryOne<[number], ChannelRow>(db, `${channel} WHERE id = ?`);
    this.#channelByName = queryOne<[string], ChannelRow>(db, `${channel} WHERE kind = 1 AND name = ?`);
    this.#privateChannels = queryAll<[string, number], ChannelRow>(
      db,
      `${channel} INDEXED BY channel_private WHERE kind = 2 AND name = ? AND EXISTS
         (SELECT 1 FROM membership WHERE channel = channel.id AND user = ? AND banned = 0) ORDER BY id`,
    );
    this.#directsOpened = queryOne<[number], { n: number }>(
      db,
      "SELECT count(*) AS n FROM channel INDEXED BY channel_opened WHERE kind = 3 AND creator = ?",
    );
    this.#channelsMade = queryOne<[number], { n: number }>(
      db,
      "SELECT count(*) AS n FROM channel INDEXED BY channel_made WHERE kind < 3 AND creator = ?",
    );
    this.#directChannel = queryOne<[string], ChannelRow>(db, `${channel} WHERE direct_key = ?`);
    this.#publicChannels = queryAll<[string, string, string, number, number], ChannelRow>(
      db,
      `${channel} INDEXED BY channel_public
       WHERE kind = 1 AND ${page} AND archived <= ? ORDER BY name ${LIMIT}`,
    );
    this.#serverName = queryOne<[], { server_name: string }>(db, "SELECT server_name FROM meta");
  }

  user(id: number): User | undefined {
    const row = this.#user(id);
    return row && userOf(row);
  }

  userByName(name: string): User | undefined {
    const row = this.#userByName(name);
    return row && userOf(row);
  }

  users({ prefix, after, limit }: NamePage): User[] {
    return this.#users(after, prefix, prefix + LAST, limit).map(userOf);
  }

  channel(id: number): Channel | undefined {
    const row = this.#channel(id);
    return row && channelOf(row);
  }

  channelByName(name: string): Channel | undefined {
    const row = this.#channelByName(name);
    return row && channelOf(row);
  }

  privateChannels(userId: number, name: string): Channel[] {
    return this.#privateChannels(name, userId).map(channelOf);
  }

  directsOpened(userId: number): number {
    return this.#directsOpened(userId)!.n;
  }

  channelsMade(userId: number): number {
    return this.#channelsMade(userId)!.n;
  }

  directChannel(userIds: readonly number[]): Channel | undefined {
    const row = this.#directChannel(userIds.join());
    return row && channelOf(row);
  }

  publicChannels(page: NamePage & { includeArchived: boolean }): Channel[] {
    const { prefix, after, limit, includeArchived } = page;
    return this.#publicChannels(after, prefix, prefix + LAST, includeArchived ? 1 : 0, limit).map(channelOf);
  }

  serverName(): string {
    return this.#serverName()!.server_name;
  }
}

function userOf({ id, name, display_name, role, disabled }: UserRow): User {
  return { id, name, displayName: display_name, role, disabled: disabled === 1 };
}

export function channelOf(row: ChannelRow): Channel {
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    topic: row.topic,
    archived: row.archived === 1,
    creatorId: row.creator,
    directUserIds: row.direct_key === null ? [] : row.direct_key.split(",").map(Number),
  };
}
