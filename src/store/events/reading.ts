/** How far users have read. @module */
import type { EventDefinitions } from "./definition.ts";

export const READING_EVENTS = {
  readMoved: {
    kind: 32,
    encode: ({ channelId, seq }) => [channelId, null, seq, null],
    decode: ({ target, extra }) => ({ channelId: target, seq: extra as number }),
    project(db) {
      const read = db.prepare(
        "UPDATE membership SET read_seq = ? WHERE channel = ? AND user = ? AND read_seq < ?",
      );
      return ({ stream, target, extra }) => void read.run(extra, target, stream, extra);
    },
  },
} satisfies EventDefinitions<"readMoved">;
