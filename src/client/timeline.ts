/**
 * A bounded stretch of a channel's messages, anywhere in its history, kept up
 * to date: what somebody looks at who may scroll through all of it.
 *
 * @module
 */
import type { Event, Message, MessagePage } from "../wire/client_codec.ts";
import type { RookeryClient } from "./client.ts";
import { Emitter } from "./emitter.ts";
import { foldEvent } from "./replica/message.ts";

/** How large the stretch may get, and the pages it grows by. */
export interface TimelineOptions {
  /** Messages held at most; 300 when left out. */
  readonly limit?: number;
  /** Messages fetched at once; 60 when left out. */
  readonly pageItems?: number;
}

interface TimelineEvents {
  change: undefined;
}

const DEFAULT_LIMIT = 300;
const DEFAULT_PAGE_ITEMS = 60;

/** Messages without holes, ascending. Disposing stops the updates. */
export class Timeline implements Disposable {
  readonly channelId: number;
  readonly #client: RookeryClient;
  readonly #limit: number;
  readonly #pageItems: number;
  readonly #emitter = new Emitter<TimelineEvents>();
  readonly #offs: (() => void)[];
  #messages: Message[] = [];
  #atStart = false;
  #atEnd = false;
  /** Events that came while a page was on its way; undefined when none is. */
  #meanwhile: Event[] | undefined;
  /** Tells the present fetch from those that were overtaken. */
  #fetches = 0;
  /**
   * Whether somebody looks at the end: then old messages make room for new ones,
   * and two pages are kept. Otherwise the new ones are left out when there is no
   * more room.
   */
  following = true;

  /** A stretch of this channel, empty until it is loaded. */
  constructor(client: RookeryClient, channelId: number, options: TimelineOptions = {}) {
    this.#client = client;
    this.channelId = channelId;
    this.#limit = options.limit ?? DEFAULT_LIMIT;
    this.#pageItems = options.pageItems ?? DEFAULT_PAGE_ITEMS;
    this.#offs = [
      client.on("event", (event) => event.stream === channelId && this.#event(event)),
      client.on("reload", ({ stream }) => stream === channelId && this.#forget()),
    ];
  }

  /** What it holds, oldest first. */
  get messages(): readonly Message[] {
    return this.#messages;
  }

  /** Nothing is older than what is held. */
  get atStart(): boolean {
    return this.#atStart;
  }

  /** Nothing is newer; what comes is appended. */
  get atEnd(): boolean {
    return this.#atEnd;
  }

  /** A page is on its way. */
  get loading(): boolean {
    return this.#meanwhile !== undefined;
  }

  /** Calls the listener after every change until the result is called. */
  on(type: "change", listener: () => void): () => void {
    return this.#emitter.on(type, listener);
  }

  /** Goes to the newest messages; at once when the replica holds enough of them. Rejects as reads do. */
  async latest(): Promise<void> {
    const held = this.#client.replica.channels.get(this.channelId);
    if (held && (held.floorSeq === 0 || held.messages.length >= this.#pageItems)) {
      this.#fetches++;
      this.#meanwhile = undefined;
      this.#messages = held.messages.slice(-this.#pageItems);
      this.#atStart = held.floorSeq === 0 && this.#messages.length === held.messages.length;
      this.#atEnd = true;
      return this.#changed();
    }
    await this.#fetch({}, (page) => this.#replace(page));
  }

  /** Goes to a message, with others on both sides of it. Rejects as reads do. */
  async around(seq: number): Promise<void> {
    await this.#fetch({ around: seq }, (page) => this.#replace(page));
  }

  /** Takes an older page in; the newest messages leave when there are too many. Rejects as reads do. */
  async older(): Promise<void> {
    const first = this.#messages[0];
    if (!first || this.#atStart || this.loading) return;
    await this.#fetch({ before: first.seq }, (page) => {
      this.#messages = [...page.messages, ...this.#messages];
      this.#atStart = !page.moreBefore;
      if (this.#messages.length <= this.#limit) return;
      this.#messages.length = this.#limit;
      this.#atEnd = false;
    });
  }

  /** Takes a newer page in; the oldest messages leave when there are too many. Rejects as reads do. */
  async newer(): Promise<void> {
    const last = this.#messages.at(-1);
    if (!last || this.#atEnd || this.loading) return;
    await this.#fetch({ after: last.seq }, (page) => {
      this.#messages = [...this.#messages, ...page.messages];
      this.#atEnd = !page.moreAfter;
      this.#dropOldest(this.#limit);
    });
  }

  /** Follows the channel no more. */
  [Symbol.dispose](): void {
    this.#fetches++;
    for (const off of this.#offs) off();
  }

  async #fetch(
    position: { before?: number; after?: number; around?: number },
    take: (page: MessagePage) => void,
  ): Promise<void> {
    const fetch = ++this.#fetches;
    this.#meanwhile = [];
    this.#changed();
    try {
      const page = await this.#client.history(this.channelId, { ...position, limit: this.#pageItems });
      if (fetch !== this.#fetches) return;
      take(page);
      const missed = this.#meanwhile.filter((event) => event.seq > page.headSeq);
      this.#meanwhile = undefined;
      for (const event of missed) this.#fold(event);
    } finally {
      // The replica holds the end of a channel; what is older is held here.
      this.#client.replica.trim(this.channelId);
      if (fetch === this.#fetches) {
        this.#meanwhile = undefined;
        this.#changed();
      }
    }
  }

  #replace(page: MessagePage): void {
    this.#messages = page.messages;
    this.#atStart = !page.moreBefore;
    this.#atEnd = !page.moreAfter;
  }

  #event(event: Event): void {
    this.#meanwhile?.push(event);
    if (this.#fold(event)) this.#changed();
  }

  #fold(event: Event): boolean {
    if (event.body.case === "messageSent") return this.#append(event);
    const changed = foldEvent(this.#messages, event);
    if (!changed) return false;
    // A new array, so that whoever compares sees that something is different.
    this.#messages = changed;
    return true;
  }

  #append(event: Event): boolean {
    if (!this.#atEnd || event.seq <= (this.#messages.at(-1)?.seq ?? 0)) return false;
    if (!this.following && this.#messages.length >= this.#limit) {
      this.#atEnd = false;
      return true;
    }
    this.#messages = foldEvent(this.#messages, event) ?? this.#messages;
    this.#dropOldest(this.following ? Math.min(this.#limit, 2 * this.#pageItems) : this.#limit);
    return true;
  }

  #dropOldest(limit: number): void {
    if (this.#messages.length <= limit) return;
    this.#messages = this.#messages.slice(-limit);
    this.#atStart = false;
  }

  /** What was missed cannot be told event by event: nothing that is held is sure. */
  #forget(): void {
    this.#fetches++;
    this.#meanwhile = undefined;
    this.#messages = [];
    this.#atStart = this.#atEnd = false;
    this.#changed();
  }

  #changed(): void {
    this.#emitter.emit("change", undefined);
  }
}
