/** Messages that are pinned to their channel. @module */
import type { EventDefinitions } from "./definition.ts";
import { prepareLiving } from "./messages.ts";

export const PIN_EVENTS = {
  messagePinned: {
    kind: 21,
    encode: ({ messageSeq }) => [messageSeq, null, null, null],
    decode: ({ target }) => ({ messageSeq: target }),
    project(db) {
      const living = prepareLiving(db);
      const pin = db.prepare(
        "INSERT OR IGNORE INTO pin (channel, message_seq, user, seq) VALUES (?, ?, ?, ?)",
      );
      return (change) => {
        if (living(change)) pin.run(change.stream, change.target, change.actor, change.seq);
      };
    },
  },
  messageUnpinned: {
    kind: 22,
    encode: ({ messageSeq }) => [messageSeq, null, null, null],
    decode: ({ target }) => ({ messageSeq: target }),
    project(db) {
      const unpin = db.prepare("DELETE FROM pin WHERE channel = ? AND message_seq = ?");
      return ({ stream, target }) => void unpin.run(stream, target);
    },
  },
} satisfies EventDefinitions<"messagePinned" | "messageUnpinned">;
