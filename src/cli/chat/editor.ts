/** The input line: text, cursor, and what was sent before. The text is kept as it was typed; only its picture is made safe. @module */
import { cellWidth, graphemes, neutralLine } from "./text.ts";

const HISTORY = 200;

export class Editor {
  #before: string[] = [];
  #after: string[] = [];
  readonly #history: string[] = [];
  /** Place in the history; its length means the line that is being written. */
  #at = 0;
  #draft = "";

  get text(): string {
    return this.#before.join("") + this.#after.join("");
  }

  /** Text up to the cursor. */
  get textBefore(): string {
    return this.#before.join("");
  }

  /** Replaces everything; the cursor stands at the end. */
  set(text: string): void {
    this.#before = graphemes(text);
    this.#after = [];
  }

  /** Replaces what stands before the cursor. */
  setBefore(text: string): void {
    this.#before = graphemes(text);
  }

  insert(text: string): void {
    // Joined first: a combining mark belongs to what stands before it.
    this.#before = graphemes(this.#before.join("") + text);
  }

  /** Empties the line and remembers what stood in it. */
  take(): string {
    const { text } = this;
    this.remember(text);
    this.set("");
    return text;
  }

  /** Puts a text where "up" finds it. */
  remember(text: string): void {
    if (text.trim() !== "" && this.#history.at(-1) !== text) this.#history.push(text);
    if (this.#history.length > HISTORY) this.#history.shift();
    this.#at = this.#history.length;
    this.#draft = "";
  }

  left(): void {
    const grapheme = this.#before.pop();
    if (grapheme !== undefined) this.#after.unshift(grapheme);
  }

  right(): void {
    const grapheme = this.#after.shift();
    if (grapheme !== undefined) this.#before.push(grapheme);
  }

  home(): void {
    this.#after = [...this.#before, ...this.#after];
    this.#before = [];
  }

  end(): void {
    this.#before = [...this.#before, ...this.#after];
    this.#after = [];
  }

  wordLeft(): void {
    while (this.#before.length > 0 && isBlank(this.#before.at(-1)!)) this.left();
    while (this.#before.length > 0 && !isBlank(this.#before.at(-1)!)) this.left();
  }

  wordRight(): void {
    while (this.#after.length > 0 && isBlank(this.#after[0]!)) this.right();
    while (this.#after.length > 0 && !isBlank(this.#after[0]!)) this.right();
  }

  backspace(): void {
    this.#before.pop();
  }

  delete(): void {
    this.#after.shift();
  }

  deleteWord(): void {
    while (this.#before.length > 0 && isBlank(this.#before.at(-1)!)) this.#before.pop();
    while (this.#before.length > 0 && !isBlank(this.#before.at(-1)!)) this.#before.pop();
  }

  deleteToStart(): void {
    this.#before = [];
  }

  deleteToEnd(): void {
    this.#after = [];
  }

  /** The line sent before this one. */
  up(): void {
    if (this.#at === 0) return;
    if (this.#at === this.#history.length) this.#draft = this.text;
    this.set(this.#history[--this.#at]!);
  }

  /** Back towards the line that is being written. */
  down(): void {
    if (this.#at === this.#history.length) return;
    this.#at++;
    this.set(this.#history[this.#at] ?? this.#draft);
  }

  /** The part around the cursor that fits, and the cursor's cell in it. */
  visible(width: number): { readonly text: string; readonly cursor: number } {
    const shown = (part: readonly string[]) => part.map(picture);
    const before = shown(this.#before);
    let cursor = cellWidth(before.join(""));
    // One cell stays free for the cursor behind the last character.
    while (cursor > width - 1) cursor -= cellWidth(before.shift() ?? " ");
    let text = before.join("");
    let used = cursor;
    for (const grapheme of shown(this.#after)) {
      used += cellWidth(grapheme);
      if (used > width) break;
      text += grapheme;
    }
    return { text, cursor };
  }
}

/** One character as the line shows it. */
function picture(grapheme: string): string {
  if (/^[\r\n]/.test(grapheme)) return "⏎";
  return grapheme === "\t" ? "⇥" : neutralLine(grapheme);
}

function isBlank(grapheme: string): boolean {
  return /^\s/.test(grapheme);
}
