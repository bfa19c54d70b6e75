/**
 * Light Markdown inside a line: code, bold, italic, struck, links, mentions.
 * One pass over the text, so that no message takes longer than its length.
 *
 * @module
 */
import { addressEnd, namedLinkAt } from "./address.ts";
import { baseBefore, charAt } from "./characters.ts";
import { CodeSpans, runLength } from "./code_spans.ts";
import { Emphasis } from "./emphasis.ts";
import { Escapes } from "./escapes.ts";
import { mentionAt } from "./mention.ts";
import type { Inline } from "./tree.ts";

/** The most that is sure to mean nothing. */
const PLAIN = /[^\\`*_~[@hwHW]+/y;
const MARKS = ["*", "_", "~"] as const;

interface InlineOptions {
  /** Places of backslashes in front of marks that would have begun a block. */
  readonly escapes?: ReadonlySet<number>;
  /** Place in the message of a place in the text; the same when absent. */
  readonly placeOf?: (at: number) => number;
  /** Is told of every mark that has become markup. */
  readonly onActed?: (at: number, count: number) => void;
}

/** Parses the text of a line or of several. */
export function parseInline(text: string, options: InlineOptions = {}): Inline[] {
  return new InlineParser(text, options).parse();
}

class InlineParser {
  readonly #text: string;
  readonly #acted: (at: number, count: number) => void;
  readonly #placeOf: (at: number) => number;
  readonly #out: Emphasis;
  readonly #escapes: Escapes;
  #code: CodeSpans | undefined;
  #at = 0;

  constructor(text: string, { escapes, placeOf = (at) => at, onActed = () => {} }: InlineOptions) {
    this.#text = text;
    this.#placeOf = placeOf;
    this.#acted = onActed;
    this.#out = new Emphasis(onActed);
    this.#escapes = new Escapes(text, { atLineStart: escapes, parse: parseInline });
  }

  parse(): Inline[] {
    while (this.#at < this.#text.length) {
      if (!this.#plain() && !this.#special()) this.#out.push(this.#text[this.#at++]!);
    }
    return this.#out.finish();
  }

  #plain(): boolean {
    PLAIN.lastIndex = this.#at;
    const run = PLAIN.exec(this.#text);
    if (!run) return false;
    this.#out.push(run[0]);
    this.#at += run[0].length;
    return true;
  }

  #special(): boolean {
    switch (this.#text[this.#at]) {
      case "\\":
        return this.#backslashes();
      case "`":
        return this.#codeSpan();
      case "[":
        return this.#namedLink();
      case "@":
        return this.#mention();
      case "*":
      case "_":
      case "~":
        return this.#marks();
      default:
        return this.#address();
    }
  }

  /** Backslashes with the mark behind them: they go where the mark would have acted. */
  #backslashes(): boolean {
    const { shown, taken } = this.#escapes.at(this.#at);
    this.#out.push(shown);
    if (shown.length < taken) this.#acted(this.#at, taken - shown.length);
    this.#at += taken;
    return true;
  }

  #codeSpan(): boolean {
    const length = runLength(this.#text, this.#at);
    const start = this.#at + length;
    this.#code ??= new CodeSpans(this.#text);
    const end = this.#code.next(length, start);
    const code = end < 0 ? "" : this.#text.slice(start, end);
    if (code.trim() === "") {
      this.#out.push(this.#text.slice(this.#at, start));
      this.#at = start;
      return true;
    }
    this.#acted(this.#at, length);
    this.#acted(end, length);
    this.#out.push({ kind: "code", text: withoutPadding(code) });
    this.#at = end + length;
    return true;
  }

  #namedLink(): boolean {
    const link = namedLinkAt(this.#text, this.#at);
    if (!link) return false;
    this.#acted(this.#at, link.end - this.#at);
    this.#out.push({ kind: "link", address: link.address, words: link.label });
    this.#at = link.end;
    return true;
  }

  #address(): boolean {
    const end = addressEnd(this.#text, this.#at);
    if (end === this.#at) return false;
    this.#out.push({ kind: "link", address: this.#text.slice(this.#at, end), words: undefined });
    this.#at = end;
    return true;
  }

  #mention(): boolean {
    let name = mentionAt(this.#text, this.#at);
    if (name === "") return false;
    const underscore = this.#out.inUnderscores ? underscoreAtEnd(name) : name.length;
    name = name.slice(0, underscore);
    this.#acted(this.#at, 1);
    this.#out.push({ kind: "mention", name, at: this.#placeOf(this.#at) });
    this.#at += 1 + name.length;
    return true;
  }

  #marks(): boolean {
    const count = runLength(this.#text, this.#at);
    const mark = MARKS.find((mark) => mark === this.#text[this.#at])!;
    const before = baseBefore(this.#text, this.#at);
    const after = charAt(this.#text, this.#at + count);
    this.#out.take({ mark, count, before, after }, this.#at);
    this.#at += count;
    return true;
  }
}

/** Where the marks at the end of a name have their first underscore, which may end what is italic. */
function underscoreAtEnd(name: string): number {
  let end = name.length;
  for (let i = name.length; i > 1 && /[._-]/.test(name[i - 1]!); i--) {
    if (name[i - 1] === "_") end = i - 1;
  }
  return end;
}

/** Code that begins or ends with a backtick is written with a space beside it. */
function withoutPadding(code: string): string {
  return code.startsWith(" ") && code.endsWith(" ") ? code.slice(1, -1) : code;
}
