/** Everything that a logged-in page knows and does. @module */
import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import {
  ChannelKind,
  type ClientState,
  type OutboxEntry,
  RookeryClient,
  type RookeryError,
  ServerRole,
  type User,
} from "../../../client/mod.ts";
import { BASE } from "../../base.ts";
import { t } from "../../i18n/i18n.ts";
import { refusal } from "../../i18n/refusal.ts";
import { OptimisticEdits } from "../messages/optimistic_edits.ts";
import { Directory } from "../channels/directory.ts";
import { Drafts } from "../composer/drafts.ts";
import { notify } from "./notices.ts";
import { TabOutbox } from "../messages/outbox_store.ts";
import { Outgoing } from "../messages/outgoing.ts";
import { People } from "../people/people.ts";
import { FrameSignal } from "./frame_signal.ts";
import { Quotes } from "../messages/quotes.ts";
import { endEdit, undone } from "../composer/restore_draft.ts";
import { Room } from "../channels/room.ts";
import { goTo, route } from "./route.ts";
import { type ChannelRow, rowOf, sortedRows } from "../channels/rows.ts";
import { ReadTracker } from "../messages/read_tracker.ts";
import { store, stored } from "./storage.ts";

/** Entries that a closed tab has left are sent by the tabs that are there, a moment after they are connected. */
const ADOPT_MS = 2_000;
/** A tab with a connection has sent what it keeps by then, unless it was closed; another does it then. */
const LEFT_MS = 10_000;

export class Chat implements AsyncDisposable {
  readonly client: RookeryClient;
  readonly connection = signal<ClientState>({ name: "idle" });
  readonly people: People;
  readonly directory: Directory;
  readonly drafts: Drafts;
  readonly outgoing: Outgoing;
  readonly changes: OptimisticEdits;
  readonly quotes: Quotes;
  readonly seen = new ReadTracker();
  readonly room = signal<Room | undefined>(undefined);
  /** Conversations and channels, in the order of the list. */
  readonly rows: ReadonlySignal<readonly ChannelRow[]>;
  /** The open channel, if the user is not in it any more. */
  readonly lost = signal<{ readonly channelId: number; readonly name: string } | undefined>(undefined);
  /** Channels are known. */
  readonly ready = signal(false);
  readonly #channelsFrame = new FrameSignal();
  readonly #typingFrame = new FrameSignal();
  readonly #meFrame = new FrameSignal();
  readonly #outbox: TabOutbox;
  /** Users whose presence is on the screen: a list for each place that shows some, the newest last. */
  readonly #shown = signal<readonly (readonly number[])[]>([]);
  readonly #lifetime = new AbortController();
  readonly #stops: (() => void)[] = [];

