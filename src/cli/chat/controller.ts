/** What the screen shows and what keys do. @module */
import type { ChannelState, Event, Message, OutboxChange, RookeryClient } from "../../client/mod.ts";
import { channelEntries, orderedChannels, watchedIds } from "./channel_list.ts";
import { complete } from "./completion.ts";
import { Editor } from "./editor.ts";
import { applyKey } from "./editor_keys.ts";
import type { Key } from "./keys.ts";
import { layout } from "./layout.ts";
import { Names } from "./names.ts";
import { noticeOf } from "./notices.ts";
import { Reading } from "./reading.ts";
import { Room } from "./room.ts";
import { runSlash, SLASH_NAMES } from "./slash.ts";
import { statusOf } from "./status.ts";
import { neutral, neutralLine } from "./text.ts";
import type { Frame } from "./terminal.ts";

export interface ControllerOptions {
  readonly client: RookeryClient;
  readonly base: string;
  /** Name of the channel to begin with. */
  readonly channel: string | undefined;
  /** Something is different: draw soon. */
  redraw(): void;
  quit(): void;
}

export class Controller {
  readonly #options: ControllerOptions;
  readonly #client: RookeryClient;
  readonly #names: Names;
  readonly #reading: Reading;
  readonly #editor = new Editor();
  readonly #rooms = new Map<number, Room>();
  readonly #drafts = new Map<number, string>();
  #current = 0;
  /** Channel that is shown as soon as it is there. */
  #awaited = 0;
  #aim: { readonly kind: "reply" | "edit"; readonly message: Message } | undefined;
  /** One line for the status bar until the next key. */
  #hint = "";
  #focused = true;
  #bodyRows = 1;

