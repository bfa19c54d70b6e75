/** What the list of channels shows. @module */
import { ChannelKind, type ChannelState, type User } from "../../../client/mod.ts";
import { collator } from "../../i18n/format.ts";
import { isolated } from "../../text/names.ts";
import { nameOf } from "../people/people.ts";

export interface ChannelRow {
  readonly id: number;
  readonly kind: ChannelKind;
  readonly title: string;
  readonly topic: string;
  readonly archived: boolean;
  readonly unread: number;
  readonly mentions: number;
  /** When something happened last, milliseconds since 1970 UTC; 0 where that is not known. */
  readonly headMs: number;
  /** In a direct conversation: everybody else; oneself in notes to oneself. */
  readonly others: readonly number[];
}

/** How a channel appears to `me`, who may have seen more than the server knows of. */
export function rowOf(
  { channel, unread, mentions, headSeq, headMs }: ChannelState,
  { me, user, seen }: {
    me: number;
    user: (id: number) => User | undefined;
    seen: (channelId: number, seq: number) => boolean;
  },
): ChannelRow {
  const others = channel.directUserIds.filter((id) => id !== me);
  if (channel.kind === ChannelKind.DIRECT && others.length === 0) others.push(me);
  const several = others.length > 1;
  const title = channel.kind === ChannelKind.DIRECT
    ? others.map((id) => nameOf(user(id))).sort(collator().compare).map(several ? isolated : String).join(
      ", ",
    )
    : channel.name;
  const { id, kind, topic, archived } = channel;
  const fresh = unread > 0 && !seen(id, headSeq);
  return {
    ...{ id, kind, title, topic, archived, others, headMs },
    unread: fresh ? unread : 0,
    mentions: fresh ? mentions : 0,
  };
}

/** As the list shows them: conversations, the latest first, and then channels by title as people of this language sort. */
export function sortedRows(rows: readonly ChannelRow[]): ChannelRow[] {
  const { compare } = collator();
  const latest = (row: ChannelRow) => row.kind === ChannelKind.DIRECT ? row.headMs : -1;
  return rows.toSorted((a, b) => latest(b) - latest(a) || compare(a.title, b.title) || a.id - b.id);
}

/** How much a row asks for attention: every message of a conversation does, in channels only mentions do. */
export function calls(row: ChannelRow): number {
  return row.kind === ChannelKind.DIRECT ? row.unread : row.mentions;
}
