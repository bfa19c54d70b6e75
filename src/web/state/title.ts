/** The tab's title: what is open, and how much waits elsewhere. @module */
import { effect } from "@preact/signals";
import { ChannelKind } from "../../client/mod.ts";
import { formatNumber } from "../i18n/format.ts";
import { plainName } from "../text/names.ts";
import type { Chat } from "./chat.ts";
import { route } from "./route.ts";
import { calls } from "./rows.ts";
import { server } from "./server.ts";

/** Keeps the title true. */
export function keepTitle(chat: Chat): void {
  const stop = effect(() => {
    const rows = chat.rows.value;
    const open = rows.find((row) => row.id === route.value.channelId);
    const name = server.value?.name || "Rookery";
    const place = open && (open.kind === ChannelKind.DIRECT ? plainName(open.title) : `#${open.title}`);
    const called = rows.reduce((sum, row) => sum + calls(row), 0);
    const badge = called > 0 ? `(${formatNumber(called)}) ` : rows.some((row) => row.unread > 0) ? "• " : "";
    document.title = badge + (place ? `${place} · ${name}` : name);
  });
  chat.lifetime.addEventListener("abort", stop);
}
