/** The tables beside the log, each compared with what the log says. @module */
import type { DatabaseSync } from "node:sqlite";
import { SERVER_STREAM, SYSTEM_USER_ID } from "../../chat/model.ts";
import { directKey } from "../events/channels.ts";
import { queryOne, queryTuples } from "../reader/query.ts";
import type { LogFold } from "./log_fold.ts";
import { compareWithLog, type Problems } from "./problems.ts";

type Pairs = Iterable<readonly [what: string, value: string]>;

/** One table: what is said of it, how many rows it has, and the comparison. */
export interface TableCheck {
  readonly name: string;
  compare(db: DatabaseSync, fold: LogFold, problems: Problems): number;
}

/** A table whose rows are pairs of a name for people and a value. */
function check(
  name: string,
  expected: (fold: LogFold) => Pairs,
  sql: string,
  pairOf: (row: never[]) => readonly [what: string, value: string],
): TableCheck {
  return {
    name,
    compare(db, fold, problems) {
      const rows = queryTuples<[], never[]>(db, sql)();
      compareWithLog(problems, new Map(expected(fold)), rows.map(pairOf));
      return rows.length;
    },
  };
}

function* users({ users }: LogFold): Pairs {
  for (const [id, { name, displayName, role, disabled }] of users) {
    yield [`user ${id}`, JSON.stringify([name, displayName, role, disabled ? 1 : 0])];
  }
}

function* channels({ channels }: LogFold): Pairs {
  for (const [id, channel] of channels) {
    const { kind, name, topic, archived, creatorId } = channel;
    const columns = [kind, name, topic, archived ? 1 : 0, creatorId, directKey(channel)];
    yield [`channel ${id}`, JSON.stringify(columns)];
  }
}

function* places({ places }: LogFold): Pairs {
  for (const [channel, members] of places) {
    for (const [user, { role, banned, added, readSeq }] of members) {
      yield [`user ${user} in channel ${channel}`, placeText(role, [banned ? 1 : 0, added ? 1 : 0], readSeq)];
    }
  }
}

function placeText(role: number, [banned, added]: readonly [number, number], readSeq: number): string {
  return `role ${role}${banned === 1 ? ", banned" : ""}${
    added === 1 ? ", added" : ""
  }, read up to ${readSeq}`;
}

function* reactions({ reactions }: LogFold): Pairs {
  for (const [channel, messages] of reactions) {
    for (const [message, byUser] of messages) {
      for (const [key, seq] of byUser) {
        const at = key.indexOf(" ");
        yield [reactionText(channel, message, key.slice(0, at), key.slice(at + 1)), `event ${seq}`];
      }
    }
  }
}

function reactionText(channel: number, message: number, user: string | number, emoji: string): string {
  return `reaction ${emoji} of user ${user} to message ${message} of channel ${channel}`;
}

function* pins({ pins }: LogFold): Pairs {
  for (const [channel, messages] of pins) {
    for (const [message, { user, seq }] of messages) {
      yield [pinText(channel, message), `by user ${user}, event ${seq}`];
    }
  }
}

function pinText(channel: number, message: number): string {
  return `pin of message ${message} of channel ${channel}`;
}

function* sessions({ sessions }: LogFold): Pairs {
  for (const [id, { user, device, createdMs }] of sessions) {
    yield [`session ${id}`, JSON.stringify([user, device, createdMs])];
  }
}

function* credentials({ credentials }: LogFold): Pairs {
  for (const user of credentials) yield [`password of user ${user}`, ""];
}

function* invites({ invites }: LogFold): Pairs {
  for (const [id, revoked] of invites) yield [`invite ${id}`, revoked ? "revoked" : "not revoked"];
}

function* serverName({ serverName }: LogFold): Pairs {
  yield ["the server's name", JSON.stringify(serverName)];
}

/**
 * Whether all who reacted with an emoji agree since when it has been there.
 * The log cannot tell it exactly: an earlier schema did not keep it.
 */
