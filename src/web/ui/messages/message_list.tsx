/** The messages of the open channel, scrolled without jumps. @module */
import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { Message } from "../../../client/mod.ts";
import { formatDay } from "../../i18n/format.ts";
import { t } from "../../i18n/i18n.ts";
import type { Room } from "../../state/channels/room.ts";
import { useChat } from "../shell/context.ts";
import { copiedMessages } from "./copied_messages.ts";
import { JumpButton, UnreadPill } from "./jumps.tsx";
import { onKeys } from "../shell/key_event.ts";
import { FOLLOWS_MS, type ListItem, listItems } from "./list_items.ts";
import { MessageRow } from "./message_row.tsx";
import { OutgoingRow } from "./outgoing_row.tsx";
import { Beginning } from "./beginning.tsx";
import { ScrollKeeper } from "./scroll_keeper.ts";

/** Pages are fetched before their edge comes into sight. */
const AHEAD_PX = 1_500;

/** A touch tells of a mouse, too, and what it then shows must not get under the finger before the click. */
const HOVERS = matchMedia("(hover: hover)");

export function MessageList({ room }: { room: Room }) {
  const chat = useChat();
  const active = useSignal(0);
  const { messages } = room;
  // Somebody who reads far up goes to the end to see what is on its way; without a connection nobody can.
  const outgoing = room.atEnd || !chat.connected ? chat.outgoing.in(room.channelId) : [];
  const below = textBelow(room, chat.connected);
  const me = chat.me?.id ?? 0;
  const changes = chat.changes.in(room.channelId);
  const items = listItems(chat.changes.applied(messages), {
    unreadSeq: room.line.seq.value,
    me,
    atStart: room.atStart,
  });
  const { element, look } = useScrolling(room);
  useEffect(() => {
    // Without a Tab stop of its own nothing in the list could be reached.
    if (!messages.some(({ seq }) => seq === active.value)) active.value = 0;
  });

  const tabStop = active.value || messages.at(-1)?.seq;
  return (
    <div class="scroller-frame">
      <div
        ref={element}
        class="scroller"
        role="region"
        aria-label={t("messages")}
        onScroll={look}
        onCopy={(event) => {
          const text = copiedMessages(chat, event.currentTarget);
          if (text === undefined || !event.clipboardData) return;
          event.clipboardData.setData("text/plain", text);
          event.preventDefault();
        }}
        onKeyDown={onKeys((event) => onKey(event, room, active))}
        onFocusIn={(event) => active.value = seqOf(event.target) || active.value}
        onMouseOver={(event) => HOVERS.matches && (active.value = seqOf(event.target) || active.value)}
        onMouseLeave={() => active.value = 0}
        onClick={(event) => active.value = seqOf(event.target) || active.value}
      >
        <div class="messages">
          {room.failure.value && <p class="failure" role="alert">{room.failure.value}</p>}
          <Above room={room} atStart={room.atStart} />
          {items.map((item) => {
            if (item.kind !== "message") return <Line key={item.key} item={item} />;
            const { seq } = item.message;
            return (
              <MessageRow
                key={item.key}
                message={item.message}
                change={changes.get(seq)}
                follows={item.follows}
                marked={room.marked.value === seq}
                active={active.value === seq}
                tabbable={tabStop === seq}
              />
            );
          })}
          {below && <p class="loading">{below}</p>}
          {outgoing.map((message, i) => (
            <OutgoingRow
              key={message.key}
              message={message}
              follows={message.replyTo === 0 && (i > 0 || (below === "" && continues(messages.at(-1), me)))}
            />
          ))}
        </div>
      </div>
      <UnreadPill line={room.line} onGo={() => void room.showUnread()} />
      <JumpButton room={room} />
    </div>
  );
}

/** What stands below the messages where more of them are missing; empty where none are. */
function textBelow(room: Room, connected: boolean): string {
  if (!room.empty.value && room.atEnd) return "";
  if (!connected) return t("shownWhenConnected");
  return room.empty.value ? "" : t("loading");
}

