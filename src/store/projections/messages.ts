/** What edits, deletions and reactions do to the rows of messages. @module */
import type { DatabaseSync } from "node:sqlite";
import type { Change } from "../writer/batch_codec.ts";
import { KIND, TOMBSTONE } from "../events/kind.ts";
import { mentionedBy, unpackMentions } from "../events/mentions.ts";
import type { Projection } from "./projection.ts";

export function messageProjection(db: DatabaseSync): Projection {
  const statements = {
    mention: db.prepare("INSERT OR IGNORE INTO mention (user, channel, seq, author) VALUES (?, ?, ?, ?)"),
    unmention: db.prepare("DELETE FROM mention WHERE user = ? AND channel = ? AND seq = ?"),
    message: db.prepare(
      `SELECT actor, extra FROM event WHERE stream = ? AND message = 1 AND seq = ? AND kind = ${KIND.messageSent}`,
    ),
    edit: db.prepare(
      "UPDATE event SET text = ?, extra = ?, edited_ms = ? WHERE stream = ? AND message = 1 AND seq = ?",
    ),
    bury: db.prepare(
      `UPDATE event SET kind = ${TOMBSTONE}, text = NULL, extra = NULL, edited_ms = NULL, fingerprint = NULL
       WHERE stream = ? AND message = 1 AND seq = ?`,
    ),
    react: db.prepare(
      `INSERT OR IGNORE INTO reaction (channel, message_seq, emoji, user, seq, since_seq)
       VALUES (?1, ?2, ?3, ?4, ?5, coalesce(
         (SELECT since_seq FROM reaction WHERE channel = ?1 AND message_seq = ?2 AND emoji = ?3 LIMIT 1), ?5))`,
    ),
    unreact: db.prepare(
      "DELETE FROM reaction WHERE channel = ? AND message_seq = ? AND emoji = ? AND user = ?",
    ),
    forgetReactions: db.prepare("DELETE FROM reaction WHERE channel = ? AND message_seq = ?"),
  };

  /** A message that is still there: a deletion earlier in the batch wins over what follows it. */
  function living(change: Change): { author: number; extra: unknown } | undefined {
    const row = statements.message.get(change.stream, change.target);
    return row && { author: row.actor as number, extra: row.extra };
  }

  function addMentions(channel: number, seq: number, author: number, extra: unknown): void {
    if (extra === null) return;
    for (const user of mentionedBy(unpackMentions(extra))) statements.mention.run(user, channel, seq, author);
  }

  function dropMentions(channel: number, seq: number, extra: unknown): void {
    if (extra === null) return;
    for (const user of mentionedBy(unpackMentions(extra))) statements.unmention.run(user, channel, seq);
  }

  return {
    [KIND.messageSent](change) {
      addMentions(change.stream, change.seq, change.actor, change.extra);
    },
    [KIND.messageEdited](change) {
      const message = living(change);
      if (!message) return;
      const { stream, target } = change;
      dropMentions(stream, target, message.extra);
      statements.edit.run(change.text, change.extra, change.timeMs, stream, target);
      addMentions(stream, target, message.author, change.extra);
    },
    [KIND.messageDeleted](change) {
      const message = living(change);
      if (!message) return;
      dropMentions(change.stream, change.target, message.extra);
      statements.bury.run(change.stream, change.target);
      statements.forgetReactions.run(change.stream, change.target);
    },
    [KIND.reactionAdded](change) {
      if (!living(change)) return;
      statements.react.run(change.stream, change.target, change.text, change.actor, change.seq);
    },
    [KIND.reactionRemoved](change) {
      statements.unreact.run(change.stream, change.target, change.text, change.actor);
    },
  };
}
