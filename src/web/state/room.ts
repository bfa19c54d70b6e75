/** The open channel: what is read of it, and what is being written. @module */
import { signal } from "@preact/signals";
import { type ChannelState, type Message, RookeryError, Timeline } from "../../client/mod.ts";
import type { RookeryClient } from "../../client/mod.ts";
import { refusal } from "../i18n/refusal.ts";
import { Pulse } from "./pulse.ts";

/** Where the list of messages is to stand after the next drawing. */
export type Jump =
  | { readonly to: "end" }
  | { readonly to: "unread" }
  | { readonly to: "message"; readonly seq: number };

/** A message that was jumped to is told from the others for so long. */
const MARKED_MS = 2_500;

/** So many unread messages are among the newest that are loaded. */
const NEAR_UNREAD = 40;

export class Room implements Disposable {
  readonly channelId: number;
  /** The channel's name when it was opened. */
  readonly name: string;
  readonly #client: RookeryClient;
  readonly #timeline: Timeline;
  readonly #pulse = new Pulse();
  readonly #offs: (() => void)[];
  /** Others' messages behind this one are new; 0 when nothing is. */
  readonly unreadSeq = signal(0);
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
  /** What could not be loaded without a connection. */
  #again: (() => void) | undefined;

  constructor(client: RookeryClient, channelId: number) {
    this.#client = client;
    this.channelId = channelId;
    this.name = this.state?.channel.name ?? "";
    this.#timeline = new Timeline(client, channelId, { pageItems: 60 });
    this.#offs = [
      this.#timeline.on("change", () => this.#pulse.touch()),
      client.on("reload", ({ stream }) => stream === channelId && this.open(0)),
      client.on("state", ({ name }) => name === "live" && this.#connected()),
      client.on(
        "message",
        ({ kind, event }) => event.stream === channelId && kind === "sent" && this.#arrived(),
      ),
    ];
  }

  get state(): ChannelState | undefined {
    return this.#client.replica.channels.get(this.channelId);
  }

  /** Messages to be drawn. */
  get messages(): readonly Message[] {
    this.#pulse.watch();
    return this.#timeline.messages;
  }

  get atStart(): boolean {
    return this.#timeline.atStart;
  }

  get atEnd(): boolean {
    return this.#timeline.atEnd;
  }

  get loading(): boolean {
    return this.#timeline.loading;
  }

  /** Shows a message, or where reading was left. */
  async open(messageSeq: number): Promise<void> {
    const { state } = this;
    if (state && state.unread > 0 && this.unreadSeq.value === 0) this.unreadSeq.value = state.readSeq;
    if (messageSeq > 0) return await this.show(messageSeq);
    const unreadSeq = this.unreadSeq.value;
    const far = unreadSeq > 0 && (state?.unread ?? 0) > NEAR_UNREAD;
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
    this.#pulse.touch();
  }

  /** The reader comes near an end of what is loaded. */
  async extend(direction: "older" | "newer"): Promise<void> {
    const { name } = this.#client.state;
    // The refusal would be drawn, and the drawing would ask again.
    if (name !== "live" && name !== "catching-up") return;
    await this.#quietly(() => direction === "older" ? this.#timeline.older() : this.#timeline.newer());
  }

  /** The reader scrolled; at the bottom old messages make room for new ones. */
  scrolled(atBottom: boolean): void {
    this.#timeline.following = atBottom;
    if (this.atBottom.peek() !== atBottom) this.atBottom.value = atBottom;
  }

  /** Nothing is new any more. */
  clearUnread(): void {
    this.unreadSeq.value = 0;
  }

  [Symbol.dispose](): void {
    for (const off of this.#offs) off();
    this.#timeline[Symbol.dispose]();
  }

  #arrived(): void {
    const { state } = this;
    const unseen = !document.hasFocus() || !this.atBottom.peek();
    if (unseen && this.unreadSeq.peek() === 0 && state && state.unread > 0) {
      this.unreadSeq.value = state.readSeq;
    }
  }

  /** What was wanted meanwhile is asked for now, and whatever lies near what is seen. */
  #connected(): void {
    this.#again?.();
    this.#pulse.touch();
  }

  async #load(load: () => Promise<void> | undefined, jump: Jump): Promise<boolean> {
    this.failure.value = "";
    this.#again = undefined;
    if (!await this.#quietly(load)) {
      this.#again = () => void this.#load(load, jump);
      return false;
    }
    this.empty.value = false;
    this.jump = jump;
    this.#pulse.touch();
    return true;
  }

  /** A broken connection mends itself, and then it is asked again. */
  async #quietly(load: () => Promise<void> | undefined): Promise<boolean> {
    try {
      await load();
      return true;
    } catch (error) {
      const known = error instanceof RookeryError ? error : undefined;
      if (known?.code !== "unavailable") this.failure.value = refusal(error);
      return false;
    }
  }
}
