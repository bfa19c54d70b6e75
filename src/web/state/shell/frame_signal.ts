/** Telling the screen that something has changed, once a frame however often it does. @module */
import { signal } from "@preact/signals";

/** Hidden pages have no frames, but a title that counts. */
const HIDDEN_MS = 250;

export class FrameSignal {
  readonly #version = signal(0);
  #scheduled = false;

  /** Makes whoever computes or draws depend on this. */
  watch(): void {
    void this.#version.value;
  }

  /** Something has changed. */
  touch(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    const beat = () => {
      this.#scheduled = false;
      this.#version.value++;
    };
    if (document.hidden) setTimeout(beat, HIDDEN_MS);
    else afterFrame(beat);
  }
}

/** Calls at the next frame, or soon when the page is hidden before it comes. */
function afterFrame(call: () => void): void {
  let called = false;
  const once = () => {
    if (called) return;
    called = true;
    clearTimeout(timer);
    cancelAnimationFrame(frame);
    call();
  };
  const timer = setTimeout(once, HIDDEN_MS);
  const frame = requestAnimationFrame(once);
}
