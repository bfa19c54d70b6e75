/** The tab's title: what is open, and how much waits elsewhere. @module */
import { effect } from "@preact/signals";
import { ChannelKind } from "../../../client/mod.ts";
import { formatCount } from "../../i18n/format.ts";
import { plainName } from "../../text/names.ts";
import type { Chat } from "./chat.ts";
import { route } from "./route.ts";
import { calls, type ChannelRow } from "../channels/rows.ts";
import { server } from "../server/server.ts";

/** The open channel, when nobody may be looking at it though it is on the screen: behind another window, say. */
function unwatched(chat: Chat): number {
  return chat.seen.focused.value ? 0 : chat.seen.now.value;
}

function withAll(chat: Chat, row: ChannelRow): ChannelRow {
  const state = chat.client.replica.channels.get(row.id);
  return { ...row, unread: state?.unread ?? 0, mentions: state?.mentions ?? 0 };
}

/** Keeps the title true. */
export function keepTitle(chat: Chat): void {
  const stop = effect(() => {
    const rows = chat.rows.value;
    const open = rows.find((row) => row.id === route.value.channelId);
    const name = server.value?.name || "Rookery";
    const place = open && (open.kind === ChannelKind.DIRECT ? plainName(open.title) : `#${open.title}`);
    const counted = rows.map((row) => row.id === unwatched(chat) ? withAll(chat, row) : row);
    const called = counted.reduce((sum, row) => sum + calls(row), 0);
    const badge = called > 0
      ? `(${formatCount(called)}) `
      : counted.some((row) => row.unread > 0)
      ? "• "
      : "";
    document.title = badge + (place ? `${place} · ${name}` : name);
  });
  chat.lifetime.addEventListener("abort", stop);
}
