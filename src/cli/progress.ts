/** How far long work is, in one line that is replaced by the next. @module */
import { redraw } from "./say.ts";

/** Writes to standard error, and only when that is a terminal. Disposing removes the line. */
export class Progress implements Disposable {
  readonly #terminal = Deno.stderr.isTerminal();
  #shown = "";

  readonly report = (what: string, done?: number): void => {
    const line = done === undefined ? `${what} …` : `${what} … ${Math.floor(done * 100)} %`;
    if (!this.#terminal || line === this.#shown) return;
    this.#shown = line;
    redraw(line);
  };

  [Symbol.dispose](): void {
    if (this.#shown !== "") redraw("");
    this.#shown = "";
  }
}
