/** The user's channels in the order of the screen. @module */
import { ChannelKind, type ChannelState, PresenceState, type Replica } from "../../client/mod.ts";
import type { ChannelEntry } from "./layout.ts";
import type { Names } from "./names.ts";

/** Channels by name, then conversations by the other's name; the one on the screen in any case. */
export function orderedChannels(replica: Replica, names: Names, current: number): ChannelState[] {
  const keyed = listedChannels(replica, current).map((state) => ({
    state,
    key: `${state.channel.kind === ChannelKind.DIRECT ? 1 : 0}${names.channel(state.channel)}`,
  }));
  return keyed.sort((a, b) => a.key < b.key ? -1 : 1).map(({ state }) => state);
}

/** The list as it is shown. */
export function channelEntries(replica: Replica, names: Names, current: number): ChannelEntry[] {
  return orderedChannels(replica, names, current).map(({ channel, unread, mentions }) => ({
    label: names.channel(channel),
    unread,
    mentions,
    current: channel.id === current,
    online: channel.kind === ChannelKind.DIRECT
      ? others(replica, channel.directUserIds).some((id) => replica.presence.get(id) === PresenceState.ONLINE)
      : undefined,
  }));
}

/** The channel on the screen, whoever one talks to alone, and the members that are known. */
export function watchedIds(replica: Replica, current: number): number[] {
  const direct = listedChannels(replica, current).flatMap(({ channel }) => channel.directUserIds);
  const members = replica.channels.get(current)?.members.keys() ?? [];
  const ids = new Set([...(current ? [current] : []), ...others(replica, [...direct, ...members])]);
  return [...ids].slice(0, replica.limits?.watchedIds);
}

function listedChannels(replica: Replica, current: number): ChannelState[] {
  return [...replica.channels.values()].filter(({ listed, channel }) => listed || channel.id === current);
}

function others(replica: Replica, ids: readonly number[]): number[] {
  return ids.filter((id) => id !== replica.me?.id);
}
