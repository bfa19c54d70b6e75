/** One channel on the screen: what is shown besides messages, and how far it is scrolled. @module */
import type { ChannelState, Message } from "../../client/mod.ts";
import {
  dayName,
  type MessageContext,
  messageLines,
  noticeLines,
  pendingLines,
  ruler,
  sameDay,
} from "./message_lines.ts";
import { ALERT, DIM, type Line } from "./style.ts";

const NOTICES = 100;

interface Notice {
  /** Stands behind this event. */
  readonly afterSeq: number;
  readonly text: string;
}

/** What to draw. */
export interface RoomView {
  readonly state: ChannelState;
  readonly height: number;
  readonly context: MessageContext;
  /** Texts that are not stored yet. */
  readonly pending: readonly string[];
}

export class Room {
  /** What was unread when the channel was opened begins behind this event. */
  unreadAfter: number | undefined;
  #notices: Notice[] = [];
  /** Lines below the lower edge. */
  #below = 0;
  #newestSeq = 0;
  /** Whether there may be more above what was drawn last. */
  #wantsOlder = false;

  get scrolled(): boolean {
    return this.#below > 0;
  }

  /** Whether older messages should be fetched. */
  get wantsOlder(): boolean {
    return this.#wantsOlder;
  }

  scroll(lines: number): void {
    this.#below = Math.max(0, this.#below + lines);
  }

  toBottom(): void {
    this.#below = 0;
  }

  /** Shows a text behind an event. */
  notice(text: string, { afterSeq }: { readonly afterSeq: number }): void {
    this.#notices.push({ afterSeq, text });
    if (this.#notices.length > NOTICES) this.#notices.shift();
  }

  /** Exactly `height` lines, or fewer when there is no more. */
  draw(view: RoomView): Line[] {
    this.#stayInPlace(view);
    const needed = view.height + this.#below;
    const blocks: Line[][] = [this.#tail(view)];
    let count = blocks[0]!.length;
    const { messages } = view.state;
    let at = messages.length;
    while (at > 0 && count < needed) {
      at--;
      const lines = this.#entry(view, at);
      blocks.push(lines);
      count += lines.length;
    }
    const all = blocks.reverse().flat();
    this.#wantsOlder = at === 0 && count <= needed && view.state.floorSeq > 0;
    this.#below = Math.max(0, Math.min(this.#below, all.length - view.height));
    const end = all.length - this.#below;
    return all.slice(Math.max(0, end - view.height), end);
  }

  /** What is new comes below: somebody who reads further up keeps their place. */
  #stayInPlace(view: RoomView): void {
    const { messages } = view.state;
    const newest = messages.at(-1)?.seq ?? 0;
    if (this.#below > 0) {
      for (let at = messages.length - 1; at >= 0 && messages[at]!.seq > this.#newestSeq; at--) {
        this.#below += this.#entry(view, at).length;
      }
    }
    this.#newestSeq = newest;
  }

  /** Lines of a message with what stands above and below it. */
  #entry({ state, context }: RoomView, at: number): Line[] {
    const message = state.messages[at]!;
    const before = state.messages[at - 1];
    const after = state.messages[at + 1];
    const lines: Line[] = [];
    if (!before || !sameDay(before.timeMs, message.timeMs)) {
      lines.push(ruler(dayName(message.timeMs), context.width, DIM));
    }
    const unread = this.#beginsUnread(message, before, context.me);
    if (unread) lines.push(ruler("new", context.width, ALERT));
    lines.push(...messageLines(message, unread ? undefined : before, context));
    if (after) lines.push(...this.#noticesBetween(message.seq, after.seq, context.width));
    return lines;
  }

  #beginsUnread(message: Message, before: Message | undefined, me: number): boolean {
    const { unreadAfter } = this;
    if (unreadAfter === undefined || message.seq <= unreadAfter || message.authorId === me) return false;
    return !before || before.seq <= unreadAfter;
  }

  /** What stands below the newest message. */
  #tail({ state, context, pending }: RoomView): Line[] {
    const newest = state.messages.at(-1)?.seq ?? 0;
    return [
      ...this.#noticesBetween(newest, Infinity, context.width),
      ...pending.flatMap((text) => pendingLines(text, context)),
    ];
  }

  #noticesBetween(from: number, to: number, width: number): Line[] {
    return this.#notices
      .filter(({ afterSeq }) => afterSeq >= from && afterSeq < to)
      .flatMap(({ text }) => noticeLines(text, width));
  }
}
