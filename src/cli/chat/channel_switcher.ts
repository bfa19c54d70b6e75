/** Which channel is on the screen, how one goes to another, and what each keeps meanwhile. @module */
import { ChannelKind, type ChannelState, type RookeryClient } from "../../client/mod.ts";
import { typedChannelName } from "../../text/channel_name.ts";
import { orderedChannels, watchedIds } from "./channel_list.ts";
import type { Composer } from "./composer.ts";
import type { Names } from "./names.ts";
import { Room } from "./room.ts";

export interface ChannelSwitcherOptions {
  readonly client: RookeryClient;
  readonly names: Names;
  readonly composer: Composer;
  /** Joins a channel by its name. */
  join(name: string): void;
}

export class ChannelSwitcher {
  readonly #options: ChannelSwitcherOptions;
  readonly #rooms = new Map<number, Room>();
  readonly #drafts = new Map<number, string>();
  #current = 0;
  /** Channel that is shown as soon as it is there. */
  #awaited = 0;
  #watched = "";

  constructor(options: ChannelSwitcherOptions) {
    this.#options = options;
  }

  /** The channel on the screen; 0 when there is none. */
  get current(): number {
    return this.#current;
  }

  get state(): ChannelState | undefined {
    return this.#options.client.replica.channels.get(this.#current);
  }

  get room(): Room {
    let room = this.#rooms.get(this.#current);
    if (!room) this.#rooms.set(this.#current, room = new Room());
    return room;
  }

  /** Shows a channel, as soon as it is there. */
  open(channelId: number): void {
    const { client: { replica }, composer } = this.#options;
    const state = replica.channels.get(channelId);
    this.#awaited = state ? 0 : channelId;
    if (!state || channelId === this.#current) return;
    this.#drafts.set(this.#current, composer.editor.text);
    replica.trim(this.#current);
    composer.cancel();
    this.room.toBottom();
    this.#current = channelId;
    composer.editor.set(this.#drafts.get(channelId) ?? "");
    const { room } = this;
    room.toBottom();
    room.unreadAfter = state.unread > 0 ? state.readSeq : undefined;
    this.#watch();
  }

  /** Shows something when a connection is there: what is shown already, or the channel of this name, or the first. */
  live(name: string | undefined): void {
    const { client: { replica }, names, join } = this.#options;
    if (!replica.channels.has(this.#current)) {
      const wanted = name && typedChannelName(name);
      const ordered = orderedChannels(replica, names, this.#current);
      const named = wanted && ordered.find(({ channel }) => channel.name === wanted);
      if (wanted && !named) join(wanted);
      const first = named || ordered[0];
      if (first) this.open(first.channel.id);
    }
    this.#watch();
  }

  /** The user is a member of a channel now. */
  gained(channelId: number): void {
    if (channelId === this.#awaited) this.open(channelId);
    this.#watch();
  }

  /** The user is no member any more. */
  lost(channelId: number): void {
    this.#rooms.delete(channelId);
    if (channelId === this.#current) this.step(1);
    this.#watch();
  }

  /** Something was said: with its first message a conversation comes into the list. */
  heard(channelId: number): void {
    const { channels } = this.#options.client.replica;
    if (channels.get(channelId)?.channel.kind === ChannelKind.DIRECT) this.#watch();
  }

  /** Goes up or down the list of channels. */
  step(by: number): void {
    const ordered = this.#ordered();
    const at = ordered.findIndex(({ channel }) => channel.id === this.#current);
    const next = ordered[(at + by + ordered.length) % ordered.length];
    if (next) this.open(next.channel.id);
    else this.#current = 0;
  }

  /** Goes to the channel with this number in the list, or to what is unread: "a". */
  jump(char: string): void {
    const ordered = this.#ordered();
    const wanted = /^[1-9]$/.test(char)
      ? ordered[Number(char) - 1]
      : char === "a"
      ? ordered.find(({ mentions }) => mentions > 0) ?? ordered.find(({ unread }) => unread > 0)
      : undefined;
    if (wanted) this.open(wanted.channel.id);
  }

  #ordered(): ChannelState[] {
    const { client, names } = this.#options;
    return orderedChannels(client.replica, names, this.#current);
  }

  #watch(): void {
    const { client } = this.#options;
    const ids = watchedIds(client.replica, this.#current);
    if (ids.join() === this.#watched) return;
    this.#watched = ids.join();
    client.watch(ids);
  }
}
