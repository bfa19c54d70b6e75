/**
 * Marks of emphasis, as CommonMark pairs them, with four differences: inside a
 * word nothing is marked (`2*3*4`), runs of one and of two marks do not mix,
 * scripts that put no space between words need none around the marks either, and
 * faces keep theirs (`>_<`, `(*^_^*)`).
 *
 * @module
 */
import { isSpace, isSpacedWord, isWord } from "./characters.ts";
import type { EmphasisKind, Inline } from "./tree.ts";

/** A run of the same mark. */
export interface Run {
  readonly mark: "*" | "_" | "~";
  readonly count: number;
  /** Characters around it; empty at the edges of the text. */
  readonly before: string;
  readonly after: string;
}

/** Marks in the text, by their place in it, that have become emphasis. */
export type OnPaired = (at: number, count: number) => void;

interface Opened {
  readonly mark: string;
  count: number;
  /** Where its marks stand in the output, and in the text. */
  readonly index: number;
  readonly at: number;
  /** How many parts before it have something to stress. */
  readonly stressable: number;
}

const DEPTH_MAX = 8;
const COUNT_MAX = 3;
const OPENING = /\p{Ps}/u;
const CLOSING = /[)\]}]/;
/** Without any of these there is nothing to put in italics. */
const STRESSABLE = /[\p{L}\p{N}\p{Extended_Pictographic}]/u;

/** The parts of a text so far, and the marks in it that wait for their like. */
export class Emphasis {
  readonly #parts: Inline[] = [];
  /** How deep each part is nested. */
  readonly #depths: number[] = [];
  readonly #open: Opened[] = [];
  #underscores = 0;
  #stressable = 0;
  /** For each mark and length: none of the opened ones below this fits. */
  readonly #searched = new Map<string, number>();
  readonly #onPaired: OnPaired;

  constructor(onPaired: OnPaired) {
    this.#onPaired = onPaired;
  }

  push(part: Inline, depth = 0): void {
    this.#parts.push(part);
    this.#depths.push(depth);
    if (typeof part !== "string" || STRESSABLE.test(part)) this.#stressable++;
  }

  /** Whether an underscore waits for another one. */
  get inUnderscores(): boolean {
    return this.#underscores > 0;
  }

  /** Takes a run of marks that begins at this place of the text. */
  take(run: Run, at: number): void {
    let { count } = run;
    let place = at;
    const exact = run.mark === "~" ? run.count === 2 : run.count <= COUNT_MAX;
    while (exact && count > 0 && mayClose(run)) {
      const found = this.#find(run.mark, count);
      const used = found < 0 ? 0 : this.#close(found, { count, place });
      if (used === 0) break;
      count -= used;
      place += used;
    }
    if (count === 0) return;
    if (exact && mayOpen(run)) {
      const [index, stressable] = [this.#parts.length, this.#stressable];
      this.#open.push({ mark: run.mark, count, index, at: place, stressable });
      if (run.mark === "_") this.#underscores++;
    }
    this.push(run.mark.repeat(count));
  }

  /** All parts; marks that nothing has closed stay what they are. */
  finish(): Inline[] {
    return joined(this.#parts);
  }

  /** Index of the innermost run that these marks close; -1 when there is none. */
  #find(mark: string, count: number): number {
    const key = mark + count;
    const bottom = this.#searched.get(key) ?? 0;
    for (let i = this.#open.length - 1; i >= bottom; i--) {
      const opened = this.#open[i]!;
      if (opened.mark === mark && fits(opened.count, count)) return i;
    }
    this.#searched.set(key, this.#open.length);
    return -1;
  }

  /** Makes one element of what stands behind the opened marks; returns how many marks that has used. */
  #close(found: number, { count, place }: { count: number; place: number }): number {
    const opened = this.#open[found]!;
    const { mark, index } = opened;
    const used = Math.min(2, opened.count, count);
    if (used === 1 && this.#stressable === opened.stressable) return 0;
    const depth = 1 + this.#depths.slice(index + 1).reduce((most, depth) => Math.max(most, depth), 0);
    if (depth > DEPTH_MAX) {
      // Whatever is open around it would be deeper still.
      this.#dropFrom(0);
      return 0;
    }
    opened.count -= used;
    this.#dropFrom(opened.count > 0 ? found + 1 : found);
    this.#onPaired(opened.at + opened.count, used);
    this.#onPaired(place, used);
    const children = joined(this.#parts.splice(index + 1));
    this.#depths.length = index + 1;
    this.#parts[index] = mark.repeat(opened.count);
    const kind: EmphasisKind = mark === "~" ? "struck" : used === 2 ? "bold" : "italic";
    this.push({ kind, children }, depth);
    return used;
  }

  #dropFrom(length: number): void {
    for (const { mark } of this.#open.splice(length)) {
      if (mark === "_") this.#underscores--;
    }
    for (const [key, bottom] of this.#searched) this.#searched.set(key, Math.min(bottom, length));
  }
}

function fits(opened: number, closing: number): boolean {
  return opened === closing || opened === COUNT_MAX || closing === COUNT_MAX;
}

function mayOpen({ mark, count, before, after }: Run): boolean {
  // Neither the arm of a shrug, nor the sign in (a)*(b), nor a part of a face.
  if ((mark === "_" || count === 1) && (CLOSING.test(before + after) || isFace(before, after))) return false;
  return !isSpace(after) && !isInWord(mark, before);
}

/** Whether the mark between these is a mouth or a cheek, as in `>_<` and `(*^_^*)`. */
function isFace(before: string, after: string): boolean {
  if (isSpace(before) || isWord(before) || isWord(after)) return false;
  if (/[*_~]/.test(before)) return /[*_~]/.test(after);
  return OPENING.test(before) ? /[\p{Sk}\p{Sm}]/u.test(after) : !/[\p{Ps}\p{Pi}`]/u.test(after);
}

function mayClose({ mark, before, after }: Run): boolean {
  return !isSpace(before) && !OPENING.test(before) && !isInWord(mark, after);
}

/** Underscores are part of names in scripts without spaces, too. */
function isInWord(mark: string, neighbour: string): boolean {
  return mark === "_" ? isWord(neighbour) : isSpacedWord(neighbour);
}

/** Neighbouring texts as one. */
function joined(parts: readonly Inline[]): Inline[] {
  const out: Inline[] = [];
  let text: string[] = [];
  const flush = () => {
    const whole = text.join("");
    if (whole !== "") out.push(whole);
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
