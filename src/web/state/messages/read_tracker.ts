/** What whoever looks at this page has seen, though the server may not know it yet. @module */
import { signal } from "@preact/signals";

export class ReadTracker {
  /** Channel whose end is on the screen; 0 when none is. */
  readonly now = signal(0);
  /** The page has the focus; it may be on the screen without. */
  readonly focused = signal(document.hasFocus());
  readonly #upTo = signal<ReadonlyMap<number, number>>(new Map());

  /** Nothing up to this event is new here. */
  has(channelId: number, seq: number): boolean {
    return channelId === this.now.value || seq <= (this.#upTo.value.get(channelId) ?? 0);
  }

  /** The newest event of a channel that was on the screen long enough; 0 when none was. Nobody is told when it changes. */
  upTo(channelId: number): number {
    return this.#upTo.peek().get(channelId) ?? 0;
  }

  /** Everything up to this event was seen. */
  mark(channelId: number, seq: number): void {
    const before = this.#upTo.peek();
    if (seq > (before.get(channelId) ?? 0)) this.#upTo.value = new Map(before).set(channelId, seq);
  }
}
