/** The channels that the user is a member of, with who is typing in them, and what listeners hear of both. @module */
import type { ChannelView, Event, MemberPage } from "../../wire/client_codec.ts";
import type { Clock } from "../clock.ts";
import type { Emitter } from "../emitter.ts";
import { ChannelReplica } from "./channel.ts";
import type { ReplicaEvents } from "./events.ts";
import { TypingBoard } from "./typing.ts";

interface Options {
  readonly clock: Clock;
  readonly emitter: Pick<Emitter<ReplicaEvents>, "emit">;
  /** Messages held per channel. */
  readonly windowMessages: number;
}

export class Channels {
  readonly #options: Options;
  readonly #held = new Map<number, ChannelReplica>();
  readonly #typing: TypingBoard;

  constructor(options: Options) {
    const { clock, emitter } = options;
    this.#options = options;
    this.#typing = new TypingBoard(
      clock,
      (channelId) => emitter.emit("typing", { channelId, userIds: this.#typing.in(channelId) }),
    );
  }

  /** All of them, by id. */
  get held(): ReadonlyMap<number, ChannelReplica> {
    return this.#held;
  }

  get(channelId: number): ChannelReplica | undefined {
    return this.#held.get(channelId);
  }

  /** Takes the server's view of a channel over, of one that is new as well; `headSeq` is where its stream stands. */
  view(view: ChannelView, { me, headSeq }: { readonly me: number; readonly headSeq: number }): void {
    const { id } = view.channel;
    let channel = this.#held.get(id);
    const change = channel ? "updated" : "gained";
    if (channel) channel.refresh(view);
    else {
      channel = new ChannelReplica(view, { me, limit: this.#options.windowMessages, headSeq });
      this.#held.set(id, channel);
    }
    this.#options.emitter.emit("channel", { channelId: id, change, state: channel });
  }

  /** Folds the next event of a channel's stream in. */
  apply(channel: ChannelReplica, event: Event): void {
    const { emitter } = this.#options;
    const { message, changed } = channel.apply(event);
    emitter.emit("event", event);
    if (event.body.case === "messageSent") this.#typing.remove(event.stream, event.actorId);
    if (message) emitter.emit("message", { ...message, event });
    if (changed) emitter.emit("channel", { channelId: event.stream, change: changed, state: channel });
  }

  /** Takes a page of a channel's members in. */
  members(channelId: number, page: MemberPage, how: { readonly whole: boolean }): void {
    const channel = this.#held.get(channelId);
    if (!channel?.mergeMembers(page, how)) return;
    this.#options.emitter.emit("channel", { channelId, change: "members", state: channel });
  }

  /** The user has read up to an event. */
  read(channelId: number, seq: number): void {
    const channel = this.#held.get(channelId);
    if (!channel?.read(seq)) return;
    this.#options.emitter.emit("channel", { channelId, change: "read", state: channel });
  }

  /** The user is no member any more. */
  lose(channelId: number): void {
    if (!this.#held.delete(channelId)) return;
    this.#options.emitter.emit("channel", { channelId, change: "lost", state: undefined });
  }

  /** Users who are typing in a channel. */
  typing(channelId: number): number[] {
    return this.#typing.in(channelId);
  }

  /** Somebody is typing. */
  type(channelId: number, userId: number): void {
    this.#typing.add(channelId, userId);
  }

  /** Nobody tells any more who types. */
  disconnected(): void {
    this.#typing.clear();
  }
}
