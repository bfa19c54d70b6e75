/**
 * What a client holds of the server: itself, the users it has seen, and its
 * channels, kept up to date by what the server says.
 *
 * Every stream is checked: an event that is there already is counted and
 * ignored, and a missing one is never passed over.
 *
 * @module
 */
import type {
  ChannelView,
  CommandCase,
  CommandInit,
  Event,
  Item,
  Limits,
  MemberPage,
  MessagePage,
  PresencePage,
  PresenceState,
  User,
  UserPage,
  Welcome,
} from "../../wire/client_codec.ts";
import { type Clock, systemClock } from "../clock.ts";
import { Emitter } from "../emitter.ts";
import { ChannelReplica, type ChannelState, type HistoryPosition } from "./channel.ts";
import type { ReplicaEvents, ReplicaStats, ResumePoint } from "./events.ts";
import type { Gap } from "./gap.ts";
import { TypingBoard } from "./typing.ts";

/** Stream of changes that everybody sees. */
export const SERVER_STREAM = 1;
const DEFAULT_WINDOW_MESSAGES = 500;
/** A cursor takes at most 43 bytes in JSON. */
const GREETING_CURSORS = 1500;

export interface ReplicaOptions {
  readonly clock?: Clock;
  /** Messages held per channel before older ones are dropped; 500 when left out. */
  readonly windowMessages?: number | undefined;
  /** Where to continue. */
  readonly resume?: ResumePoint | undefined;
  readonly emitter?: Pick<Emitter<ReplicaEvents>, "emit">;
}

export class Replica {
  readonly stats: ReplicaStats = { events: 0, doubled: 0, gaps: 0, reloads: 0, strays: 0 };
  readonly #emitter: Pick<Emitter<ReplicaEvents>, "emit">;
  readonly #windowMessages: number;
  readonly #typing: TypingBoard;
  readonly #cursors = new Map<number, number>();
  /** Streams whose cursors did not fit the greeting. */
  #leftOut: ReadonlySet<number> = new Set();
  readonly #channels = new Map<number, ChannelReplica>();
  readonly #users = new Map<number, User>();
  readonly #presence = new Map<number, PresenceState>();
  #me: User | undefined;
  #epoch = "";
  #sessionId = 0;
  #limits: Limits | undefined;
  /** Memberships and read marks of the welcome speak for the user's stream up to here. */
  #knownUserSeq = 0;

