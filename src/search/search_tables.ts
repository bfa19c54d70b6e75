/**
 * The index of all messages: a follower of the log with a file of its own.
 *
 * The number of a row is the message's position in the log, so that descending rows are newest first. The index has tokens alone and no
 * text; whoever finds a row by it compares the message as it is now. FTS5 leaves a limit on rows out that is no integer, and numbers are bound
 * as reals: `rowid < CAST(? AS INTEGER)`.
 *
 * @module
 */
import type { LoggedChange } from "../chat/ports.ts";
import type { FollowerTables } from "../store/followers/database_follower.ts";
import { placeToken, TOKENS_VERSION, tokensOf } from "./tokens.ts";

type Prepared = ReturnType<FollowerTables["prepare"]>;
type Database = Parameters<FollowerTables["prepare"]>[0];

/** Milliseconds without a change after which the index is merged, if anything was deleted. */
const QUIET_MS = 5_000;
/** Between two steps of a merge. */
const STEP_MS = 5;
/** Pages that a step of a merge writes. */
const STEP_PAGES = 64;
const LINK = /https?:\/\//i;

export const SEARCH_TABLES: FollowerTables = {
  name: "search",
  version: TOKENS_VERSION,
  // "ascii" takes whatever is not ASCII as part of a token: src/search/tokens.ts alone says what is one.
  schema: `
    CREATE VIRTUAL TABLE words USING fts5(
      tokens, content='', contentless_delete=1, detail=none, prefix='3', tokenize="ascii tokenchars '_'"
    );
    -- Whether words of what was deleted or edited may still be in the file.
    CREATE TABLE upkeep (one INTEGER PRIMARY KEY CHECK (one = 1), remains INTEGER NOT NULL) STRICT;
    INSERT INTO upkeep VALUES (1, 0);
  `,
  prepare: (db) => new SearchIndex(db),
};

class SearchIndex implements Prepared {
  readonly #db: Database;
  readonly #put;
  readonly #drop;
  readonly #note;
  readonly #merge;
  readonly #changes;
  #remains: boolean;
  #merging = false;
  #lastMs = 0;

  constructor(db: Database) {
    this.#db = db;
    this.#put = db.prepare("INSERT OR REPLACE INTO words (rowid, tokens) VALUES (?, ?)");
    this.#drop = db.prepare("DELETE FROM words WHERE rowid = ?");
    this.#note = db.prepare("UPDATE upkeep SET remains = ? WHERE remains <> ?1");
    this.#merge = db.prepare("INSERT INTO words (words, rank) VALUES ('merge', ?)");
    this.#changes = db.prepare("SELECT total_changes() AS n");
    this.#remains = db.prepare("SELECT remains FROM upkeep").get()!.remains === 1;
  }

  take(changes: readonly LoggedChange[]): void {
    this.#lastMs = performance.now();
    this.#merging = false;
    let remains = false;
    for (const change of changes) remains = this.#takeOne(change) || remains;
    if (!remains) return;
    this.#note.run(1);
    this.#remains = true;
  }

  /**
   * A deleted row leaves its words in the file until the parts of the index that have them are merged. When the index has been quiet
   * for a while that is done step by step, and what has not been overwritten in the write-ahead log is cut off.
   */
  rest(): number | undefined {
    if (!this.#remains) return undefined;
    const quietMs = performance.now() - this.#lastMs;
    if (quietMs < QUIET_MS) return QUIET_MS - quietMs;
    const before = this.#total();
    // A negative number begins the merge of everything (https://sqlite.org/fts5.html#the_merge_command).
    this.#merge.run(this.#merging ? STEP_PAGES : -STEP_PAGES);
    this.#merging = true;
    // Less than two changes: nothing was left to merge.
    if (this.#total() - before >= 2) return STEP_MS;
    this.#note.run(0);
    this.#db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    this.#remains = this.#merging = false;
    return undefined;
  }

  /** Whether words were taken back. */
  #takeOne({ position, event: { stream, actorId, body }, message }: LoggedChange): boolean {
    switch (body.case) {
      case "messageSent":
        if (body.value.text !== "") {
          this.#index(position, { ...body.value, channelId: stream, authorId: actorId });
        }
        return false;
      case "messageEdited":
        if (!message) return false;
        if (body.value.text === "") this.#drop.run(message.position);
        else this.#index(message.position, { ...body.value, channelId: stream, authorId: message.authorId });
        return true;
      case "messageDeleted":
        if (message) this.#drop.run(message.position);
        return message !== undefined;
      default:
        return false;
    }
  }

  #index(position: number, message: IndexedMessage): void {
    const { channelId, authorId, text, mentionIds, mentionChannel } = message;
    const tokens = [placeToken.channel(channelId), placeToken.author(authorId), ...new Set(tokensOf(text))];
    for (const id of mentionIds) tokens.push(placeToken.mention(id));
    if (mentionChannel) tokens.push(placeToken.mention(0));
    if (LINK.test(text)) tokens.push(placeToken.link);
    this.#put.run(position, tokens.join(" "));
  }

  #total(): number {
    return this.#changes.get()!.n as number;
  }
}

interface IndexedMessage {
  readonly channelId: number;
  readonly authorId: number;
  readonly text: string;
  readonly mentionIds: readonly number[];
  readonly mentionChannel: boolean;
}
