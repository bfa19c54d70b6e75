/** Shows that something happens: one line on a terminal, now and then a plain one elsewhere. @module */

const PLAIN_EVERY_MS = 3000;
const LINE_EVERY_MS = 200;

export class Progress implements Disposable {
  readonly #startMs = performance.now();
  readonly #terminal = Deno.stderr.isTerminal();
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #writeBytes: (bytes: Uint8Array) => void;
  #status: () => string = () => "";

  /** Standard output belongs to the result, so that --json can be piped. */
  constructor(write = (bytes: Uint8Array) => void Deno.stderr.writeSync(bytes)) {
    this.#writeBytes = write;
    this.#timer = setInterval(() => this.#show(), this.#terminal ? LINE_EVERY_MS : PLAIN_EVERY_MS);
  }

  /** Seconds since it began. */
  get seconds(): number {
    return (performance.now() - this.#startMs) / 1000;
  }

  /** Says what is going on from now on. */
  watch(status: () => string): void {
    this.#status = status;
  }

  /** A line that stays. */
  say(line: string): void {
    this.#write(`${this.#clear()}${this.#stamp()}  ${line}\n`);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#write(this.#clear());
  }

  #show(): void {
    const status = this.#status();
    if (status === "") return;
    this.#write(`${this.#clear()}${this.#stamp()}  ${status}${this.#terminal ? "" : "\n"}`);
  }

  #clear(): string {
    return this.#terminal ? "\r\x1b[K" : "";
  }

  #stamp(): string {
    return `${this.seconds.toFixed(1).padStart(5)} s`;
  }

  #write(text: string): void {
    if (text !== "") this.#writeBytes(new TextEncoder().encode(text));
  }
}
