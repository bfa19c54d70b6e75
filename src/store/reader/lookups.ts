/** What events need that their rows of the log do not hold. @module */
import type { DatabaseSync } from "node:sqlite";
import type { Lookups } from "../events/definition.ts";
import { messageTextOf } from "../events/messages.ts";
import { KIND } from "../events/mod.ts";
import type { AccountQueries } from "./accounts.ts";
import { queryOne } from "./query.ts";

export function prepareLookups(db: DatabaseSync, accounts: AccountQueries): Lookups {
  const present = queryOne<[number, number], { text: string; extra: string | null }>(
    db,
    `SELECT text, extra FROM event WHERE stream = ? AND message = 1 AND seq = ? AND kind = ${KIND.messageSent}`,
  );
  return {
    presentText(channelId, seq) {
      const row = present(channelId, seq);
      return messageTextOf(row?.text ?? null, row?.extra);
    },
    anyInvite: (id) => accounts.anyInvite(id),
  };
}
