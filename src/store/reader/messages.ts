/** Messages as they are now. @module */
import { canonicalEmoji } from "../../text/emoji.ts";
import type { DatabaseSync } from "node:sqlite";
import type { Message, MessageFacts, Pin, Reaction } from "../../chat/model.ts";
import type { HistoryPosition, MessageReader } from "../../chat/ports.ts";
import { EVERYBODY } from "../events/mentions.ts";
import { messageTextOf } from "../events/messages.ts";
import { KIND, TOMBSTONE } from "../events/mod.ts";
import { LIMIT, queryOne, queryTuples, workOf } from "./query.ts";

type MessageRow = [
  seq: number,
  actor: number,
  timeMs: number,
  kind: number,
  target: number,
  text: string | null,
  extra: string | null,
  editedMs: number | null,
];

type PinRow = [seq: number, user: number, timeMs: number, messageSeq: number];

type Marked = [user: number, channel: number, after: number, upTo: number, author: number, limit: number];

// The hint is a guard: the statement fails to prepare when the index would not serve it.
const MESSAGES = "FROM event INDEXED BY event_place WHERE stream = ? AND message = 1";
const COLUMNS = "seq, actor, time_ms, kind, target, text, extra, edited_ms";
const NEWEST = Number.MAX_SAFE_INTEGER;

/** Work of a row that is only counted. */
const COUNTED = 1 / 16;

export class MessageQueries implements MessageReader {
  readonly #before;
  readonly #after;
  readonly #facts;
  readonly #reactions;
  readonly #pinned;
  readonly #pinCount;
  readonly #pins;
  readonly #mine;
  readonly #emojis;
  readonly #unread;
  readonly #mentions;

  readonly #work: { done: number };

