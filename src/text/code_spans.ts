/** Runs of backticks, and which of them belong together. @module */

/** Looks each run up in a table, so that a text full of runs takes no longer than its length. */
export class CodeSpans {
  /** Where runs of one length begin, in the order of the text. */
  readonly #starts = new Map<number, number[]>();

  constructor(text: string) {
    for (let at = text.indexOf("`"); at >= 0; at = text.indexOf("`", at)) {
      const length = runLength(text, at);
      const starts = this.#starts.get(length);
      if (starts) starts.push(at);
      else this.#starts.set(length, [at]);
      at += length;
    }
  }

  /** Where the next run of exactly this length begins, from an index on; -1 when there is none. */
  next(length: number, from: number): number {
    const starts = this.#starts.get(length);
    if (!starts) return -1;
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (starts[middle]! < from) low = middle + 1;
      else high = middle;
    }
    return starts[low] ?? -1;
  }
}

/** How often the character at an index follows itself there, at least once. */
export function runLength(text: string, at: number): number {
  const code = text.charCodeAt(at);
  let end = at + 1;
  while (end < text.length && text.charCodeAt(end) === code) end++;
  return end - at;
}