  /** The page of the user with this number, whose session is in a cookie. */
  constructor(userId: number, { ended }: { ended: (error: RookeryError | undefined) => void }) {
    this.#outbox = new TabOutbox(userId);
    this.client = new RookeryClient(BASE, {
      outboxStore: this.#outbox,
      away: document.hidden,
      windowMessages: 300,
      backoff: { baseMs: 500, capMs: 20_000 },
    });
    this.people = new People(this.client);
    this.directory = new Directory(this.client);
    this.quotes = new Quotes(this.client);
    this.drafts = new Drafts(userId, this.#lifetime.signal);
    this.outgoing = new Outgoing(this.client, userId, {
      signal: this.#lifetime.signal,
      refused: ({ channelId, refusal: reason }) => {
        // In the open channel the message itself says so.
        if (channelId !== this.room.peek()?.channelId) {
          notify(t("messageRefused", { reason }), { kind: "error" });
        }
      },
    });
    this.changes = new OptimisticEdits(this.client, { refused: (what) => undone(this.drafts, what) });
    this.rows = computed(() => this.#rows());
    this.#listen(userId, ended);
    this.#stops.push(
      effect(() => this.#openRouted()),
      effect(() => this.#watch()),
    );
    this.client.connect();
  }

  /** The user; undefined before the first welcome. */
  get me(): User | undefined {
    this.#meFrame.watch();
    return this.client.replica.me;
  }

  /** Aborted when the page of this user ends. */
  get lifetime(): AbortSignal {
    return this.#lifetime.signal;
  }

  /** Whether what is done now reaches the server now. */
  get connected(): boolean {
    return this.connection.value.name === "live";
  }

  /** May invite people. */
  get isAdmin(): boolean {
    return (this.me?.role ?? 0) >= ServerRole.ADMIN;
  }

  /** May change what concerns the whole server. */
  get isOwner(): boolean {
    return this.me?.role === ServerRole.OWNER;
  }

  /** Users typing in a channel, oneself left out. */
  typing(channelId: number): number[] {
    this.#typingFrame.watch();
    return this.client.replica.typing(channelId);
  }

  /** Draws again whatever depends on channels, members and counts. */
  watchChannels(): void {
    this.#channelsFrame.watch();
  }

  row(channelId: number): ChannelRow | undefined {
    return this.rows.value.find((row) => row.id === channelId);
  }

  /** Whether these users are here is asked for until the result is called. */
  showPresence(userIds: readonly number[]): () => void {
    // What takes the place of another may begin before that one ends: each list is one of its own.
    const list = [...userIds];
    this.#shown.value = [...this.#shown.peek(), list];
    return () => this.#shown.value = this.#shown.peek().filter((other) => other !== list);
  }

  /** Opens the conversation with these people. */
  async openDirect(userIds: readonly number[]): Promise<void> {
    const channel = await this.client.openDirect(userIds);
    goTo(channel.id);
  }

  /** Becomes a member of a public channel, and opens it. */
  async join(channelId: number): Promise<void> {
    await this.client.joinChannel(channelId);
    goTo(channelId);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const stop of this.#stops) stop();
    this.#lifetime.abort();
    this.room.peek()?.[Symbol.dispose]();
    await this.client.close();
  }

  #listen(userId: number, ended: (error: RookeryError | undefined) => void): void {
    const { client } = this;
    const { signal } = this.#lifetime;
    client.on("channel", () => this.#channelsFrame.touch());
    client.on("typing", () => this.#typingFrame.touch());
    client.on("user", () => this.#meFrame.touch());
    client.on("message", ({ kind, message }) => kind === "deleted" && endEdit(this.drafts, message));
    client.on("error", (error) => notify(refusal(error), { kind: "error" }));
    client.on("welcome", ({ user }) => {
      // The cookie is another user's by now: nothing of this one's may be sent under that name.
      if (user?.id !== userId) {
        store("user", user?.id);
        return void client.close().then(() => location.reload());
      }
      this.ready.value = true;
      this.#meFrame.touch();
    });
    client.on("state", (state) => {
      this.connection.value = state;
      if (state.name === "live") setTimeout(() => this.#adopt(this.#outbox.orphans()), ADOPT_MS);
      if (state.name === "ended" && !signal.aborted) ended(state.error);
    });
    this.#outbox.onElsewhere(signal, {
      kept: (key) => {
        const left = () => this.#outbox.orphans().filter((orphan) => orphan.key === key);
        setTimeout(() => this.#adopt(left()), LEFT_MS);
      },
      settled: (key) => {
        // Another tab had a connection: what it has sent shall be seen here, too.
        if (client.discard(key) && client.state.name === "waiting") client.connect();
      },
    });
    // Either way the connection that there was may be dead: it has to answer, or there is a new one.
    for (const type of ["online", "offline"]) addEventListener(type, () => client.nudge(), { signal });
    document.addEventListener("visibilitychange", () => {
      client.setPresence(document.hidden);
      if (!document.hidden) client.nudge();
    }, { signal });
  }

  #adopt(orphans: readonly OutboxEntry[]): void {
    if (this.client.state.name !== "live") return;
    for (const { key, name, body } of orphans) {
      this.client.call(name, body, { key }).catch(() => {});
    }
  }

  #rows(): readonly ChannelRow[] {
    this.#channelsFrame.watch();
    const me = this.client.replica.me?.id ?? 0;
    const user = (id: number) => this.people.get(id);
    const seen = (id: number, seq: number) => this.seen.has(id, seq);
    const { channelId } = route.value;
    const states = [...this.client.replica.channels.values()]
      .filter(({ listed, channel }) => listed || channel.id === channelId);
    return sortedRows(states.map((state) => rowOf(state, { me, user, seen })));
  }

  /** Follows the address bar. */
  #openRouted(): void {
    const { channelId, messageSeq } = route.value;
    this.#channelsFrame.watch();
    if (!this.ready.value) return;
    const { channels } = this.client.replica;
    const room = this.room.peek();
    if (room && (room.channelId !== channelId || !channels.has(channelId))) {
      if (room.channelId === channelId) this.lost.value = { channelId, name: room.name };
      room[Symbol.dispose]();
      this.room.value = undefined;
    }
    if (channelId === 0 || !channels.has(channelId)) return;
    if (!this.room.peek()) {
      store("channel", channelId);
      const opened = new Room(this.client, channelId);
      this.room.value = opened;
      void opened.open(messageSeq);
    } else if (messageSeq > 0) void this.room.peek()!.show(messageSeq);
    // Going back to it later means: where reading was left.
    if (messageSeq > 0) goTo(channelId, { replace: true });
  }

  /** Asks for typing and presence of what is on the screen. */
  #watch(): void {
    const partners = this.rows.value
      .filter((row) => row.kind === ChannelKind.DIRECT)
      .flatMap((row) => row.others);
    const shown = this.#shown.value.toReversed().flat();
    const mine = this.me?.id;
    const ids = new Set([route.value.channelId, ...shown, ...partners].filter((id) => id > 0 && id !== mine));
    const wanted = [...ids].slice(0, this.client.replica.limits?.watchedIds ?? 0);
    if (wanted.join() === this.#watched) return;
    this.#watched = wanted.join();
    this.client.watch(wanted);
    this.people.watched(wanted);
  }

  #watched = "";
}

/** Where to go when the address bar names no channel: where one was last, or where everybody is. */
export function firstChannel(rows: readonly ChannelRow[]): number {
  const last = stored<number>("channel");
  const first = rows.find((row) => row.id === last) ??
    rows.find((row) => row.kind === ChannelKind.PUBLIC && row.title === "general") ??
    rows.find((row) => row.kind !== ChannelKind.DIRECT) ?? rows[0];
  return first?.id ?? 0;
}