  constructor(db: DatabaseSync) {
    this.#work = workOf(db);
    this.#before = queryTuples<[number, number, number], MessageRow>(
      db,
      `SELECT ${COLUMNS} ${MESSAGES} AND seq < ? ORDER BY seq DESC ${LIMIT}`,
    );
    this.#after = queryTuples<[number, number, number], MessageRow>(
      db,
      `SELECT ${COLUMNS} ${MESSAGES} AND seq > ? ORDER BY seq ${LIMIT}`,
    );
    this.#facts = queryOne<[number, number], { actor: number; kind: number }>(
      db,
      `SELECT actor, kind ${MESSAGES} AND seq = ?`,
    );
    this.#reactions = queryTuples<
      [number, number, number],
      [messageSeq: number, emoji: string, user: number]
    >(
      db,
      `SELECT message_seq, emoji, user FROM reaction WHERE channel = ? AND message_seq BETWEEN ? AND ?
       ORDER BY message_seq, since_seq, seq`,
    );
    this.#pinned = queryTuples<[number, number, number], [messageSeq: number]>(
      db,
      "SELECT message_seq FROM pin WHERE channel = ? AND message_seq BETWEEN ? AND ?",
    );
    this.#pinCount = queryOne<[number], { n: number }>(db, "SELECT count(*) AS n FROM pin WHERE channel = ?");
    this.#pins = queryTuples<[number, number, number], PinRow>(
      db,
      `SELECT pin.seq, user, time_ms, message_seq FROM pin INDEXED BY pin_page
       CROSS JOIN event INDEXED BY event_place
         ON event.stream = pin.channel AND event.message = 0 AND event.seq = pin.seq
       WHERE pin.channel = ? AND pin.seq < ? ORDER BY pin.seq DESC ${LIMIT}`,
    );
    this.#mine = queryOne<[number, number, string, number], object>(
      db,
      "SELECT 1 FROM reaction WHERE channel = ? AND message_seq = ? AND emoji = ? AND user = ?",
    );
    // From one emoji to the next by the index, however many people each is from.
    const next = "SELECT min(emoji) FROM reaction WHERE channel = ? AND message_seq = ?";
    this.#emojis = queryOne<[number, number, number, number], { total: number }>(
      db,
      `WITH RECURSIVE found (emoji) AS
         (${next} UNION ALL SELECT (${next} AND emoji > found.emoji) FROM found WHERE emoji IS NOT NULL)
       SELECT count(emoji) AS total FROM found`,
    );
    this.#unread = queryOne<[number, number, number, number, number], { n: number }>(
      db,
      `SELECT count(*) AS n FROM
         (SELECT 1 ${MESSAGES} AND seq > ? AND seq <= ? AND kind = ${KIND.messageSent} AND actor <> ? ${LIMIT})`,
    );
    const mentions =
      `SELECT seq FROM mention WHERE user = ? AND channel = ? AND seq > ? AND seq <= ? AND author <> ? ${LIMIT}`;
    this.#mentions = queryOne<
      [...Marked, ...Marked, limit: number],
      { n: number }
    >(
      db,
      `SELECT count(*) AS n FROM (SELECT seq FROM (${mentions}) UNION SELECT seq FROM (${mentions}) ${LIMIT})`,
    );
  }

  history(channelId: number, limit: number, position?: HistoryPosition): Message[] {
    const rows = position && "after" in position
      ? this.#after(channelId, position.after, limit)
      : this.#before(channelId, position?.before ?? NEWEST, limit).reverse();
    const oldest = rows[0];
    const newest = rows.at(-1);
    if (!oldest || !newest) return [];
    const reactions = this.#reactionsBetween(channelId, oldest[0], newest[0]);
    const pinned = new Set(this.#pinned(channelId, oldest[0], newest[0]).map(([seq]) => seq));
    return rows.map((row) =>
      messageOf(channelId, row, { reactions: reactions.get(row[0]) ?? [], pinned: pinned.has(row[0]) })
    );
  }

  messageFacts(channelId: number, seq: number): MessageFacts | undefined {
    const row = this.#facts(channelId, seq);
    return row && { authorId: row.actor, deleted: row.kind === TOMBSTONE };
  }

  reactionFacts(
    channelId: number,
    seq: number,
    reaction: { userId: number; emoji: string },
  ): { mine: boolean; total: number } {
    return {
      mine: this.#mine(channelId, seq, reaction.emoji, reaction.userId) !== undefined,
      total: this.#emojis(channelId, seq, channelId, seq)!.total,
    };
  }

  pinned(channelId: number, messageSeq: number): boolean {
    return this.#pinned(channelId, messageSeq, messageSeq).length > 0;
  }

  pinCount(channelId: number): number {
    return this.#pinCount(channelId)!.n;
  }

  *pins(channelId: number, { before, limit }: { before: number; limit: number }): Generator<Pin> {
    const rows = this.#pins(channelId, before === 0 ? NEWEST : before, limit);
    for (const [seq, userId, timeMs, messageSeq] of rows) {
      const [message] = this.history(channelId, 1, { after: messageSeq - 1 });
      yield { seq, userId, timeMs, message: message! };
    }
  }

  unread(
    channelId: number,
    userId: number,
    { afterSeq, upToSeq, limit }: { afterSeq: number; upToSeq: number; limit: number },
  ): { unread: number; mentions: number } {
    const personal = [userId, channelId, afterSeq, upToSeq, userId, limit] as const;
    const general = [EVERYBODY, channelId, afterSeq, upToSeq, userId, limit] as const;
    const unread = this.#unread(channelId, afterSeq, upToSeq, userId, limit)!.n;
    // Rows that are only counted are rows, too.
    this.#work.done += unread * COUNTED;
    return { unread, mentions: this.#mentions(...personal, ...general, limit)!.n };
  }

  #reactionsBetween(channelId: number, first: number, last: number): Map<number, Reaction[]> {
    const found = new Map<number, Map<string, Set<number>>>();
    for (const [messageSeq, stored, user] of this.#reactions(channelId, first, last)) {
      const emoji = canonicalEmoji(stored) ?? stored;
      let byEmoji = found.get(messageSeq);
      if (!byEmoji) found.set(messageSeq, byEmoji = new Map());
      // Two spellings of one emoji may both be somebody's.
      const users = byEmoji.get(emoji);
      if (users) users.add(user);
      else byEmoji.set(emoji, new Set([user]));
    }
    const byMessage = new Map<number, Reaction[]>();
    for (const [messageSeq, byEmoji] of found) {
      byMessage.set(messageSeq, Array.from(byEmoji, ([emoji, users]) => ({ emoji, userIds: [...users] })));
    }
    return byMessage;
  }
}

function messageOf(
  channelId: number,
  row: MessageRow,
  { reactions, pinned }: Pick<Message, "reactions" | "pinned">,
): Message {
  const [seq, authorId, timeMs, kind, replyTo, text, extra, editedMs] = row;
  return {
    channelId,
    seq,
    authorId,
    timeMs,
    replyTo,
    ...messageTextOf(text, extra),
    editedMs: editedMs ?? 0,
    deleted: kind === TOMBSTONE,
    reactions,
    pinned,
  };
}
