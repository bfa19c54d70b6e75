/** Channels as they are now. @module */
import type { DatabaseSync } from "node:sqlite";
import { type Channel, ChannelKind } from "../../chat/model.ts";
import { refuseNul } from "../writer/conflict.ts";
import type { EventDefinitions, Projection } from "./definition.ts";
import { prepareGiven } from "./max_id.ts";

/** Finds the conversation of exactly these users; null for channels that are none. */
export function directKey({ kind, directUserIds }: Pick<Channel, "kind" | "directUserIds">): string | null {
  return kind === ChannelKind.DIRECT && directUserIds.length > 0 ? directUserIds.join() : null;
}

/** Throws for channels whose texts SQLite would cut. */
export function refuseUnstorableChannel({ name, topic }: Channel): void {
  refuseNul(name);
  refuseNul(topic);
}

function prepareChannel(db: DatabaseSync): Projection {
  const put = db.prepare(
    `INSERT INTO channel (id, kind, name, topic, archived, creator, direct_key) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, name = excluded.name, topic = excluded.topic,
       archived = excluded.archived, creator = excluded.creator, direct_key = excluded.direct_key`,
  );
  return ({ extra }) => {
    const channel = JSON.parse(extra as string) as Channel;
    refuseUnstorableChannel(channel);
    const { id, kind, name, topic, archived, creatorId } = channel;
    put.run(id, kind, name, topic, archived ? 1 : 0, creatorId, directKey(channel));
  };
}

export const CHANNEL_EVENTS = {
  channelCreated: {
    kind: 15,
    encode: ({ channel }) => [channel.id, null, JSON.stringify(channel), null],
    decode: ({ extra }) => ({ channel: JSON.parse(extra as string) as Channel }),
    project(db) {
      const put = prepareChannel(db);
      const given = prepareGiven(db);
      return (change) => {
        put(change);
        given(change.target);
      };
    },
  },
  channelUpdated: {
    kind: 16,
    encode: ({ channel }) => [channel.id, null, JSON.stringify(channel), null],
    decode: ({ extra }) => ({ channel: JSON.parse(extra as string) as Channel }),
    project: prepareChannel,
  },
} satisfies EventDefinitions<"channelCreated" | "channelUpdated">;
