/** A line on a terminal that tells how far the work is; elsewhere nothing. @module */

const BAR = 24;

export class Progress {
  readonly #on: boolean;
  readonly #utf8 = new TextEncoder();
  #shown = false;

  /** `on` false keeps it silent. */
  constructor(on: boolean) {
    this.#on = on;
  }

  /** `done` goes from 0 to 1. */
  show(label: string, { done, note = "" }: { done: number; note?: string }): void {
    if (!this.#on) return;
    const full = Math.round(Math.min(1, Math.max(0, done)) * BAR);
    this.#shown = true;
    this.#write(`\r\x1b[K${label}  ${"█".repeat(full)}${"░".repeat(BAR - full)}  ${note}`);
  }

  clear(): void {
    if (this.#shown) this.#write("\r\x1b[K");
    this.#shown = false;
  }

  #write(text: string): void {
    Deno.stderr.writeSync(this.#utf8.encode(text));
  }
}
