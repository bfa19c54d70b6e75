/** What keys do, and what follows from what the server says. @module */
import type { ChannelState, Event, OutboxChange, RookeryClient } from "../../client/mod.ts";
import { ChannelSwitcher } from "./channel_switcher.ts";
import { Composer } from "./composer.ts";
import { applyKey } from "./editor_keys.ts";
import type { Key } from "./keys.ts";
import { MentionWarning } from "./mention_warning.ts";
import { Names } from "./names.ts";
import { noticeOf } from "./notices.ts";
import { Reading } from "./reading.ts";
import { Screen } from "./screen.ts";
import { runSlash } from "./slash.ts";
import { controlsRemoved, neutral, neutralLine, sendable } from "./text.ts";
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
  readonly #composer = new Composer();
  readonly #switcher: ChannelSwitcher;
  readonly #screen: Screen;
  readonly #warning: MentionWarning;
  /** Keys that came while the mentions of what Enter sends are looked at; undefined at other times. */
  #held: Key[] | undefined;
  /** One line for the status bar until the next key. */
  #hint = "";
  #focused = true;

  constructor(options: ControllerOptions) {
    const { client, base } = options;
    this.#options = options;
    this.#client = client;
    this.#names = new Names(client);
    this.#warning = new MentionWarning(client);
    this.#reading = new Reading({
      client,
      done: options.redraw,
      failed: (error) => this.#complain(error),
    });
    const names = this.#names;
    const composer = this.#composer;
    const join = (name: string) => this.#attempt(() => this.#slash(`/join ${name}`));
    const switcher = this.#switcher = new ChannelSwitcher({ client, names, composer, join });
    this.#screen = new Screen({ client, names, switcher, composer, base });
  }

  /** Follows the client; disposing ends it. */
  listen(): Disposable {
    const { redraw, channel } = this.#options;
    const offs = new DisposableStack();
    const on: RookeryClient["on"] = (type, listener) => {
      const off = this.#client.on(type, (payload) => {
        listener(payload);
        redraw();
      });
      offs.defer(off);
      return off;
    };
    on("state", (state) => {
      if (state.name !== "live") return;
      this.#reading.retry();
      this.#switcher.live(channel);
    });
    on("channel", ({ channelId, change }) => this.#channelChanged(channelId, change));
    on("event", (event) => this.#event(event));
    on("outbox", (change) => this.#outbox(change));
    on("reload", ({ stream }) => this.#reading.forget(stream));
    on("error", (error) => this.#complain(error));
    for (const type of ["message", "typing", "presence", "user"] as const) on(type, () => {});
    return offs;
  }

  press(key: Key): void {
    if (this.#held && key.name !== "interrupt") {
      this.#held.push(key);
      return;
    }
    this.#hint = "";
    if (this.#command(key)) return;
    const { editor } = this.#composer;
    applyKey(editor, this.#sendable(key));
    if (editor.text === "") this.#warning.forget();
    const { current } = this.#switcher;
    if (current && editor.text !== "" && !editor.text.startsWith("/")) this.#client.setTyping(current);
  }

  frame(size: { readonly columns: number; readonly rows: number }): Frame {
    const { state } = this.#switcher;
    const frame = this.#screen.frame(size, { hint: this.#hint, loading: this.#reading.loading });
    // Only the drawing has shown whether the upper edge is reached.
    if (state) this.#reading.settle(state, { room: this.#switcher.room, focused: this.#focused });
    return frame;
  }

  /** Keys that mean something besides editing; true when this was one. */
  #command(key: Key): boolean {
    const { editor } = this.#composer;
    const switcher = this.#switcher;
    const page = Math.max(1, this.#screen.bodyRows - 2);
    switch (key.name) {
      case "interrupt":
        this.#options.quit();
        return true;
      case "end-of-input":
        if (editor.text === "") this.#options.quit();
        else editor.delete();
        return true;
      case "enter":
        if (this.#warning.concerns(this.#composer.outgoing, switcher.current)) this.#lookAndSubmit();
        else this.#submit();
        return true;
      case "escape":
        this.#composer.cancel();
        this.#warning.forget();
        switcher.room.toBottom();
        return true;
      case "page-up":
        this.#reading.retry();
        switcher.room.scroll(page);
        return true;
      case "page-down":
        switcher.room.scroll(-page);
        return true;
      case "previous-channel":
        switcher.step(-1);
        return true;
      case "next-channel":
        switcher.step(1);
        return true;
      case "alt":
        switcher.jump(key.text);
        return true;
      case "tab":
        this.#hint = this.#composer.complete(this.#client.replica).join("  ");
        return true;
      case "focus":
      case "blur":
        this.#focus(key.name === "focus");
        return true;
      default:
        return false;
    }
  }

  /** The key without control characters, which are told of: the server would refuse the message. */
  #sendable(key: Key): Key {
    if (key.name !== "text" && key.name !== "paste") return key;
    const { text, removed } = sendable(key.text);
    if (removed > 0) this.#hint = controlsRemoved(removed);
    return { name: key.name, text };
  }

  #focus(focused: boolean): void {
    this.#focused = focused;
    this.#client.setPresence(!focused);
    const { state, room } = this.#switcher;
    // Whatever comes from now on is new to whoever looks again.
    if (!focused && !state?.unread) room.unreadAfter = undefined;
  }

  /** Keys wait meanwhile, so that what is typed next is not added to this draft. */
  #lookAndSubmit(): void {
    const held: Key[] = this.#held = [];
    this.#hint = "Looking at its mentions…";
    const look = this.#warning.about(this.#composer.outgoing, this.#switcher.current);
    this.#attempt(async () => {
      let said = "";
      try {
        said = await look;
        if (said === "") this.#submit();
        else this.#say(said);
      } finally {
        this.#held = undefined;
        this.#hint = "";
        // After a warning only an Enter that came later sends.
        for (const key of held) if (said === "" || key.name !== "enter") this.press(key);
      }
    });
  }

  #submit(): void {
    this.#warning.forget();
    const entry = this.#composer.take();
    if (!entry) return;
    const { room, current } = this.#switcher;
    room.toBottom();
    if (entry.kind === "command") return this.#attempt(() => this.#slash(entry.line));
    const { text, aim } = entry;
    this.#attempt(async () => {
      if (aim?.kind === "edit") await this.#client.editMessage(aim.message, text);
      else if (!current) throw noChannel();
      else {
        room.unreadAfter = undefined;
        await this.#client.sendMessage(current, text, { replyTo: aim?.message.seq ?? 0 });
      }
    });
  }

  #slash(line: string): Promise<void> {
    return runSlash(line, {
      client: this.#client,
      names: this.#names,
      channel: () => this.#channel(),
      open: (channelId) => this.#switcher.open(channelId),
      say: (text) => this.#say(text),
      begin: (kind, message) => this.#composer.begin({ kind, message }),
      quit: this.#options.quit,
    });
  }

  #channel(): ChannelState {
    const { state } = this.#switcher;
    if (!state) throw noChannel();
    return state;
  }

  #channelChanged(channelId: number, change: string): void {
    if (change === "gained") this.#switcher.gained(channelId);
    if (change === "lost") {
      this.#reading.forget(channelId);
      this.#switcher.lost(channelId);
    }
  }

  #event(event: Event): void {
    if (event.body.case === "messageSent") this.#switcher.heard(event.stream);
    const text = noticeOf(event, this.#names);
    if (text === undefined || event.stream !== this.#switcher.current) return;
    this.#switcher.room.notice(text, { afterSeq: event.seq });
  }

  #outbox({ entry, status, error }: OutboxChange): void {
    if (status !== "refused" || entry.name !== "sendMessage") return;
    const { text = "" } = entry.body as { readonly text?: string };
    this.#composer.editor.remember(text);
    this.#hint = `Not sent (Up brings it back): ${neutralLine(error?.message ?? "")}`;
  }

  #say(text: string): void {
    const { room, state, current } = this.#switcher;
    room.notice(neutral(text), { afterSeq: state?.headSeq ?? 0 });
    if (!current) this.#hint = neutralLine(text);
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

function noChannel(): Error {
  return new Error("No channel is open: /join one, or see /channels");
}
