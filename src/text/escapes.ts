/**
 * Backslashes in front of marks. One is taken away only where the mark behind
 * it would have acted: `\*this\*` needs them, and `C:\new` and `¯\_(ツ)_/¯` are
 * written as they are meant.
 *
 * @module
 */
import { runLength } from "./code_spans.ts";

/** Marks that mean something inside a line. */
const MARK = /[`*_~[\]()@]/;

type Parse = (text: string, options: { onActed: (at: number, count: number) => void }) => unknown;

interface EscapesOptions {
  /** Places of backslashes in front of marks that would have begun a block. */
  readonly atLineStart: ReadonlySet<number> | undefined;
  /** Parses a text, and tells which marks of it have acted. */
  readonly parse: Parse;
}

/** What becomes of the backslashes of a text. */
export class Escapes {
  readonly #text: string;
  readonly #options: EscapesOptions;
  /** Places of marks that would have acted without their backslashes; made when first asked for. */
  #acting: ReadonlySet<number> | undefined;

  constructor(text: string, options: EscapesOptions) {
    this.#text = text;
    this.#options = options;
  }

  /** Of the backslashes at this place, and of the mark behind them if they make it plain: what is shown, how much is done with. */
  at(start: number): { readonly shown: string; readonly taken: number } {
    const count = runLength(this.#text, start);
    const end = start + count;
    if (this.#options.atLineStart?.has(start)) return { shown: this.#text[end]!, taken: 2 };
    const mark = this.#text[end] ?? "";
    if (!MARK.test(mark)) return { shown: this.#text.slice(start, end), taken: count };
    this.#acting ??= this.#wouldAct();
    const shown = this.#acting.has(end) ? "\\".repeat(count >> 1) : this.#text.slice(start, end);
    return count % 2 === 1 ? { shown: shown + mark, taken: count + 1 } : { shown, taken: count };
  }

  /** Parses the text as it is without backslashes in front of marks. */
  #wouldAct(): Set<number> {
    const bare: string[] = [];
    /** Places in the text of marks that had backslashes, by their place in the bare text. */
    const places = new Map<number, number>();
    let length = 0;
    let from = 0;
    for (let at = this.#text.indexOf("\\"); at >= 0;) {
      const end = at + runLength(this.#text, at);
      if (MARK.test(this.#text[end] ?? "")) {
        bare.push(this.#text.slice(from, at));
        length += at - from;
        places.set(length, end);
        from = end;
      }
      at = this.#text.indexOf("\\", end);
    }
    bare.push(this.#text.slice(from));
    const acting = new Set<number>();
    this.#options.parse(bare.join(""), {
      onActed: (at, count) => {
        for (let i = at; i < at + count; i++) {
          const place = places.get(i);
          if (place !== undefined) acting.add(place);
        }
      },
    });
    return acting;
  }
}
