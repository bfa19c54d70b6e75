/** A follower that folds the log into the messages as they are, and counts what it took. @module */
import type { LoggedChange } from "../../../src/chat/ports.ts";
import type { FollowerTables } from "../../../src/store/followers/database_follower.ts";

export const FOLD = "fold";

/** Counts every change, so that one that is left out or taken twice shows. */
export function foldTables(
  { version = 1, before = () => {} }: {
    readonly version?: number;
    /** Called with each page before anything is done with it. */
    readonly before?: (changes: readonly LoggedChange[]) => void;
  } = {},
): FollowerTables {
  return {
    name: FOLD,
    version,
    schema: `
      CREATE TABLE message (position INTEGER PRIMARY KEY, channel INTEGER, author INTEGER, text TEXT) STRICT;
      CREATE TABLE seen (kind TEXT PRIMARY KEY, number INTEGER NOT NULL) STRICT;
    `,
    prepare(db) {
      const put = db.prepare("INSERT OR REPLACE INTO message VALUES (?, ?, ?, ?)");
      const drop = db.prepare("DELETE FROM message WHERE position = ?");
      const see = db.prepare("INSERT INTO seen VALUES (?, 1) ON CONFLICT DO UPDATE SET number = number + 1");
      const take = ({ position, event: { stream, actorId, body }, message }: LoggedChange) => {
        see.run(body.case);
        if (body.case === "messageSent") {
          if (body.value.text !== "") put.run(position, stream, actorId, body.value.text);
        } else if (body.case === "messageEdited" && message) {
          if (body.value.text !== "") put.run(message.position, stream, message.authorId, body.value.text);
        } else if (body.case === "messageDeleted" && message) drop.run(message.position);
      };
      return {
        take(changes) {
          before(changes);
          changes.forEach(take);
        },
      };
    },
  };
}
