/** One number for everything that happened, so that two runs can be compared. @module */

export class Trace {
  #a = 0x811c9dc5;
  #b = 0x1000193;

  /** Something happened; the order counts. */
  note(what: string, ...numbers: readonly number[]): void {
    for (let at = 0; at < what.length; at++) this.#mix(what.charCodeAt(at));
    for (const number of numbers) this.#mix(number);
  }

  /** 16 hexadecimal digits. */
  get hash(): string {
    return [this.#a, this.#b].map((half) => half.toString(16).padStart(8, "0")).join("");
  }

  // FNV-1a, and beside it the same with another prime.
  #mix(number: number): void {
    this.#a = Math.imul(this.#a ^ number, 0x01000193) >>> 0;
    this.#b = Math.imul(this.#b ^ (number + 0x9e37), 0x85ebca6b) >>> 0;
  }
}
