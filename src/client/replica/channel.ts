/** One channel, as a client holds it. @module */
import {
  type Channel,
  ChannelKind,
  type ChannelRole,
  type ChannelView,
  type Event,
  type MemberPage,
  type Message,
  type MessagePage,
} from "../../wire/client_codec.ts";
import { folding, sentMessage } from "./message.ts";
import { MessageWindow } from "./window.ts";

/** What an event did to a message that is held, or to one that has just come. */
export interface MessageChange {
  readonly kind: "sent" | "edited" | "deleted" | "reacted" | "pinned";
  readonly message: Message;
}

/** What an event did to a channel. */
export interface ChannelEffect {
  readonly message?: MessageChange;
  /** Something besides messages is different. */
  readonly changed?: "updated" | "members" | "unread";
}

/** Position that a page of history was asked for. */
export type HistoryPosition =
  | { readonly case: "before" | "after" | "around"; readonly value: number }
  | { readonly case: undefined };

/** What a listener and a user interface may look at. */
export interface ChannelState {
  readonly channel: Channel;
  /** The user's own role. */
  readonly role: ChannelRole;
  /** False for a direct conversation that somebody else has opened and in which nothing was said yet: lists leave it out. */
  readonly listed: boolean;
  /** Newest event that is held. */
  readonly headSeq: number;
  /** When the newest event was stored, milliseconds since 1970 UTC; 0 where that is not known. */
  readonly headMs: number;
  /** The user has read up to this event. */
  readonly readSeq: number;
  /** Messages of others after readSeq; an upper bound while not all of them are held. */
  readonly unread: number;
  /** Those of them that mention the user. */
  readonly mentions: number;
  /** Members that are known: those of the pages that were fetched, kept up to date. */
  readonly members: ReadonlyMap<number, ChannelRole>;
  /** Every message after floorSeq, ascending. */
  readonly messages: readonly Message[];
  /** Messages up to this number are not held; 0 when none are older. */
  readonly floorSeq: number;
}

export class ChannelReplica implements ChannelState {
  channel: Channel;
  role: ChannelRole;
  headSeq: number;
  headMs: number;
  readSeq: number;
  unread: number;
  mentions: number;
  readonly members = new Map<number, ChannelRole>();
  readonly #me: number;
  readonly #limit: number;
  #window: MessageWindow;
  /** Events up to here are part of the server's own count of unread messages. */
  #countedSeq: number;
  /** No message is newer; exact once a message has come. */
  #newestSeq: number;

  constructor(view: ChannelView, { me, limit, headSeq }: { me: number; limit: number; headSeq: number }) {
    this.#me = me;
    this.#limit = limit;
    this.channel = view.channel;
    this.role = view.role;
    this.readSeq = view.readSeq;
    this.unread = view.unread;
    this.mentions = view.mentions;
    this.headSeq = headSeq;
    this.headMs = view.headMs;
    this.#countedSeq = this.#newestSeq = view.headSeq;
    this.#window = new MessageWindow(limit, headSeq);
  }

  get listed(): boolean {
    const { kind, creatorId, directUserIds } = this.channel;
    // It begins with the events of its making and of everybody's joining.
    return kind !== ChannelKind.DIRECT || creatorId === this.#me || this.headSeq > 1 + directUserIds.length;
  }

  get messages(): readonly Message[] {
    return this.#window.messages;
  }

  get floorSeq(): number {
    return this.#window.floorSeq;
  }

  /** A message that is held. */
  message(seq: number): Message | undefined {
    return this.#window.get(seq);
  }

  /** Takes the server's view over; events between the two are still to come. */
  refresh(view: ChannelView): void {
    this.channel = view.channel;
    this.role = view.role;
    this.readSeq = view.readSeq;
    this.unread = view.unread;
    this.mentions = view.mentions;
    this.headMs = view.headMs || this.headMs;
    this.#countedSeq = view.headSeq;
    this.#newestSeq = Math.max(this.#newestSeq, view.headSeq);
  }

  /** Forgets messages and members, and continues after `headSeq`. */
  reload(headSeq: number): void {
    this.headSeq = headSeq;
    this.members.clear();
    this.#newestSeq = Math.max(this.#newestSeq, headSeq);
    this.#window = new MessageWindow(this.#limit, headSeq);
  }

