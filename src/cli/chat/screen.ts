/** What the screen shows: the open channel, the list of them, the status and the input line. @module */
import type { RookeryClient } from "../../client/mod.ts";
import { channelEntries } from "./channel_list.ts";
import type { ChannelSwitcher } from "./channel_switcher.ts";
import type { Composer } from "./composer.ts";
import { layout } from "./layout.ts";
import type { Names } from "./names.ts";
import { statusOf } from "./status.ts";
import type { Line } from "./style.ts";
import type { Frame } from "./terminal.ts";
import { neutralLine } from "./text.ts";

export interface ScreenOptions {
  readonly client: RookeryClient;
  readonly names: Names;
  readonly switcher: ChannelSwitcher;
  readonly composer: Composer;
  readonly base: string;
}

export class Screen {
  readonly #options: ScreenOptions;
  #bodyRows = 1;

  constructor(options: ScreenOptions) {
    this.#options = options;
  }

  /** Rows that the open channel had in the frame drawn last. */
  get bodyRows(): number {
    return this.#bodyRows;
  }

  /** The frame for a terminal of this size. */
  frame(
    size: { readonly columns: number; readonly rows: number },
    { hint, loading }: { readonly hint: string; readonly loading: boolean },
  ): Frame {
    const { client, names, switcher, composer, base } = this.#options;
    const { state, current } = switcher;
    const title = state ? names.channel(state.channel) : "Rookery";
    return layout({
      ...size,
      channels: channelEntries(client.replica, names, current),
      title: state?.channel.archived ? `${title} (archived)` : title,
      topic: neutralLine(state?.channel.topic ?? ""),
      body: (width, height) => this.#body(width, height),
      status: statusOf({
        client,
        names,
        channelId: current,
        base,
        hint,
        scrolled: switcher.room.scrolled,
        loading,
      }),
      prompt: composer.prompt,
      input: (width) => composer.editor.visible(width),
    });
  }

  #body(width: number, height: number): Line[] {
    this.#bodyRows = height;
    const { client: { replica }, names, switcher } = this.#options;
    const { state } = switcher;
    if (!state) return [];
    return switcher.room.draw({
      state,
      height,
      context: {
        width,
        me: replica.me?.id ?? 0,
        userName: (id) => names.user(id),
        loginName: (id) => names.login(id),
        find: (seq) => state.messages.find((message) => message.seq === seq),
      },
      pending: this.#pendingTexts(),
    });
  }

  #pendingTexts(): string[] {
    const { client, switcher } = this.#options;
    return client.pending().flatMap(({ name, body }) => {
      if (name !== "sendMessage") return [];
      const { channelId, text = "" } = body as { readonly channelId?: number; readonly text?: string };
      return channelId === switcher.current ? [text] : [];
    });
  }
}
