/** How far long work is, in one line that is replaced by the next. @module */

const ENCODER = new TextEncoder();

/** Writes to standard error, and only when that is a terminal. Disposing removes the line. */
export class Progress implements Disposable {
  readonly #terminal = Deno.stderr.isTerminal();
  #shown = "";

  readonly report = (what: string, done?: number): void => {
    const line = done === undefined ? `${what} …` : `${what} … ${Math.floor(done * 100)} %`;
    if (!this.#terminal || line === this.#shown) return;
    this.#shown = line;
    write(`\r\x1b[K${line}`);
  };

  [Symbol.dispose](): void {
    if (this.#shown !== "") write("\r\x1b[K");
    this.#shown = "";
  }
}

function write(text: string): void {
  Deno.stderr.writeSync(ENCODER.encode(text));
}
