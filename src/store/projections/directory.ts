/** Users, channels and the server's name as they are now. @module */
import type { DatabaseSync } from "node:sqlite";
import { type Channel, ChannelKind, type User } from "../../chat/model.ts";
import type { Change } from "../writer/batch_codec.ts";
import { refuseNul } from "../writer/conflict.ts";
import { KIND } from "../events/kind.ts";
import type { Projection } from "./projection.ts";

/** Finds the conversation of exactly these users; null for channels that are none. */
export function directKey({ kind, directUserIds }: Pick<Channel, "kind" | "directUserIds">): string | null {
  return kind === ChannelKind.DIRECT && directUserIds.length > 0 ? directUserIds.join() : null;
}

/** Throws for users whose texts SQLite would cut. */
export function refuseUnstorableUser({ name, displayName }: User): void {
  refuseNul(name);
  refuseNul(displayName);
}

/** Throws for channels whose texts SQLite would cut. */
export function refuseUnstorableChannel({ name, topic }: Channel): void {
  refuseNul(name);
  refuseNul(topic);
}

export function directoryProjection(db: DatabaseSync): Projection {
  const user = db.prepare(
    `INSERT INTO user (id, name, display_name, role, disabled) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET name = excluded.name, display_name = excluded.display_name,
       role = excluded.role, disabled = excluded.disabled`,
  );
  const channel = db.prepare(
    `INSERT INTO channel (id, kind, name, topic, archived, creator, direct_key) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, name = excluded.name, topic = excluded.topic,
       archived = excluded.archived, creator = excluded.creator, direct_key = excluded.direct_key`,
  );
  const raise = db.prepare("UPDATE meta SET max_id = ? WHERE max_id < ?");
  const rename = db.prepare("UPDATE meta SET server_name = ?");

  function putUser(change: Change): void {
    const value = JSON.parse(change.extra as string) as User;
    refuseUnstorableUser(value);
    user.run(value.id, value.name, value.displayName, value.role, value.disabled ? 1 : 0);
  }

  function putChannel(change: Change): void {
    const value = JSON.parse(change.extra as string) as Channel;
    refuseUnstorableChannel(value);
    const archived = value.archived ? 1 : 0;
    channel.run(value.id, value.kind, value.name, value.topic, archived, value.creatorId, directKey(value));
  }

  return {
    [KIND.userAdded](change) {
      putUser(change);
      raise.run(change.target, change.target);
    },
    [KIND.userUpdated]: putUser,
    [KIND.channelCreated](change) {
      putChannel(change);
      raise.run(change.target, change.target);
    },
    [KIND.channelUpdated]: putChannel,
    [KIND.serverUpdated]({ text }) {
      rename.run(text);
    },
  };
}