  constructor(options: ReplicaOptions = {}) {
    const { clock = systemClock, windowMessages = DEFAULT_WINDOW_MESSAGES, resume } = options;
    this.#emitter = options.emitter ?? new Emitter<ReplicaEvents>();
    this.#windowMessages = windowMessages;
    this.#typing = new TypingBoard(
      clock,
      (channelId) => this.#emitter.emit("typing", { channelId, userIds: this.#typing.in(channelId) }),
    );
    if (!resume) return;
    this.#epoch = resume.epoch;
    for (const { stream, seq } of resume.cursors) this.#cursors.set(stream, seq);
  }

  /** The user; undefined before the first welcome. */
  get me(): User | undefined {
    return this.#me;
  }

  get sessionId(): number {
    return this.#sessionId;
  }

  /** What the server enforces; undefined before the first welcome. */
  get limits(): Limits | undefined {
    return this.#limits;
  }

  /** Channels that the user is a member of, by id. */
  get channels(): ReadonlyMap<number, ChannelState> {
    return this.#channels;
  }

  /** Users that were seen, by id. */
  get users(): ReadonlyMap<number, User> {
    return this.#users;
  }

  /** Watched users that are not offline. */
  get presence(): ReadonlyMap<number, PresenceState> {
    return this.#presence;
  }

  /** Users who are typing in a channel. */
  typing(channelId: number): number[] {
    return this.#typing.in(channelId);
  }

  /** Where to continue after this. */
  resumePoint(): ResumePoint {
    return { epoch: this.#epoch, cursors: Array.from(this.#cursors, ([stream, seq]) => ({ stream, seq })) };
  }

  /**
   * Where to continue, as far as one frame of 64 KiB holds it in either format.
   * The oldest channels beyond that continue at the head that the welcome tells.
   */
  greeting(): ResumePoint {
    const all = this.resumePoint();
    if (all.cursors.length <= GREETING_CURSORS) return all;
    const own = new Set([SERVER_STREAM, this.#me?.id]);
    const ranked = all.cursors.toSorted((a, b) =>
      Number(own.has(b.stream)) - Number(own.has(a.stream)) || b.stream - a.stream
    );
    this.#leftOut = new Set(ranked.slice(GREETING_CURSORS).map(({ stream }) => stream));
    return { epoch: all.epoch, cursors: ranked.slice(0, GREETING_CURSORS) };
  }

  /** Takes the answer to Open. What was missed is still to come. */
  welcome(welcome: Welcome): void {
    const { epoch, user, userHeadSeq, serverHeadSeq } = welcome;
    if (this.#epoch !== "" && epoch !== this.#epoch) this.#forgetAll();
    this.#epoch = epoch;
    this.#sessionId = welcome.sessionId;
    this.#limits = welcome.limits;
    if (user) this.#me = user;
    const me = user?.id ?? 0;
    this.#knownUserSeq = userHeadSeq;
    this.#hold(SERVER_STREAM, serverHeadSeq);
    this.#hold(me, userHeadSeq);
    if (user) this.see([user]);
    const current = new Set(welcome.channels.map((view) => view.channel?.id));
    for (const id of [...this.#channels.keys()]) if (!current.has(id)) this.#lose(id);
    for (const stream of [...this.#cursors.keys()]) {
      if (stream !== SERVER_STREAM && stream !== me && !current.has(stream)) this.#cursors.delete(stream);
    }
    for (const view of welcome.channels) {
      const id = view.channel?.id ?? 0;
      if (this.#leftOut.has(id) && this.#cursors.get(id)! < view.headSeq) this.reload(id, view.headSeq);
      this.#view(view);
    }
    this.#leftOut = new Set();
  }

  /** Folds in what the server says outside of replies. Answers with the gap when something is missing. */
  apply(item: Item["item"]): Gap | undefined {
    switch (item.case) {
      case "event":
        return this.#event(item.value);
      case "subscribed":
        this.#subscribed(item.value);
        return undefined;
      case "reload":
        this.reload(item.value.stream, item.value.headSeq);
        return undefined;
      case "typing":
        if (item.value.userId !== this.#me?.id) this.#typing.add(item.value.channelId, item.value.userId);
        return undefined;
      case "presence":
        this.#presence.set(item.value.userId, item.value.state);
        this.#emitter.emit("presence", item.value);
        return undefined;
      default:
        return undefined;
    }
  }

  /** Folds in what the answer to a read tells. */
  fold(name: CommandCase, body: CommandInit<CommandCase>, result: unknown): void {
    switch (name) {
      case "getHistory": {
        const { channelId = 0, position } = body as CommandInit<"getHistory">;
        const at = (position ?? { case: undefined }) as HistoryPosition;
        this.#channels.get(channelId)?.merge(result as MessagePage, at);
        return;
      }
      case "listMembers": {
        const { channelId = 0, after = 0 } = body as CommandInit<"listMembers">;
        const page = result as MemberPage;
        this.#channels.get(channelId)?.mergeMembers(page, { whole: after === 0 && !page.more });
        return;
      }
      case "listUsers":
      case "getUsers":
        return this.see((result as UserPage).users);
      case "addUser":
        return this.see([result as User]);
      case "watch":
        return this.#present(result as PresencePage);
    }
  }

  /** Remembers users. */
  see(users: readonly User[]): void {
    for (const user of users) {
      this.#users.set(user.id, user);
      if (user.id === this.#me?.id) this.#me = user;
      this.#emitter.emit("user", user);
    }
  }

  /** Forgets what is held of a stream and continues after `headSeq`. */
  reload(stream: number, headSeq: number): void {
    if (!this.#cursors.has(stream)) return;
    this.stats.reloads++;
    this.#cursors.set(stream, headSeq);
    this.#channels.get(stream)?.reload(headSeq);
    if (stream === SERVER_STREAM) {
      this.#users.clear();
      if (this.#me) this.#users.set(this.#me.id, this.#me);
    }
    this.#emitter.emit("reload", { stream, headSeq });
  }

  /** Drops messages that scrolling back has added beyond the window. */
  trim(channelId: number): void {
    this.#channels.get(channelId)?.trim();
  }

  /** Nobody tells any more who types. */
  disconnected(): void {
    this.#typing.clear();
  }

  #event(event: Event): Gap | undefined {
    const { stream, seq } = event;
    const heldSeq = this.#cursors.get(stream);
    if (heldSeq === undefined) {
      this.stats.strays++;
      return undefined;
    }
    if (seq <= heldSeq) {
      this.stats.doubled++;
      return undefined;
    }
    if (seq > heldSeq + 1) {
      this.stats.gaps++;
      return { stream, heldSeq, gotSeq: seq };
    }
    this.#cursors.set(stream, seq);
    this.stats.events++;
    const channel = this.#channels.get(stream);
    if (channel) this.#channelEvent(channel, event);
    else {
      if (stream === this.#me?.id && seq > this.#knownUserSeq) this.#userEvent(event);
      else if (stream === SERVER_STREAM) this.#serverEvent(event);
      this.#emitter.emit("event", event);
    }
    return undefined;
  }

  #channelEvent(channel: ChannelReplica, event: Event): void {
    const { message, changed } = channel.apply(event);
    this.#emitter.emit("event", event);
    if (event.body.case === "messageSent") this.#typing.remove(event.stream, event.actorId);
    if (message) this.#emitter.emit("message", { ...message, event });
    if (changed) this.#emitter.emit("channel", { channelId: event.stream, change: changed, state: channel });
  }

  #userEvent({ body }: Event): void {
    switch (body.case) {
      case "channelLost":
        return this.#lose(body.value.channelId);
      case "readMoved": {
        const { channelId, seq } = body.value;
        const channel = this.#channels.get(channelId);
        if (channel?.read(seq)) this.#emitter.emit("channel", { channelId, change: "read", state: channel });
        return;
      }
    }
  }

  #serverEvent({ body }: Event): void {
    if ((body.case === "userAdded" || body.case === "userUpdated") && body.value.user) {
      this.see([body.value.user]);
    }
  }

  #subscribed(view: ChannelView): void {
    const channel = view.channel;
    if (!channel) return;
    const heldSeq = this.#cursors.get(channel.id);
    if (heldSeq !== undefined && heldSeq < view.headSeq) {
      this.#cursors.set(channel.id, view.headSeq);
      this.#channels.get(channel.id)?.reload(view.headSeq);
    }
    this.#view(view);
  }

  #view(view: ChannelView): void {
    if (!view.channel) return;
    const { id } = view.channel;
    const headSeq = this.#hold(id, view.headSeq);
    let channel = this.#channels.get(id);
    const change = channel ? "updated" : "gained";
    if (channel) channel.refresh(view);
    else {
      channel = new ChannelReplica(view, { me: this.#me?.id ?? 0, limit: this.#windowMessages, headSeq });
      this.#channels.set(id, channel);
    }
    this.#emitter.emit("channel", { channelId: id, change, state: channel });
  }

  #lose(channelId: number): void {
    this.#cursors.delete(channelId);
    if (!this.#channels.delete(channelId)) return;
    this.#emitter.emit("channel", { channelId, change: "lost", state: undefined });
  }

  /** Where a stream stands: where it was left, or else at its newest event. */
  #hold(stream: number, headSeq: number): number {
    const held = this.#cursors.get(stream);
    if (held !== undefined) return held;
    this.#cursors.set(stream, headSeq);
    return headSeq;
  }

  #present({ presences }: PresencePage): void {
    this.#presence.clear();
    for (const { userId, state } of presences) this.#presence.set(userId, state);
    for (const presence of presences) this.#emitter.emit("presence", presence);
  }

  /** The server's history is another one: nothing that is held is true. */
  #forgetAll(): void {
    this.#cursors.clear();
    this.#users.clear();
    this.#presence.clear();
    for (const id of [...this.#channels.keys()]) this.#lose(id);
  }
}
