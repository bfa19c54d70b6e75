/**
 * Light Markdown inside a line: code, bold, italic, struck, links, mentions.
 * One pass over the text, so that no message takes longer than its length.
 *
 * @module
 */
export type Inline =
  | string
  | { readonly kind: "bold" | "italic" | "struck"; readonly children: readonly Inline[] }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "link"; readonly url: string; readonly children: readonly Inline[] }
  /** A name after @, lower-cased, and how it was written. */
  | { readonly kind: "mention"; readonly name: string; readonly text: string };

type Emphasis = "bold" | "italic" | "struck";

interface Opened {
  readonly mark: string;
  readonly kind: Emphasis;
  /** Where its children begin in the output. */
  readonly at: number;
}

const MARKS: readonly [mark: string, kind: Emphasis][] = [
  ["**", "bold"],
  ["__", "bold"],
  ["~~", "struck"],
  ["*", "italic"],
  ["_", "italic"],
];
const DEPTH_MAX = 8;
const LINK_CHARS_MAX = 2048;
const WORD = /[\p{L}\p{N}]/u;
// Invisible and direction characters end an address: what is seen is what is opened.
const ADDRESS = /https?:\/\/[^\s<>"`\p{Cc}\p{Cf}]+/iuy;
const NAMED_LINK = /\[([^\[\]\n]{1,200})\]\((https?:\/\/[^\s<>"()\p{Cc}\p{Cf}]+)\)/iuy;
const MENTION = /@([a-z0-9][a-z0-9._-]*)/iy;
const PLAIN = /[^\\`*_~[@h]+/iy;

/** Parses the text of a line or of several. */
export function parseInline(text: string): Inline[] {
  return new InlineParser(text).parse();
}

class InlineParser {
  readonly #text: string;
  #at = 0;
  #out: Inline[] = [];
  readonly #open: Opened[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  parse(): Inline[] {
    while (this.#at < this.#text.length) {
      if (!this.#plain() && !this.#special()) this.#push(this.#text[this.#at++]!);
    }
    while (this.#open.length > 0) this.#abandon();
    return joined(this.#out);
  }

  #plain(): boolean {
    const run = this.#match(PLAIN);
    if (!run) return false;
    this.#push(run[0]);
    return true;
  }

  #special(): boolean {
    switch (this.#text[this.#at]) {
      case "\\":
        return this.#escape();
      case "`":
        return this.#code();
      case "[":
        return this.#namedLink();
      case "@":
        return this.#mention();
      case "h":
      case "H":
        return this.#address();
      default:
        return this.#mark();
    }
  }

  #escape(): boolean {
    const next = this.#text[this.#at + 1];
    if (next === undefined || !/[\\`*_~[\]@>#-]/.test(next)) return false;
    this.#push(next);
    this.#at += 2;
    return true;
  }

  #code(): boolean {
    const run = this.#match(/`+/y)![0];
    const end = this.#text.indexOf(run, this.#at);
    // A longer run is another delimiter.
    if (end < 0 || end === this.#at || this.#text[end + run.length] === "`") this.#push(run);
    else {
      this.#push({ kind: "code", text: this.#text.slice(this.#at, end).replace(/^ (.*) $/s, "$1") });
      this.#at = end + run.length;
    }
    return true;
  }

  #namedLink(): boolean {
    const link = this.#match(NAMED_LINK);
    if (!link) return false;
    const url = validUrl(link[2]!);
    this.#push(url ? { kind: "link", url, children: [link[1]!] } : link[0]);
    return true;
  }

  #address(): boolean {
    if (this.#wordBefore()) return false;
    const start = this.#at;
    const found = this.#match(ADDRESS);
    if (!found) return false;
    const address = withoutTrailing(found[0]);
    this.#at = start + address.length;
    const url = validUrl(address);
    this.#push(url ? { kind: "link", url, children: [address] } : address);
    return true;
  }

  #mention(): boolean {
    const before = this.#text[this.#at - 1];
    if (before !== undefined && /[\p{L}\p{N}_@.-]/u.test(before)) return false;
    const start = this.#at;
    const found = this.#match(MENTION);
    if (!found) return false;
    const name = found[1]!.replace(/(?<![._-])[._-]+$/, "");
    this.#at = start + 1 + name.length;
    this.#push({ kind: "mention", name: name.toLowerCase(), text: `@${name}` });
    return true;
  }

  #mark(): boolean {
    const found = MARKS.find(([mark]) => this.#text.startsWith(mark, this.#at));
    if (!found) return false;
    const [mark, kind] = found;
    const before = this.#text[this.#at - 1] ?? " ";
    const after = this.#text[this.#at + mark.length] ?? " ";
    const opened = this.#open.findLastIndex((open) => open.mark === mark);
    if (opened >= 0 && !/\s/.test(before) && !WORD.test(after)) this.#close(opened, mark);
    else if (!/\s/.test(after) && !WORD.test(before) && this.#open.length < DEPTH_MAX) {
      this.#open.push({ mark, kind, at: this.#out.length });
      this.#push(mark);
    } else this.#push(mark);
    this.#at += mark.length;
    return true;
  }

  #close(opened: number, mark: string): void {
    while (this.#open.length - 1 > opened) this.#abandon();
    const { at, kind } = this.#open.pop()!;
    const children = joined(this.#out.splice(at).slice(1));
    if (children.length === 0) this.#out.push(mark + mark);
    else this.#out.push({ kind, children });
  }

  /** A mark that nobody closes stays what it is. */
  #abandon(): void {
    this.#open.pop();
  }

  #wordBefore(): boolean {
    const before = this.#text[this.#at - 1];
    return before !== undefined && WORD.test(before);
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found) this.#at += found[0].length;
    return found;
  }

  #push(part: Inline): void {
    this.#out.push(part);
  }
}

/** An address without the punctuation of the sentence that it stands in. */
function withoutTrailing(address: string): string {
  const marks = address.includes("(") ? /[.,:;!?'"*_~\]]/ : /[.,:;!?'"*_~\])]/;
  let end = address.length;
  while (end > 0 && marks.test(address[end - 1]!)) end--;
  return address.slice(0, end);
}

function validUrl(text: string): string | undefined {
  if (text.length > LINK_CHARS_MAX || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  // Before an @ stands a name that looks like a host.
  return url.username || url.password ? undefined : url.href;
}

function joined(parts: readonly Inline[]): Inline[] {
  const out: Inline[] = [];
  let text: string[] = [];
  const flush = () => {
    if (text.length > 0) out.push(text.join(""));
    text = [];
  };
  for (const part of parts) {
    if (typeof part === "string") text.push(part);
    else {
      flush();
      out.push(part);
    }
  }
  flush();
  return out;
}