/** What stands above them. */
function Above({ room, atStart }: { room: Room; atStart: boolean }) {
  const { connected } = useChat();
  if (room.empty.value) return null;
  if (atStart) return <Beginning room={room} />;
  return <p class="loading">{connected ? t("loading") : t("shownWhenConnected")}</p>;
}

/** Whether what the user writes now follows the last message. */
function continues(last: Message | undefined, me: number): boolean {
  return last !== undefined && last.authorId === me && Date.now() - last.timeMs < FOLLOWS_MS;
}

/** What stands between messages. */
function Line({ item }: { item: Exclude<ListItem, { kind: "message" }> }) {
  return item.kind === "day"
    ? (
      <h3 class="day">
        <span>{formatDay(item.timeMs)}</span>
      </h3>
    )
    : (
      <p class="unread-line">
        <span>{t("newMessages")}</span>
      </p>
    );
}

/** Keeps what is read in its place, and fetches what is about to be read. */
function useScrolling(room: Room) {
  const element = useRef<HTMLDivElement>(null);
  const keeper = useRef<ScrollKeeper | undefined>(undefined);
  // Read before the elements change, put right afterwards.
  const anchor = keeper.current?.capture();
  /** Where the reader is now, and whether more is needed there. */
  const look = () => {
    const { above, below } = keeper.current!.room;
    const atEnd = keeper.current!.atEnd && room.atEnd;
    keeper.current!.stuck = atEnd;
    room.scrolled(atEnd, keeper.current!.line);
    if (room.empty.peek() || room.loading) return;
    if (!room.atStart && above < AHEAD_PX) void room.extend("older");
    else if (!room.atEnd && below < AHEAD_PX) void room.extend("newer");
  };
  useLayoutEffect(() => {
    keeper.current = new ScrollKeeper(element.current!);
    room.seqOnScreen = () => Number(keeper.current!.capture()?.seq ?? 0);
    const observer = new ResizeObserver(() => keeper.current!.stuck && keeper.current!.toEnd());
    observer.observe(element.current!);
    observer.observe(element.current!.firstElementChild!);
    return () => observer.disconnect();
  }, [room]);
  useLayoutEffect(() => {
    place(room, keeper.current!, anchor);
    look();
  });
  return { element, look };
}

/** Jumps where the room wants to be, or stays where the reader is. */
function place(room: Room, keeper: ScrollKeeper, anchor: ReturnType<ScrollKeeper["capture"]>): void {
  const { jump } = room;
  room.jump = undefined;
  if (jump?.to === "place") keeper.stuck = false;
  if (!jump || jump.to === "place") return keeper.restore(anchor);
  if (jump.to === "message") return keeper.toMessage(jump.seq);
  if (jump.to === "end" || !keeper.toUnread()) keeper.toEnd();
}

function seqOf(target: EventTarget | null): number {
  const row = target instanceof Element ? target.closest<HTMLElement>("[data-seq]") : null;
  return Number(row?.dataset.seq ?? 0);
}

/** Arrows go from message to message; Home and End to the ends of the channel. */
function onKey(
  event: KeyboardEvent & { currentTarget: HTMLElement },
  room: Room,
  active: { value: number },
): void {
  const focused = event.target as HTMLElement;
  if (!focused.matches("[data-seq]") || event.ctrlKey || event.metaKey || event.altKey) return;
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-seq]")];
  const at = rows.indexOf(focused);
  if (event.key === "ArrowUp" || event.key === "ArrowDown") {
    event.preventDefault();
    const next = rows[at + (event.key === "ArrowUp" ? -1 : 1)];
    if (next) next.focus();
    else if (event.key === "ArrowDown") document.getElementById("composer")?.focus();
  } else if (event.key === "Home") {
    event.preventDefault();
    void room.show(1);
  } else if (event.key === "End") {
    event.preventDefault();
    active.value = 0;
    void room.showNewest();
  }
}
