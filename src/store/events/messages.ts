/** Messages are rows of the log; edits and deletions change those rows. @module */
import type { DatabaseSync } from "node:sqlite";
import type { MessageText } from "../../chat/event.ts";
import type { Change, EventDefinitions } from "./definition.ts";
import { mentionedBy, packMentions, unpackMentions } from "./mentions.ts";

const MESSAGE_SENT = 10;
/** What becomes of the row of a message that is deleted. */
export const TOMBSTONE = 9;

/** Text and mentions that a row of a message holds. */
export function messageTextOf(text: string | null, extra: unknown): MessageText {
  return { text: text ?? "", ...unpackMentions(extra) };
}

/** A message that a change is about. */
export interface LivingMessage {
  readonly author: number;
  readonly extra: unknown;
}

/** Finds the message while it is still there: a deletion earlier in the batch wins over what follows it. */
export function prepareLiving(db: DatabaseSync): (change: Change) => LivingMessage | undefined {
  const message = db.prepare(
    `SELECT actor AS author, extra FROM event
     WHERE stream = ? AND message = 1 AND seq = ? AND kind = ${MESSAGE_SENT}`,
  );
  return ({ stream, target }) => message.get(stream, target) as LivingMessage | undefined;
}

interface Mentioning {
  readonly channel: number;
  readonly seq: number;
  readonly extra: unknown;
}

function prepareMention(db: DatabaseSync): (author: number, message: Mentioning) => void {
  const mention = db.prepare(
    "INSERT OR IGNORE INTO mention (user, channel, seq, author) VALUES (?, ?, ?, ?)",
  );
  return (author, { channel, seq, extra }) => {
    if (extra === null) return;
    for (const user of mentionedBy(unpackMentions(extra))) mention.run(user, channel, seq, author);
  };
}

function prepareUnmention(db: DatabaseSync): (message: Mentioning) => void {
  const unmention = db.prepare("DELETE FROM mention WHERE user = ? AND channel = ? AND seq = ?");
  return ({ channel, seq, extra }) => {
    if (extra === null) return;
    for (const user of mentionedBy(unpackMentions(extra))) unmention.run(user, channel, seq);
  };
}

export const MESSAGE_EVENTS = {
  messageSent: {
    kind: MESSAGE_SENT,
    encode: (value) => [value.replyTo, value.text, packMentions(value), null],
    decode: ({ target, text, extra }) => ({ ...messageTextOf(text, extra), replyTo: target }),
    project(db) {
      const mention = prepareMention(db);
      return ({ stream, seq, actor, extra }) => mention(actor, { channel: stream, seq, extra });
    },
  },
  messageEdited: {
    kind: 11,
    inMessage: true,
    encode: (value) => [value.messageSeq, value.text, packMentions(value), null],
    decode: ({ stream, target }, lookups) => ({
      messageSeq: target,
      ...lookups.presentText(stream, target),
    }),
    project(db) {
      const living = prepareLiving(db);
      const unmention = prepareUnmention(db);
      const mention = prepareMention(db);
      const edit = db.prepare(
        "UPDATE event SET text = ?, extra = ?, edited_ms = ? WHERE stream = ? AND message = 1 AND seq = ?",
      );
      return (change) => {
        const message = living(change);
        if (!message) return;
        const { stream: channel, target: seq, text, extra, timeMs } = change;
        unmention({ channel, seq, extra: message.extra });
        edit.run(text, extra, timeMs, channel, seq);
        mention(message.author, { channel, seq, extra });
      };
    },
  },
  messageDeleted: {
    kind: 12,
    encode: ({ messageSeq }) => [messageSeq, null, null, null],
    decode: ({ target }) => ({ messageSeq: target }),
    project(db) {
      const living = prepareLiving(db);
      const unmention = prepareUnmention(db);
      const bury = db.prepare(
        `UPDATE event SET kind = ${TOMBSTONE}, text = NULL, extra = NULL, edited_ms = NULL, fingerprint = NULL
         WHERE stream = ? AND message = 1 AND seq = ?`,
      );
      const forgetPin = db.prepare("DELETE FROM pin WHERE channel = ? AND message_seq = ?");
      const forgetReactions = db.prepare("DELETE FROM reaction WHERE channel = ? AND message_seq = ?");
      return (change) => {
        const message = living(change);
        if (!message) return;
        const { stream: channel, target: seq } = change;
        unmention({ channel, seq, extra: message.extra });
        bury.run(channel, seq);
        forgetReactions.run(channel, seq);
        forgetPin.run(channel, seq);
      };
    },
  },
} satisfies EventDefinitions<"messageSent" | "messageEdited" | "messageDeleted">;
