/** Standard input, line by line. @module */

export class LineReader implements Disposable {
  readonly #reader: ReadableStreamDefaultReader<string>;
  #rest = "";
  #ended = false;

  constructor(input: ReadableStream<Uint8Array<ArrayBuffer>>) {
    this.#reader = input.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** The next line without its end; undefined when there is none. */
  async next(): Promise<string | undefined> {
    for (;;) {
      const end = this.#rest.indexOf("\n");
      if (end >= 0) {
        const line = this.#rest.slice(0, end);
        this.#rest = this.#rest.slice(end + 1);
        return line.replace(/\r$/, "");
      }
      if (this.#ended) {
        const last = this.#rest;
        this.#rest = "";
        return last === "" ? undefined : last;
      }
      const { value, done } = await this.#reader.read();
      if (done) this.#ended = true;
      else this.#rest += value;
    }
  }

  /** Lets go of the input. A read of a pipe in which nothing comes never ends, so nobody waits for it. */
  [Symbol.dispose](): void {
    this.#reader.cancel().catch(() => {});
  }
}
