/** What was typed and not sent, by channel: it survives everything but the end of the browser's disk. @module */
import { computed, signal } from "@preact/signals";
import { onStored, store, stored, storedNames } from "../shell/storage.ts";

export interface Draft {
  readonly text: string;
  /** Message that it answers; 0 when none. */
  readonly replyTo: number;
  /** Message whose new text it is; 0 when it is a new message. */
  readonly editSeq: number;
  /** The message's text so far, when it is edited. */
  readonly before?: string;
  /** What was being written when the editing began. */
  readonly aside?: Draft | undefined;
}

export const EMPTY: Draft = { text: "", replyTo: 0, editSeq: 0 };

export class Drafts {
  readonly #prefix: string;
  readonly #version = signal(0);
  readonly #channels = computed(() => {
    void this.#version.value;
    return new Set(storedNames(this.#prefix).map((name) => Number(name.slice(this.#prefix.length))));
  });

  /** Drafts of one user. Other tabs' changes are heard until the signal is aborted. */
  constructor(userId: number, signal: AbortSignal) {
    this.#prefix = `draft:${userId}:`;
    onStored(signal, (name) => {
      if (name.startsWith(this.#prefix)) this.#version.value++;
    });
  }

  get(channelId: number): Draft {
    void this.#version.value;
    return stored<Draft>(this.#prefix + channelId) ?? EMPTY;
  }

  set(channelId: number, draft: Draft): void {
    const empty = draft.text === "" && draft.replyTo === 0 && draft.editSeq === 0;
    store(this.#prefix + channelId, empty ? undefined : draft);
    this.#version.value++;
  }

  /** Channels in which something waits to be finished. */
  get channels(): ReadonlySet<number> {
    return this.#channels.value;
  }
}
