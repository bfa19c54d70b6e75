/**
 * What a client holds of the server: itself, the users it has seen, and its
 * channels, kept up to date by what the server says.
 *
 * Every stream is checked: an event that is there already is counted and
 * ignored, and a missing one is never passed over.
 *
 *     cursors.ts   how far each stream is held
 *     people.ts    the user, the others, and who is here
 *     channels.ts  the channels that the user is a member of
 *     channel.ts   one of them: itself, its members, what is unread
 *     window.ts    its newest messages, without holes
 *     typing.ts    who is typing where
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
import type { ChannelState, HistoryPosition } from "./channel.ts";
import { Channels } from "./channels.ts";
import { Cursors, SERVER_STREAM } from "./cursors.ts";
import type { ReplicaEvents, ReplicaStats, ResumePoint } from "./events.ts";
import type { Gap } from "./gap.ts";
import { People } from "./people.ts";

const DEFAULT_WINDOW_MESSAGES = 500;

/** How much a replica holds, and where it continues. */
export interface ReplicaOptions {
  readonly clock?: Clock;
  /** Messages held per channel before older ones are dropped; 500 when left out. */
  readonly windowMessages?: number | undefined;
  /** Where to continue. */
  readonly resume?: ResumePoint | undefined;
  readonly emitter?: Pick<Emitter<ReplicaEvents>, "emit">;
}

/** The picture of what the user may see, folded from what the server says. */
export class Replica {
  readonly stats: ReplicaStats = { events: 0, doubled: 0, gaps: 0, reloads: 0, strays: 0 };
  readonly #emitter: Pick<Emitter<ReplicaEvents>, "emit">;
  readonly #cursors: Cursors;
  readonly #people: People;
  readonly #channels: Channels;
  #sessionId = 0;
  #limits: Limits | undefined;
  /** Memberships and read marks of the welcome speak for the user's stream up to here. */
  #knownUserSeq = 0;

  /** An empty one; a client makes its own. */
  constructor(options: ReplicaOptions = {}) {
    const { clock = systemClock, windowMessages = DEFAULT_WINDOW_MESSAGES, resume } = options;
    this.#emitter = options.emitter ?? new Emitter<ReplicaEvents>();
    this.#cursors = new Cursors(resume);
    this.#people = new People(this.#emitter);
    this.#channels = new Channels({ clock, windowMessages, emitter: this.#emitter });
  }

  /** The user; undefined before the first welcome. */
  get me(): User | undefined {
    return this.#people.me;
  }

  /** Number of the session; 0 before the first welcome. */
  get sessionId(): number {
    return this.#sessionId;
  }

  /** What the server enforces; undefined before the first welcome. */
  get limits(): Limits | undefined {
    return this.#limits;
  }

  /** Channels that the user is a member of, by id. */
  get channels(): ReadonlyMap<number, ChannelState> {
    return this.#channels.held;
  }

  /** Users that were seen, by id. */
  get users(): ReadonlyMap<number, User> {
    return this.#people.users;
  }

  /** Watched users that are not offline. */
  get presence(): ReadonlyMap<number, PresenceState> {
    return this.#people.presence;
  }

  /** Users who are typing in a channel. */
  typing(channelId: number): number[] {
    return this.#channels.typing(channelId);
  }

  /** Where to continue after this. */
  resumePoint(): ResumePoint {
    return this.#cursors.resumePoint();
  }

  /**
   * Where to continue, as far as one frame of 64 KiB holds it in either format.
   * The oldest channels beyond that continue at the head that the welcome tells.
   */
  greeting(): ResumePoint {
    return this.#cursors.greeting(this.me?.id);
  }

  /** Takes the answer to Open. What was missed is still to come. */
  welcome(welcome: Welcome): void {
    const { epoch, user, userHeadSeq, serverHeadSeq } = welcome;
    if (this.#cursors.epoch !== "" && epoch !== this.#cursors.epoch) this.#forgetAll();
    this.#cursors.epoch = epoch;
    this.#sessionId = welcome.sessionId;
    this.#limits = welcome.limits;
    this.#people.me = user;
    const me = user.id;
    this.#knownUserSeq = userHeadSeq;
    this.#cursors.hold(SERVER_STREAM, serverHeadSeq);
    this.#cursors.hold(me, userHeadSeq);
    this.see([user]);
    const current = new Set(welcome.channels.map((view) => view.channel.id));
    for (const id of [...this.#channels.held.keys()]) if (!current.has(id)) this.#lose(id);
    this.#cursors.keep(new Set([SERVER_STREAM, me, ...current]));
    for (const view of welcome.channels) {
      const { id } = view.channel;
      if (this.#cursors.skipped(id, view.headSeq)) this.reload(id, view.headSeq);
      this.#view(view);
    }
    this.#cursors.greeted();
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
        if (item.value.userId !== this.me?.id) this.#channels.type(item.value.channelId, item.value.userId);
        return undefined;
      case "presence":
        this.#people.present(item.value);
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
        return this.#channels.members(channelId, page, { whole: after === 0 && !page.more });
      }
      case "listUsers":
      case "getUsers":
        return this.see((result as UserPage).users);
      case "addUser":
        return this.see([result as User]);
      case "watch":
        return this.#people.watch(result as PresencePage);
    }
  }

  /** Remembers users. */
  see(users: readonly User[]): void {
    this.#people.see(users);
  }

  /** Forgets what is held of a stream and continues after `headSeq`. */
  reload(stream: number, headSeq: number): void {
    if (this.#cursors.get(stream) === undefined) return;
    this.stats.reloads++;
    this.#cursors.set(stream, headSeq);
    this.#channels.get(stream)?.reload(headSeq);
    if (stream === SERVER_STREAM) this.#people.reload();
    this.#emitter.emit("reload", { stream, headSeq });
  }

  /** Drops messages that scrolling back has added beyond the window. */
  trim(channelId: number): void {
    this.#channels.get(channelId)?.trim();
  }

  /** Nobody tells any more who types. */
  disconnected(): void {
    this.#channels.disconnected();
  }

  #event(event: Event): Gap | undefined {
    const { stream, seq } = event;
    switch (this.#cursors.advance(event)) {
      case "stray":
        this.stats.strays++;
        return undefined;
      case "doubled":
        this.stats.doubled++;
        return undefined;
      case "gap":
        this.stats.gaps++;
        return { stream, heldSeq: this.#cursors.get(stream)!, gotSeq: seq };
      case "next":
        this.stats.events++;
        this.#applyNext(event);
        return undefined;
    }
  }

  /** The next event of its stream. */
  #applyNext(event: Event): void {
    const { stream, seq } = event;
    const channel = this.#channels.get(stream);
    if (channel) return this.#channels.apply(channel, event);
    if (stream === this.me?.id && seq > this.#knownUserSeq) this.#userEvent(event);
    else if (stream === SERVER_STREAM) this.#serverEvent(event);
    this.#emitter.emit("event", event);
  }

  #userEvent({ body }: Event): void {
    switch (body.case) {
      case "channelLost":
        return this.#lose(body.value.channelId);
      case "readMoved":
        return this.#channels.read(body.value.channelId, body.value.seq);
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
    const headSeq = this.#cursors.hold(id, view.headSeq);
    this.#channels.view(view, { me: this.me?.id ?? 0, headSeq });
  }

  #lose(channelId: number): void {
    this.#cursors.delete(channelId);
    this.#channels.lose(channelId);
  }

  /** The server's history is another one: nothing that is held is true. */
  #forgetAll(): void {
    this.#cursors.clear();
    this.#people.clear();
    for (const id of [...this.#channels.held.keys()]) this.#lose(id);
  }
}
