/** The open channel: what is read of it, and what is being written. @module */
import { effect, signal } from "@preact/signals";
import { type ChannelState, type Message, type RookeryError, Timeline } from "../../../client/mod.ts";
import type { RookeryClient } from "../../../client/mod.ts";
import { asRookeryError, isTransient } from "../../../client/error.ts";
import { refusal } from "../../i18n/refusal.ts";
import { Pause } from "../shell/pause.ts";
import { FrameSignal } from "../shell/frame_signal.ts";
import { type LinePlace, UnreadLine } from "../messages/unread_line.ts";

/** Where the list of messages is to stand after the next drawing. */
export type Jump =
  | { readonly to: "end" }
  | { readonly to: "unread" }
  | { readonly to: "message"; readonly seq: number }
  /** Where it stood, though the end did. */
  | { readonly to: "place" };

/** A message that was jumped to is told from the others for so long. */
const MARKED_MS = 2_500;

/** So many unread messages are among the newest that are loaded. */
const NEAR_UNREAD = 40;

/** So many new messages are drawn in one frame: more would make it a long one. */
const DRAWN_AT_ONCE = 16;

export class Room implements Disposable {
  readonly channelId: number;
  /** The channel's name when it was opened. */
  readonly name: string;
  readonly #client: RookeryClient;
  readonly #timeline: Timeline;
  readonly #frame = new FrameSignal();
  readonly #offs: (() => void)[];
  /** The line before what is new. */
  readonly line = new UnreadLine();
  /** The reader sees the end of the channel. */
  readonly atBottom = signal(true);
  /** Message that was jumped to, for a moment. */
  readonly marked = signal(0);
  /** Why there is nothing to see; empty when there is. */
  readonly failure = signal("");
  /** Nothing was loaded yet. */
  readonly empty = signal(true);
  /** Taken by the list when it draws. */
  jump: Jump | undefined;
  /** Number of the first message on the screen; 0 when none is. The list sets it. */
  seqOnScreen: () => number = () => 0;
  /** Messages to be drawn. */
  #drawn: readonly Message[] = [];
  /** What is shown until everything is loaded again. */
  #stale: readonly Message[] | undefined;
  /** What could not be loaded. */
  #again: (() => void) | undefined;
  /** Before what failed on a connection that stays is asked for again. */
  readonly #pause = new Pause(() => this.#client.state.name === "live" && this.#goOn());
  /** Tells the present loading from those that were overtaken. */
  #loads = 0;