const EMOJI_ORDER: TableCheck = {
  name: "emoji order",
  compare(db, _fold, problems) {
    const rows = queryTuples<[], [number, number, string, number, number, number]>(
      db,
      `SELECT channel, message_seq, emoji, min(since_seq), max(since_seq), min(seq) FROM reaction GROUP BY 1, 2, 3`,
    )();
    for (const [channel, message, emoji, since, latest, first] of rows) {
      if (since === latest && since > message && since <= first) continue;
      problems.add(
        `emoji ${emoji} under message ${message} of channel ${channel} has a wrong place in the order`,
      );
    }
    return rows.length;
  },
};

export const TABLE_CHECKS: readonly TableCheck[] = [
  check(
    "users",
    users,
    "SELECT id, name, display_name, role, disabled FROM user",
    ([id, ...columns]) => [`user ${id}`, JSON.stringify(columns)],
  ),
  check(
    "passwords",
    credentials,
    "SELECT user FROM credential",
    ([user]) => [`password of user ${user}`, ""],
  ),
  check(
    "sessions",
    sessions,
    "SELECT id, user, device, created_ms FROM session",
    ([id, ...columns]) => [`session ${id}`, JSON.stringify(columns)],
  ),
  check(
    "channels",
    channels,
    "SELECT id, kind, name, topic, archived, creator, direct_key FROM channel",
    ([id, ...columns]) => [`channel ${id}`, JSON.stringify(columns)],
  ),
  check(
    "memberships",
    places,
    "SELECT channel, user, role, banned, added, read_seq FROM membership",
    ([channel, user, role, banned, added, read]) => [
      `user ${user} in channel ${channel}`,
      placeText(role!, [banned!, added!], read!),
    ],
  ),
  check(
    "reactions",
    reactions,
    "SELECT channel, message_seq, user, emoji, seq FROM reaction",
    ([channel, message, user, emoji, seq]) => [
      reactionText(channel!, message!, user!, emoji!),
      `event ${seq}`,
    ],
  ),
  EMOJI_ORDER,
  check(
    "pins",
    pins,
    "SELECT channel, message_seq, user, seq FROM pin",
    ([channel, message, user, seq]) => [pinText(channel!, message!), `by user ${user}, event ${seq}`],
  ),
  check(
    "invites",
    invites,
    "SELECT id, revoked FROM invite",
    ([id, revoked]) => [`invite ${id}`, revoked === 1 ? "revoked" : "not revoked"],
  ),
  check(
    "server names",
    serverName,
    "SELECT server_name FROM meta",
    ([name]) => ["the server's name", JSON.stringify(name)],
  ),
];

/** Streams and users that nobody has, and ids that would be given out twice. */
export function findOrphans(
  db: DatabaseSync,
  { fold, streams }: { readonly fold: LogFold; readonly streams: Iterable<number> },
  problems: Problems,
): void {
  for (const id of streams) {
    if (id !== SERVER_STREAM && !fold.users.has(id) && !fold.channels.has(id)) {
      problems.add(`stream ${id} belongs to no user and no channel`);
    }
  }
  for (const id of fold.actors) {
    if (id !== SYSTEM_USER_ID && !fold.users.has(id)) {
      problems.add(`events were made by user ${id}, who is unknown`);
    }
  }
  for (const [channel, members] of fold.places) {
    if (members.size > 0 && !fold.channels.has(channel)) {
      problems.add(`channel ${channel} has members and is unknown`);
    }
    for (const user of members.keys()) {
      if (!fold.users.has(user)) problems.add(`user ${user} in channel ${channel} is unknown`);
    }
  }
  const meta = queryOne<[], { max_id: number }>(db, "SELECT max_id FROM meta")();
  if (!meta) problems.add("the table meta has no row");
  else if (meta.max_id < fold.maxId) {
    problems.add(`the newest id is ${fold.maxId}, and the table meta says ${meta.max_id}`);
  }
}
