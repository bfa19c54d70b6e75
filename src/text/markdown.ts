/** Light Markdown: paragraphs, code blocks, quotes and lists, as plain data. @module */
import { type BlockStart, blockStartOf, escapeIn, isQuoteGap } from "./block_start.ts";
import { closesFence, codeInOneLine, type Fence, fenceOf, languageOf, opensBlock } from "./fence.ts";
import { parseInline } from "./inline.ts";
import { type Line, lineFrom, linesOf, placesOf } from "./lines.ts";
import type { Block, Inline, ListItem } from "./tree.ts";

const QUOTE_DEPTH_MAX = 3;

/** Parses a message. Single line breaks stay line breaks. */
export function parseMarkdown(text: string): Block[] {
  return new BlockParser(linesOf(text), 0).parse();
}

class BlockParser {
  readonly #lines: readonly Line[];
  readonly #depth: number;
  readonly #blocks: Block[] = [];
  #paragraph: Line[] = [];
  #at = 0;
  #closing: ClosingFences | undefined;

  constructor(lines: readonly Line[], depth: number) {
    this.#lines = lines;
    this.#depth = depth;
  }

  parse(): Block[] {
    while (this.#at < this.#lines.length) {
      const line = this.#lines[this.#at]!;
      const start = blockStartOf(line.text);
      if (start?.kind === "quote" && this.#depth < QUOTE_DEPTH_MAX) this.#quote();
      else if (start && start.kind !== "quote") this.#list(start);
      else if (!this.#code(line.text)) {
        this.#paragraph.push(line);
        this.#at++;
      }
    }
    this.#endParagraph();
    return this.#blocks;
  }

  /** False when the line opens no block of code. */
  #code(line: string): boolean {
    const fence = fenceOf(line);
    if (!fence) return false;
    const single = codeInOneLine(fence);
    if (single !== undefined) {
      this.#at++;
      this.#push({ kind: "code", language: "", text: single });
      return true;
    }
    this.#closing ??= new ClosingFences(this.#lines);
    const closed = this.#closing.has(fence, this.#at + 1);
    // Without an end backticks reach to the end of the message, and tildes are tildes.
    const goesOn = closed || (fence.mark === "`" && this.#closing.contentAfter(this.#at));
    if (!opensBlock(fence) || !goesOn) return false;
    const lines = this.#take((line) => !closesFence(line.text, fence), 1).map(({ text }) => text);
    this.#at++;
    const language = lines.length > 0 ? languageOf(fence.rest) : "";
    if (language === "" && fence.rest.trim() !== "") lines.unshift(fence.rest);
    this.#push({ kind: "code", language, text: lines.join("\n") });
    return true;
  }

  #quote(): void {
    const isQuote = ({ text }: Line) => blockStartOf(text)?.kind === "quote";
    const taken = this.#take((line) => isQuoteGap(line.text) || isQuote(line));
    // A mark with nothing behind it belongs to a quote that goes on.
    let end = taken.length;
    while (isQuoteGap(taken[end - 1]!.text)) end--;
    this.#at -= taken.length - end;
    const lines = taken.slice(0, end).map((line) =>
      lineFrom(line, blockStartOf(line.text)?.length ?? line.text.length)
    );
    this.#push({ kind: "quote", blocks: new BlockParser(lines, this.#depth + 1).parse() });
  }

  #list({ kind }: BlockStart): void {
    const items: ListItem[] = [];
    for (; this.#at < this.#lines.length; this.#at++) {
      const line = this.#lines[this.#at]!;
      const start = blockStartOf(line.text);
      if (start?.kind !== kind) break;
      items.push({ marker: start.marker, children: inlineOf([lineFrom(line, start.length)]) });
    }
    this.#push({ kind: "list", numbered: kind === "number", items });
  }

  /** Lines from here on, `skip` of them left out, as long as they are wanted. */
  #take(wanted: (line: Line) => boolean, skip = 0): Line[] {
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
    const lines = this.#paragraph;
    this.#paragraph = [];
    const start = lines.findIndex(({ text }) => text !== "");
    if (start < 0) return;
    const end = lines.findLastIndex(({ text }) => text !== "") + 1;
    this.#blocks.push({ kind: "paragraph", children: inlineOf(lines.slice(start, end)) });
  }
}

function inlineOf(lines: readonly Line[]): Inline[] {
  const escapes = new Set<number>();
  let begins = 0;
  for (const { text } of lines) {
    const escape = escapeIn(text);
    if (escape >= 0) escapes.add(begins + escape);
    begins += text.length + 1;
  }
  return parseInline(lines.map(({ text }) => text).join("\n"), { escapes, placeOf: placesOf(lines) });
}

/** Looks ahead for ends of blocks, once for all lines. */
class ClosingFences {
  /** Longest closing fence from a line on. */
  readonly #longest: Record<Fence["mark"], Uint32Array>;
  readonly #lastContent: number;

  constructor(lines: readonly Line[]) {
    this.#longest = { "`": new Uint32Array(lines.length + 1), "~": new Uint32Array(lines.length + 1) };
    this.#lastContent = lines.findLastIndex(({ text }) => text.trim() !== "");
    for (let i = lines.length - 1; i >= 0; i--) {
      for (const mark of ["`", "~"] as const) this.#longest[mark][i] = this.#longest[mark][i + 1]!;
      const fence = fenceOf(lines[i]!.text);
      if (fence?.rest.trim() !== "" || !fence) continue;
      const longest = this.#longest[fence.mark];
      longest[i] = Math.max(longest[i]!, fence.length);
    }
  }

  /** Whether a line from here on closes the fence. */
  has({ mark, length }: Fence, from: number): boolean {
    return this.#longest[mark][from]! >= length;
  }

  /** Whether any line after this one shows something. */
  contentAfter(index: number): boolean {
    return this.#lastContent > index;
  }
}
