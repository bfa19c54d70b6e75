/** Who may be meant by the letters after an @. @module */
import type { User } from "../../../client/mod.ts";
import { EVERYBODY } from "../../../text/mention.ts";
import { collator } from "../../i18n/format.ts";
import { MATCH, matchRank } from "../../text/name_match.ts";
import { mayModerate } from "../channels/rights.ts";
import type { Chat } from "../shell/chat.ts";
import { ChannelKind } from "../../../client/mod.ts";

export interface Candidate {
  /** Name that is written after @. */
  readonly name: string;
  /** Undefined for everybody. */
  readonly user: User | undefined;
}

/** So many are offered. */
export const SHOWN_MAX = 8;

/**
 * Those whose name begins with the letters before those who only have such a word in it.
 * Where only part of the members is known, everybody may be one.
 */
export function candidates(
  chat: Chat,
  channelId: number,
  { letters, partial }: { readonly letters: string; readonly partial: boolean },
): Candidate[] {
  const state = chat.client.replica.channels.get(channelId);
  if (!state) return [];
  chat.watchChannels();
  const { compare } = collator();
  const direct = state.channel.kind === ChannelKind.DIRECT;
  const members = direct ? new Set(state.channel.directUserIds) : new Set(state.members.keys());
  const rank = (user: User) =>
    matchRank({ name: user.name }, letters) === MATCH.beginning ? -1 : matchRank(user, letters);
  const users = chat.people.known()
    .filter((user) =>
      !user.disabled && (partial || members.has(user.id)) && user.id !== chat.me?.id &&
      rank(user) < MATCH.within
    )
    .sort((a, b) => rank(a) - rank(b) || compare(a.name, b.name))
    .slice(0, SHOWN_MAX)
    .map((user): Candidate => ({ name: user.name, user }));
  const everybody = !direct && EVERYBODY.startsWith(letters) && mayModerate(chat, channelId);
  return everybody ? [...users.slice(0, SHOWN_MAX - 1), { name: EVERYBODY, user: undefined }] : users;
}