  constructor(options: ControllerOptions) {
    this.#options = options;
    this.#client = options.client;
    this.#names = new Names(options.client);
    this.#reading = new Reading({
      client: options.client,
      done: options.redraw,
      failed: (error) => this.#complain(error),
    });
  }

  /** Follows the client; disposing ends it. */
  listen(): Disposable {
    const { redraw } = this.#options;
    const offs = new DisposableStack();
    const on: RookeryClient["on"] = (type, listener) => {
      const off = this.#client.on(type, (payload) => {
        listener(payload);
        redraw();
      });
      offs.defer(off);
      return off;
    };
    on("state", (state) => state.name === "live" && this.#live());
    on("channel", ({ channelId, change }) => this.#channelChanged(channelId, change));
    on("event", (event) => this.#event(event));
    on("outbox", (change) => this.#outbox(change));
    on("reload", ({ stream }) => this.#reading.forget(stream));
    on("error", (error) => this.#complain(error));
    for (const type of ["message", "typing", "presence", "user"] as const) on(type, () => {});
    return offs;
  }

  press(key: Key): void {
    this.#hint = "";
    if (this.#command(key)) return;
    applyKey(this.#editor, key);
    if (this.#current && this.#editor.text !== "" && !this.#editor.text.startsWith("/")) {
      this.#client.setTyping(this.#current);
    }
  }

  frame(size: { readonly columns: number; readonly rows: number }): Frame {
    const state = this.#state;
    const title = state ? this.#names.channel(state.channel) : "Rookery";
    const frame = layout({
      ...size,
      channels: channelEntries(this.#client.replica, this.#names, this.#current),
      title: state?.channel.archived ? `${title} (archived)` : title,
      topic: neutralLine(state?.channel.topic ?? ""),
      body: (width, height) => this.#body(width, height),
      status: statusOf({
        client: this.#client,
        names: this.#names,
        channelId: this.#current,
        base: this.#options.base,
        hint: this.#hint,
        scrolled: this.#room.scrolled,
        loading: this.#reading.loading,
      }),
      prompt: this.#aim ? `${this.#aim.kind} ${this.#aim.message.seq}> ` : "> ",
      input: (width) => this.#editor.visible(width),
    });
    // Only the drawing has shown whether the upper edge is reached.
    if (state) this.#reading.settle(state, { room: this.#room, focused: this.#focused });
    return frame;
  }

  get #state(): ChannelState | undefined {
    return this.#client.replica.channels.get(this.#current);
  }

  get #room(): Room {
    let room = this.#rooms.get(this.#current);
    if (!room) this.#rooms.set(this.#current, room = new Room());
    return room;
  }

  #body(width: number, height: number) {
    this.#bodyRows = height;
    const state = this.#state;
    if (!state) return [];
    const { replica } = this.#client;
    const me = replica.me?.id ?? 0;
    const lines = this.#room.draw({
      state,
      height,
      context: {
        width,
        me,
        myName: replica.me?.name ?? "",
        userName: (id) => this.#names.user(id),
        find: (seq) => state.messages.find((message) => message.seq === seq),
      },
      pending: this.#pendingTexts(),
    });
    return lines;
  }

  #pendingTexts(): string[] {
    return this.#client.pending().flatMap(({ name, body }) => {
      if (name !== "sendMessage") return [];
      const { channelId, text = "" } = body as { readonly channelId?: number; readonly text?: string };
      return channelId === this.#current ? [text] : [];
    });
  }

  /** Keys that mean something besides editing; true when this was one. */
  #command(key: Key): boolean {
    switch (key.name) {
      case "interrupt":
        this.#options.quit();
        return true;
      case "end-of-input":
        if (this.#editor.text === "") this.#options.quit();
        else this.#editor.delete();
        return true;
      case "enter":
        this.#submit();
        return true;
      case "escape":
        this.#cancel();
        return true;
      case "page-up":
        this.#reading.retry();
        this.#room.scroll(Math.max(1, this.#bodyRows - 2));
        return true;
      case "page-down":
        this.#room.scroll(-Math.max(1, this.#bodyRows - 2));
        return true;
      case "previous-channel":
        this.#step(-1);
        return true;
      case "next-channel":
        this.#step(1);
        return true;
      case "alt":
        this.#alt(key.text);
        return true;
      case "tab":
        this.#completeWord();
        return true;
      case "focus":
      case "blur":
        this.#focused = key.name === "focus";
        this.#client.setPresence(!this.#focused);
        // Whatever comes from now on is new to whoever looks again.
        if (!this.#focused && !this.#state?.unread) this.#room.unreadAfter = undefined;
        return true;
      default:
        return false;
    }
  }

  #submit(): void {
    const aim = this.#aim;
    const text = this.#editor.take();
    this.#aim = undefined;
    if (text.trim() === "") return;
    this.#room.toBottom();
    if (text.startsWith("/") && !text.startsWith("//") && !aim) return this.#attempt(() => this.#slash(text));
    const plain = text.startsWith("//") ? text.slice(1) : text;
    this.#attempt(async () => {
      if (aim?.kind === "edit") await this.#client.editMessage(aim.message, plain);
      else if (!this.#current) throw new Error("No channel is open: /join one, or see /channels");
      else {
        this.#room.unreadAfter = undefined;
        await this.#client.sendMessage(this.#current, plain, { replyTo: aim?.message.seq ?? 0 });
      }
    });
  }

  #slash(line: string): Promise<void> {
    return runSlash(line, {
      client: this.#client,
      names: this.#names,
      channel: () => {
        const state = this.#state;
        if (!state) throw new Error("No channel is open: /join one, or see /channels");
        return state;
      },
      open: (channelId) => this.open(channelId),
      say: (text) => this.#say(text),
      begin: (kind, message) => {
        this.#aim = { kind, message };
        if (kind === "edit") this.#editor.set(message.text);
      },
      quit: this.#options.quit,
    });
  }

  /** Shows a channel, as soon as it is there. */
  open(channelId: number): void {
    const { channels } = this.#client.replica;
    const state = channels.get(channelId);
    this.#awaited = state ? 0 : channelId;
    if (!state || channelId === this.#current) return;
    this.#drafts.set(this.#current, this.#editor.text);
    this.#client.replica.trim(this.#current);
    this.#cancel();
    this.#current = channelId;
    this.#editor.set(this.#drafts.get(channelId) ?? "");
    const room = this.#room;
    room.toBottom();
    room.unreadAfter = state.unread > 0 ? state.readSeq : undefined;
    this.#watch();
  }

  #live(): void {
    this.#reading.retry();
    const { channels } = this.#client.replica;
    if (!channels.has(this.#current)) {
      const wanted = this.#options.channel?.replace(/^#/, "");
      const ordered = orderedChannels(this.#client.replica, this.#names);
      const named = wanted && ordered.find(({ channel }) => channel.name === wanted);
      if (wanted && !named) this.#attempt(() => this.#slash(`/join ${wanted}`));
      const first = named || ordered[0];
      if (first) this.open(first.channel.id);
    }
    this.#watch();
  }

  #channelChanged(channelId: number, change: string): void {
    if (change === "gained" && channelId === this.#awaited) this.open(channelId);
    if (change === "lost") {
      this.#reading.forget(channelId);
      this.#rooms.delete(channelId);
      if (channelId === this.#current) this.#step(1);
    }
    if (change === "gained" || change === "lost") this.#watch();
  }

  #event(event: Event): void {
    const text = noticeOf(event, this.#names);
    if (text === undefined || event.stream !== this.#current) return;
    this.#room.notice(text, { afterSeq: event.seq });
  }

  #outbox({ entry, status, error }: OutboxChange): void {
    if (status !== "refused" || entry.name !== "sendMessage") return;
    const { text = "" } = entry.body as { readonly text?: string };
    this.#editor.remember(text);
    this.#hint = `Not sent (Up brings it back): ${neutralLine(error?.message ?? "")}`;
  }

  #step(by: number): void {
    const ordered = orderedChannels(this.#client.replica, this.#names);
    const at = ordered.findIndex(({ channel }) => channel.id === this.#current);
    const next = ordered[(at + by + ordered.length) % ordered.length];
    if (next) this.open(next.channel.id);
    else this.#current = 0;
  }

  #alt(char: string): void {
    const ordered = orderedChannels(this.#client.replica, this.#names);
    const wanted = /^[1-9]$/.test(char)
      ? ordered[Number(char) - 1]
      : char === "a"
      ? ordered.find(({ mentions }) => mentions > 0) ?? ordered.find(({ unread }) => unread > 0)
      : undefined;
    if (wanted) this.open(wanted.channel.id);
  }

  #cancel(): void {
    if (this.#aim?.kind === "edit") this.#editor.set("");
    this.#aim = undefined;
    this.#room.toBottom();
  }

  #completeWord(): void {
    const { replica } = this.#client;
    const { text, candidates } = complete(this.#editor.textBefore, {
      commands: SLASH_NAMES,
      channels: [...replica.channels.values()].map(({ channel }) => channel.name).filter((name) =>
        name !== ""
      ),
      users: [...replica.users.values()].filter(({ disabled }) => !disabled).map(({ name }) => name),
    });
    this.#editor.setBefore(text);
    this.#hint = candidates.join("  ");
  }

  #watch(): void {
    this.#client.watch(watchedIds(this.#client.replica, this.#current));
  }

  #say(text: string): void {
    this.#room.notice(neutral(text), { afterSeq: this.#state?.headSeq ?? 0 });
    if (!this.#current) this.#hint = neutralLine(text);
  }

  #complain(error: unknown): void {
    this.#hint = neutralLine(error instanceof Error ? error.message : String(error));
    this.#options.redraw();
  }

  #attempt(action: () => Promise<unknown>): void {
    action().catch((error) => {
      // The end of the client says so itself.
      if (this.#client.state.name !== "ended") this.#complain(error);
    }).finally(() => this.#options.redraw());
  }
}
