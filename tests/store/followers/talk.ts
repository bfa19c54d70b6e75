/** Random changes to messages. @module */
import type { Draft } from "../../../src/chat/ports.ts";
import type { SqliteStore } from "../../../src/store/mod.ts";
import { ANN, BOB, CHANNEL, draft, edit, inChannel, message } from "../drafts.ts";

/** A few drafts: messages, edits, deletions and reactions, also of what is gone. */
export function someTalk(store: SqliteStore, dice: () => number = Math.random): Draft[] {
  const below = (limit: number) => Math.floor(dice() * limit);
  return Array.from({ length: 1 + below(6) }, () => {
    const actor = below(2) === 0 ? ANN : BOB;
    const seq = 1 + below(store.head(CHANNEL) + 1);
    const text = `text ${below(1e6)}`;
    switch (below(8)) {
      case 0:
        return draft(actor, edit(seq, text));
      case 1:
        return draft(actor, inChannel("messageDeleted", { messageSeq: seq }));
      case 2:
        return draft(actor, inChannel("reactionAdded", { messageSeq: seq, emoji: "👍" }));
      default:
        return draft(actor, message(text));
    }
  });
}
