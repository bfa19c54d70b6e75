/** What a channel or a conversation is called. @module */
import type { ChannelRow } from "../../state/channels/rows.ts";

/** The direction is the name's own; several names, each isolated already, follow each other as the page is read. */
export function RowTitle({ row, class: name }: { row: ChannelRow; class?: string }) {
  return <bdi class={name} dir={row.others.length > 1 ? "ltr" : "auto"}>{row.title}</bdi>;
}
