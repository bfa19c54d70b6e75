/** The way to a channel, as lists have it. @module */
import type { ComponentChildren } from "preact";
import { goTo, route } from "../../state/shell/route.ts";

export function ChannelLink({ channelId, kind = "", children }: {
  channelId: number;
  /** Further classes. */
  kind?: string;
  children: ComponentChildren;
}) {
  const current = route.value.channelId === channelId;
  return (
    <a
      href={`#channel=${channelId}`}
      class={`channel ${current ? "current" : ""} ${kind}`}
      aria-current={current ? "page" : undefined}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        goTo(channelId);
      }}
    >
      {children}
    </a>
  );
}
