/** The table of mentions, compared with the messages as they are. @module */
import type { DatabaseSync } from "node:sqlite";
import { KIND } from "../events/mod.ts";
import { mentionedBy, unpackMentions } from "../events/mentions.ts";
import { queryOne, queryTuples } from "../reader/query.ts";
import type { LogRow } from "./log_fold.ts";
import type { Problems } from "./problems.ts";

/** Looks each mention up as its message passes by: a table of millions is never in memory. */
export class MentionCheck {
  readonly #db: DatabaseSync;
  readonly #problems: Problems;
  readonly #author;
  #found = 0;

  constructor(db: DatabaseSync, problems: Problems) {
    this.#db = db;
    this.#problems = problems;
    this.#author = queryOne<[number, number, number], { author: number }>(
      db,
      "SELECT author FROM mention WHERE user = ? AND channel = ? AND seq = ?",
    );
  }

  take([, stream, seq, , actor, kind, , , extra]: LogRow): void {
    if (kind !== KIND.messageSent || extra === null) return;
    for (const user of mentionedBy(unpackMentions(extra))) {
      const row = this.#author(user, stream, seq);
      if (row) this.#found++;
      if (row?.author !== actor) {
        const said = row ? `names user ${row.author} as its author` : "is missing in its table";
        this.#problems.add(`mention of user ${user} in message ${seq} of channel ${stream} ${said}`);
      }
    }
  }

  /** Looks for those that no message has; returns how many there are. */
  finish(): number {
    const { total } = queryOne<[], { total: number }>(this.#db, "SELECT count(*) AS total FROM mention")()!;
    if (total !== this.#found) this.#findSurplus();
    return total;
  }

  #findSurplus(): void {
    const rows = queryTuples<[], [number, number, number, string | number | null]>(
      this.#db,
      `SELECT mention.user, mention.channel, mention.seq, event.extra FROM mention
       LEFT JOIN event ON event.stream = mention.channel AND event.message = 1 AND event.seq = mention.seq
         AND event.kind = ${KIND.messageSent}`,
    )();
    for (const [user, channel, seq, extra] of rows) {
      if (mentionedBy(unpackMentions(extra)).includes(user)) continue;
      this.#problems.add(
        `mention of user ${user} in message ${seq} of channel ${channel} is not in that message`,
      );
    }
  }
}
