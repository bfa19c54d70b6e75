/** Reactions to messages. @module */
import { canonicalEmoji } from "../../text/emoji.ts";
import type { EventDefinitions, StoredColumns } from "./definition.ts";
import { prepareLiving } from "./messages.ts";

/** However the emoji was stored, all are shown one spelling. */
function reactionOf({ target, text }: StoredColumns): { messageSeq: number; emoji: string } {
  return { messageSeq: target, emoji: canonicalEmoji(text ?? "") ?? text ?? "" };
}

export const REACTION_EVENTS = {
  reactionAdded: {
    kind: 13,
    encode: ({ messageSeq, emoji }) => [messageSeq, emoji, null, null],
    decode: reactionOf,
    project(db) {
      const living = prepareLiving(db);
      const react = db.prepare(
        `INSERT OR IGNORE INTO reaction (channel, message_seq, emoji, user, seq, since_seq)
         VALUES (?1, ?2, ?3, ?4, ?5, coalesce(
           (SELECT since_seq FROM reaction WHERE channel = ?1 AND message_seq = ?2 AND emoji = ?3 LIMIT 1), ?5))`,
      );
      return (change) => {
        if (living(change)) react.run(change.stream, change.target, change.text, change.actor, change.seq);
      };
    },
  },
  reactionRemoved: {
    kind: 14,
    encode: ({ messageSeq, emoji }) => [messageSeq, emoji, null, null],
    decode: reactionOf,
    project(db) {
      const unreact = db.prepare(
        "DELETE FROM reaction WHERE channel = ? AND message_seq = ? AND emoji = ? AND user = ?",
      );
      return ({ stream, target, text, actor }) => void unreact.run(stream, target, text, actor);
    },
  },
} satisfies EventDefinitions<"reactionAdded" | "reactionRemoved">;
