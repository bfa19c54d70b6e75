/** The members of a channel, page by page. @module */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { ChannelKind } from "../../../client/mod.ts";
import { attemptRead } from "../../state/shell/notices.ts";
import { useChat } from "../shell/context.ts";

interface Members {
  readonly ids: readonly number[];
  /** There are more of them than are here. */
  readonly more: boolean;
  next(): void;
}

/** Those who are known, and pages of the others until there are `enough`; further ones when asked for. */
export function useMembers(channelId: number, { enough }: { readonly enough: number }): Members {
  const chat = useChat();
  const more = useSignal(false);
  /** Last of the newest page: those who join meanwhile have higher numbers, and lie behind all pages. */
  const last = useSignal(0);
  chat.watchChannels();
  const state = chat.client.replica.channels.get(channelId);
  const direct = state?.channel.kind === ChannelKind.DIRECT;
  const load = async (after: number, wanted: number) => {
    const page = chat.client.listMembers(channelId, { after });
    if (!await attemptRead(page)) return;
    const { members, more: rest } = await page;
    more.value = rest;
    last.value = members.at(-1)?.userId ?? after;
    chat.client.getUsers(members.map(({ userId }) => userId)).catch(() => {});
    if (rest && members.length < wanted) await load(last.value, wanted - members.length);
  };
  const { connected } = chat;
  useEffect(() => {
    if (connected && !direct) void load(0, enough);
  }, [channelId, connected]);
  return {
    ids: direct ? state.channel.directUserIds : [...state?.members.keys() ?? []],
    more: more.value,
    next: () => void load(last.value, 1),
  };
}