  /** Folds the next event of the stream in. */
  apply(event: Event): ChannelEffect {
    this.headSeq = event.seq;
    this.headMs = event.timeMs;
    const fold = folding(event);
    if (fold) return this.#change(event, fold);
    const { body } = event;
    switch (body.case) {
      case "messageSent": {
        const message = sentMessage(event, body.value);
        this.#window.append(message);
        this.#newestSeq = event.seq;
        return { message: { kind: "sent", message }, ...this.#count(event, undefined, message) };
      }
      case "channelCreated":
      case "channelUpdated":
        if (body.value.channel) this.channel = body.value.channel;
        return { changed: "updated" };
      case "memberJoined":
      case "memberRoleChanged":
        this.members.set(body.value.userId, body.value.role);
        if (body.value.userId === this.#me) this.role = body.value.role;
        return { changed: "members" };
      case "memberLeft":
        this.members.delete(body.value.userId);
        return { changed: "members" };
      default:
        return {};
    }
  }

  /** The user has read up to an event, here or elsewhere. False when that is known. */
  read(seq: number): boolean {
    if (seq <= this.readSeq) return false;
    this.readSeq = seq;
    if (seq >= this.#newestSeq) this.unread = this.mentions = 0;
    else this.#recount();
    return true;
  }

  /**
   * Takes a page of history in when it continues what is held. False when it
   * lies apart, or when it is older than what is held.
   */
  merge(page: MessagePage, position: HistoryPosition): boolean {
    if (page.headSeq < this.headSeq) return false;
    const last = page.messages.at(-1)?.seq ?? 0;
    const after = position.case === "after"
      ? position.value
      : page.moreBefore
      ? (page.messages[0]?.seq ?? page.headSeq + 1) - 1
      : 0;
    const upTo = position.case === "before" ? position.value - 1 : page.moreAfter ? last : page.headSeq;
    if (!this.#window.prepend(page.messages, { after, upTo })) return false;
    this.#recount();
    return true;
  }

  /** Takes a page of members in. False when all of that is known. */
  mergeMembers(page: MemberPage, { whole }: { whole: boolean }): boolean {
    const gone = whole && page.members.length < this.members.size;
    const known = !gone && page.members.every(({ userId, role }) => this.members.get(userId) === role);
    if (known) return false;
    if (whole) this.members.clear();
    for (const { userId, role } of page.members) this.members.set(userId, role);
    return true;
  }

  /** Drops what scrolling back has added to the window. */
  trim(): void {
    this.#window.trim();
  }

  #change(
    event: Event,
    { messageSeq, kind, change }: NonNullable<ReturnType<typeof folding>>,
  ): ChannelEffect {
    const before = this.#window.get(messageSeq);
    if (!before) return {};
    const message = change(before);
    if (message === before) return {};
    this.#window.replace(message);
    return { message: { kind, message }, ...this.#count(event, before, message) };
  }

  /** Counts what an event has changed of a message that is not read yet. */
  #count(event: Event, before: Message | undefined, after: Message): Pick<ChannelEffect, "changed"> {
    if (event.seq <= this.#countedSeq || after.seq <= this.readSeq) return {};
    const old = { unread: this.unread, mentions: this.mentions };
    // The server may have counted when it had stored the change and not told it yet: not to be taken off twice.
    if (!before || !this.#recount()) {
      const unread = this.#counts(after) - (before ? this.#counts(before) : 0);
      const mentions = this.#mentioned(after) - (before ? this.#mentioned(before) : 0);
      this.unread = Math.max(0, this.unread + unread);
      this.mentions = Math.max(0, this.mentions + mentions);
    }
    const same = old.unread === this.unread && old.mentions === this.mentions;
    return same ? {} : { changed: "unread" };
  }

  /** Exact, and true, when everything unread is held; otherwise the numbers stay as the upper bound that they are. */
  #recount(): boolean {
    const messages = this.#window.since(this.readSeq);
    if (!messages) return false;
    this.unread = messages.reduce((sum, message) => sum + this.#counts(message), 0);
    this.mentions = messages.reduce((sum, message) => sum + this.#mentioned(message), 0);
    return true;
  }

  #counts(message: Message): number {
    return message.authorId !== this.#me && !message.deleted ? 1 : 0;
  }

  #mentioned(message: Message): number {
    const mentioned = message.mentionChannel || message.mentionIds.includes(this.#me);
    return mentioned ? this.#counts(message) : 0;
  }
}
