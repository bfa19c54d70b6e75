/** What follows from looking at a channel: its history is loaded, and what is seen counts as read. @module */
import type { ChannelState, RookeryClient } from "../../client/mod.ts";
import type { Room } from "./room.ts";

export interface ReadingOptions {
  readonly client: RookeryClient;
  /** History has come, or has not. */
  done(): void;
  failed(error: unknown): void;
}

/** Attempts to load a page that events overtook. */
const LOAD_ATTEMPTS = 3;

export class Reading {
  readonly #options: ReadingOptions;
  /** Channels whose newest page is here. */
  readonly #loaded = new Set<number>();
  /** Channels for which trying again now would not help. */
  readonly #stuck = new Set<number>();
  readonly #markedSeq = new Map<number, number>();
  #loading = false;

  constructor(options: ReadingOptions) {
    this.#options = options;
  }

  get loading(): boolean {
    return this.#loading;
  }

  /** There is a reason to try again: a new connection, or the person's wish. */
  retry(): void {
    this.#stuck.clear();
  }

  /** What was held of the channel is gone. */
  forget(channelId: number): void {
    this.#loaded.delete(channelId);
  }

  /** Called with whatever is on the screen. */
  settle(state: ChannelState, { room, focused }: { readonly room: Room; readonly focused: boolean }): void {
    const { client } = this.#options;
    if (client.state.name !== "live") return;
    const loaded = state.floorSeq === 0 || this.#loaded.has(state.channel.id);
    const wanted = (!loaded || room.wantsOlder) && !this.#stuck.has(state.channel.id);
    if (wanted && !this.#loading) void this.#load(state);
    if (loaded && focused && !room.scrolled) this.#markRead(state);
    else if (state.unread > 0) room.unreadAfter ??= state.readSeq;
  }

  #markRead({ channel, messages, readSeq, unread }: ChannelState): void {
    const newest = messages.at(-1)?.seq ?? 0;
    if (unread === 0 || newest <= Math.max(readSeq, this.#markedSeq.get(channel.id) ?? 0)) return;
    this.#markedSeq.set(channel.id, newest);
    const { client, failed } = this.#options;
    client.markRead(channel.id, newest).catch((error) => {
      // The end of the client says so itself.
      if (client.state.name !== "ended") failed(error);
    });
  }

  async #load(state: ChannelState): Promise<void> {
    const { id } = state.channel;
    const { floorSeq } = state;
    this.#loading = true;
    try {
      for (let attempt = 0; attempt < LOAD_ATTEMPTS && state.floorSeq === floorSeq; attempt++) {
        await this.#options.client.history(id, state.messages.length > 0 ? { before: floorSeq + 1 } : {});
      }
      if (state.floorSeq === floorSeq) this.#stuck.add(id);
      this.#loaded.add(id);
    } catch (error) {
      this.#stuck.add(id);
      // The next connection loads it.
      if (this.#options.client.state.name === "live") this.#options.failed(error);
    } finally {
      this.#loading = false;
      this.#options.done();
    }
  }
}