  constructor(client: RookeryClient, channelId: number) {
    this.#client = client;
    this.channelId = channelId;
    this.name = this.state?.channel.name ?? "";
    const onReload = (listener: () => void) =>
      client.on("reload", ({ stream }) => stream === channelId && listener());
    // Before the timeline forgets what it holds, and afterwards.
    const keeping = onReload(() => this.#stale ??= this.#timeline.messages);
    this.#timeline = new Timeline(client, channelId, { pageItems: 60 });
    this.#offs = [
      keeping,
      onReload(() => void this.#reload()),
      this.#timeline.on("change", () => this.#frame.touch()),
      client.on("state", ({ name }) => name === "live" && this.#connected()),
      client.on(
        "message",
        ({ kind, message }) => message.channelId === channelId && kind === "sent" && this.#arrived(message),
      ),
      effect(() => {
        this.#frame.watch();
        this.#draw();
      }),
    ];
  }

  get state(): ChannelState | undefined {
    return this.#client.replica.channels.get(this.channelId);
  }

  /** Messages to be drawn. */
  get messages(): readonly Message[] {
    this.#frame.watch();
    return this.#drawn;
  }

  get atStart(): boolean {
    return this.#timeline.atStart;
  }

  get atEnd(): boolean {
    return this.#timeline.atEnd;
  }

  get loading(): boolean {
    return this.#timeline.loading || this.#stale !== undefined;
  }

  /** Shows a message, or where reading was left. */
  async open(messageSeq: number): Promise<void> {
    this.#drawLine();
    if (messageSeq > 0) return await this.show(messageSeq);
    const unreadSeq = this.line.seq.peek();
    const far = unreadSeq > 0 && (this.state?.unread ?? 0) > NEAR_UNREAD;
    const load = () => far ? this.#timeline.around(unreadSeq) : this.#timeline.latest();
    await this.#load(load, { to: unreadSeq > 0 ? "unread" : "end" });
  }

  /** Goes to a message, wherever it is. */
  async show(seq: number): Promise<void> {
    const held = this.#timeline.messages.some((message) => message.seq === seq);
    if (!await this.#load(() => held ? undefined : this.#timeline.around(seq), { to: "message", seq })) {
      return;
    }
    this.marked.value = seq;
    setTimeout(() => {
      if (this.marked.value === seq) this.marked.value = 0;
    }, MARKED_MS);
  }

  async showNewest(): Promise<void> {
    if (await this.#load(() => this.#timeline.atEnd ? undefined : this.#timeline.latest(), { to: "end" })) {
      return;
    }
    // What was just written stands at the end of what there is.
    this.jump = { to: "end" };
    this.#frame.touch();
  }

  /** Goes to the line before what is new. */
  async showUnread(): Promise<void> {
    const seq = this.line.seq.peek();
    if (seq === 0) return;
    await this.#load(() => this.#reaches(seq) ? undefined : this.#timeline.around(seq), { to: "unread" });
  }

  /** The reader comes near an end of what is loaded. */
  async extend(direction: "older" | "newer"): Promise<void> {
    const { name } = this.#client.state;
    // The refusal would be drawn, and the drawing would ask again.
    if (name !== "live" && name !== "catching-up" || this.#pause.running) return;
    const error = await this.#tried(() =>
      direction === "older" ? this.#timeline.older() : this.#timeline.newer()
    );
    if (error) this.#pause.begin(error.retryAfterMs);
    else if (!this.#again) this.failure.value = "";
  }

  /** The reader scrolled; at the bottom old messages make room for new ones. The line is not always drawn. */
  scrolled(atBottom: boolean, line: LinePlace | undefined): void {
    this.#timeline.following = atBottom;
    if (this.atBottom.peek() !== atBottom) this.atBottom.value = atBottom;
    const seq = this.line.seq.peek();
    if (seq === 0 || this.empty.peek()) return;
    this.line.moved(line ?? (this.#reaches(seq) ? "below" : "above"), { looking: document.hasFocus() });
    if (this.line.above.peek() && this.line.sinceMs.peek() === 0) void this.#dateLine(seq);
  }

  [Symbol.dispose](): void {
    this.#loads++;
    this.#pause[Symbol.dispose]();
    for (const off of this.#offs) off();
    this.#timeline[Symbol.dispose]();
  }

  /** Whether the first message behind this one is loaded, if it is not newer than all that are. */
  #reaches(seq: number): boolean {
    return this.atStart || (this.#timeline.messages[0]?.seq ?? Infinity) <= seq + 1;
  }

  #drawLine(): void {
    const { state } = this;
    if (state && state.unread > 0) this.line.draw(state.readSeq, state.unread);
  }

  /** Learns when the first new message was written. */
  async #dateLine(seq: number): Promise<void> {
    const me = this.#client.replica.me?.id;
    const first = this.#reaches(seq)
      ? this.#timeline.messages.find((message) => message.seq > seq && message.authorId !== me)
      : (await this.#client.history(this.channelId, { after: seq, limit: 1 }).catch(() => undefined))
        ?.messages[0];
    if (first && this.line.seq.peek() === seq) this.line.sinceMs.value = first.timeMs;
  }

  #arrived({ authorId }: Message): void {
    if (authorId === this.#client.replica.me?.id) return;
    if (this.line.seq.peek() > 0) this.line.add();
    else if (!document.hasFocus() || !this.atBottom.peek()) this.#drawLine();
  }

  /** Too much was missed: what was read stays in its place, and everything around it is loaded again. */
  async #reload(): Promise<void> {
    const seq = this.seqOnScreen();
    if (seq === 0) return await this.open(0);
    this.#drawLine();
    await this.#load(() => this.#timeline.around(seq), { to: "place" });
  }

  #connected(): void {
    this.#pause.reset();
    this.#goOn();
  }

  /** What was wanted meanwhile is asked for now, and whatever lies near what is seen. */
  #goOn(): void {
    this.#again?.();
    this.#frame.touch();
  }

  /** Of a burst of new messages a part is drawn each frame. */
  #draw(): void {
    const held = this.#stale ?? this.#timeline.messages;
    const last = this.#drawn.at(-1)?.seq ?? Infinity;
    const known = held.findLastIndex(({ seq }) => seq <= last) + 1;
    const pushedOut = known === 0 && last < (held[0]?.seq ?? 0);
    const burst = (known > 0 || pushedOut) && held.length - known > DRAWN_AT_ONCE;
    if (!burst || this.jump || document.hidden) {
      this.#drawn = held;
      return;
    }
    this.#drawn = held.slice(0, known + DRAWN_AT_ONCE);
    this.#frame.touch();
  }

  async #load(load: () => Promise<void> | undefined, jump: Jump): Promise<boolean> {
    this.failure.value = "";
    this.#again = undefined;
    this.#pause.cut();
    const number = ++this.#loads;
    const error = await this.#tried(load);
    if (number !== this.#loads) return true;
    if (error) {
      this.#again = () => void this.#load(load, jump);
      if (isTransient(error)) this.#pause.begin(error.retryAfterMs);
      return false;
    }
    this.#stale = undefined;
    this.empty.value = false;
    this.jump = jump;
    this.line.left();
    this.#frame.touch();
    return true;
  }

  /** Why it failed, if it did; shown unless it is worth to be tried again, which is done without asking. */
  async #tried(load: () => Promise<void> | undefined): Promise<RookeryError | undefined> {
    try {
      await load();
      this.#pause.reset();
      return undefined;
    } catch (cause) {
      const error = asRookeryError(cause);
      if (!isTransient(error)) this.failure.value = refusal(error);
      return error;
    }
  }
}
