/** Light Markdown: paragraphs, code blocks, quotes and lists, as plain data. @module */
import { type Inline, parseInline } from "./inline.ts";

export type Block =
  | { readonly kind: "paragraph"; readonly children: readonly Inline[] }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "quote"; readonly blocks: readonly Block[] }
  | { readonly kind: "list"; readonly start: number | undefined; readonly items: readonly Inline[][] };

const QUOTE_DEPTH_MAX = 3;
export const FENCE = /^\s{0,3}```/;
const QUOTE = /^\s{0,3}> ?/;
const BULLET = /^\s{0,6}[-*+•]\s+(?=\S)/;
const NUMBER = /^\s{0,6}(\d{1,4})[.)]\s+(?=\S)/;

/** Parses a message. Single line breaks stay line breaks. */
export function parseMarkdown(text: string, depth = 0): Block[] {
  return new BlockParser(text.replaceAll(/\r\n?/g, "\n").split("\n"), depth).parse();
}

class BlockParser {
  readonly #lines: readonly string[];
  readonly #depth: number;
  readonly #blocks: Block[] = [];
  #paragraph: string[] = [];
  #at = 0;

  constructor(lines: readonly string[], depth: number) {
    this.#lines = lines;
    this.#depth = depth;
  }

  parse(): Block[] {
    while (this.#at < this.#lines.length) {
      const line = this.#lines[this.#at]!;
      if (FENCE.test(line)) this.#code();
      else if (QUOTE.test(line) && this.#depth < QUOTE_DEPTH_MAX) this.#quote();
      else if (BULLET.test(line)) this.#list(BULLET);
      else if (NUMBER.test(line)) this.#list(NUMBER);
      else {
        this.#paragraph.push(line);
        this.#at++;
      }
    }
    this.#endParagraph();
    return this.#blocks;
  }

  #code(): void {
    const first = this.#lines[this.#at]!.replace(FENCE, "");
    // ```all in one line```
    const single = /^(.+?)```\s*$/.exec(first);
    if (single) {
      this.#at++;
      return this.#push({ kind: "code", text: single[1]! });
    }
    const lines = this.#take((line) => !FENCE.test(line), 1);
    this.#at++;
    // What follows the fence is a language or already code.
    const text = (/^[\w+#.-]*$/.test(first.trim()) ? lines : [first, ...lines]).join("\n");
    this.#push({ kind: "code", text });
  }

  #quote(): void {
    const lines = this.#take((line) => QUOTE.test(line)).map((line) => line.replace(QUOTE, ""));
    this.#push({ kind: "quote", blocks: parseMarkdown(lines.join("\n"), this.#depth + 1) });
  }

  #list(pattern: RegExp): void {
    const start = pattern === NUMBER ? Number(NUMBER.exec(this.#lines[this.#at]!)![1]) : undefined;
    const lines = this.#take((line) => pattern.test(line));
    this.#push({ kind: "list", start, items: lines.map((line) => parseInline(line.replace(pattern, ""))) });
  }

  /** Lines from here on, `skip` of them left out, as long as they are wanted. */
  #take(wanted: (line: string) => boolean, skip = 0): string[] {
    const start = this.#at + skip;
    let end = start;
    while (end < this.#lines.length && wanted(this.#lines[end]!)) end++;
    this.#at = end;
    return this.#lines.slice(start, end);
  }

  #push(block: Block): void {
    this.#endParagraph();
    this.#blocks.push(block);
  }

  #endParagraph(): void {
    const text = this.#paragraph.join("\n").replace(/^\n+/, "").replace(/(?<!\n)\n+$/, "");
    this.#paragraph = [];
    if (text !== "") this.#blocks.push({ kind: "paragraph", children: parseInline(text) });
  }
}

/** Up to this many emoji alone are shown large. */
const JUMBO_MAX = 5;
const EMOJI_ONLY = /^(?:\p{RGI_Emoji}|\s)+$/v;

/** Whether a message is a few emoji and nothing else. */
export function isJumbo(text: string): boolean {
  if (text.length > 60 || !EMOJI_ONLY.test(text)) return false;
  return [...new Intl.Segmenter().segment(text.replaceAll(/\s/g, ""))].length <= JUMBO_MAX;
}
