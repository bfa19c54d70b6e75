/**
 * What other people wrote, made safe for a terminal, and how many cells it takes.
 *
 * A terminal obeys what it is sent: an escape sequence in a message could
 * rewrite the screen, the clipboard or the title. So everything from the
 * server passes {@link neutral} or {@link neutralLine} before it is shown.
 *
 * @module
 */

const TAB = "    ";
/**
 * What cannot be seen and shapes nothing: fillers, blanks of no width, and what turns the direction of all that follows.
 * Joiners, tags of flags, variation selectors and single direction marks stay, since letters and emoji need them.
 */
const INVISIBLE =
  /[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e001f}\u{e0080}-\u{e00ff}\u{e01f0}-\u{e0fff}]/gu;
const CONTROL = /\p{Cc}/gu;
/** Base characters two cells wide: East Asian Wide and Fullwidth (UAX #11), in ranges. */
const WIDE =
  /^[\u1100-\u115f\u231a\u231b\u2329\u232a\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f1e6}-\u{1f1ff}\u{20000}-\u{3fffd}]/u;
const EMOJI = /^(?:\p{Emoji_Presentation}|\p{Emoji}\ufe0f)/u;
const ZERO = /^[\p{M}\u061c\u200c-\u200f\u2068\u2069\u{e0020}-\u{e007f}]/u;
const MARKS = /\p{M}{6}(?=\p{M})/gu;
const RIGHT_TO_LEFT =
  /[\u0590-\u08ff\u200f\u202b\u202e\u2067\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Text of several lines without anything that a terminal would act upon. */
export function neutral(text: string): string {
  const lines = text.toWellFormed().replaceAll(/\r\n|[\n\v\f\r\x85\u2028\u2029]/g, "\n").replaceAll(
    "\t",
    TAB,
  );
  // A tower of marks over one letter would lie over the lines above: it goes on over circles of its own.
  return lines.replaceAll(INVISIBLE, "").replaceAll(MARKS, "$&\u25cc").replaceAll(
    CONTROL,
    (char) => char === "\n" ? char : picture(char),
  );
}

/** The same in one line. */
export function neutralLine(text: string): string {
  return neutral(text).replaceAll("\n", " ");
}

/**
 * Neutral text of one line between marks that keep its direction to itself, where it has any: what stands around it, and
 * a bidirectional terminal would reorder with it, stays in place.
 */
export function isolated(line: string): string {
  return RIGHT_TO_LEFT.test(line) ? `\u2068${line}\u2069` : line;
}

/** Control characters that no message may have (SPEC M1). */
// deno-lint-ignore no-control-regex
const REFUSED = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;

/** Of what was typed or pasted, what a server takes: all but control characters; and how many of them there were. */
export function sendable(typed: string): { readonly text: string; readonly removed: number } {
  const text = typed.replaceAll(REFUSED, "");
  return { text, removed: typed.length - text.length };
}

/** What is said about it. */
export function controlsRemoved(count: number): string {
  return count === 1 ? "A control character was left out" : `${count} control characters were left out`;
}

/** Users' characters: what the cursor steps over at once. */
export function graphemes(text: string): string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** Cells that a text takes in one line. */
export function cellWidth(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  return graphemes(text).reduce((sum, grapheme) => sum + graphemeWidth(grapheme), 0);
}

/** As much of a text as fits, with an ellipsis when something is left out. */
export function truncate(text: string, width: number): string {
  if (cellWidth(text) <= width) return text;
  let shown = "";
  let used = 0;
  for (const grapheme of graphemes(text)) {
    used += graphemeWidth(grapheme);
    if (used > width - 1) break;
    shown += grapheme;
  }
  return width < 1 ? "" : `${shown}…`;
}

/** Exactly this many cells: cut, or filled with blanks. */
export function fit(text: string, width: number): string {
  const cut = truncate(text, width);
  return cut + " ".repeat(Math.max(0, width - cellWidth(cut)));
}

/** Part of a text in one line. */
export interface WrappedLine {
  readonly text: string;
  /** Where it begins in the whole text. */
  readonly at: number;
}

/** Lines of at most this many cells, broken between words where that is possible. */
export function wrap(text: string, width: number): string[] {
  return wrapAt(text, width).map((line) => line.text);
}

/** The same, with their places. */
export function wrapAt(text: string, width: number): WrappedLine[] {
  let at = 0;
  return text.split("\n").flatMap((line) => {
    const start = at;
    at += line.length + 1;
    return wrapLine({ text: line, at: start }, Math.max(1, width));
  });
}

function wrapLine(line: WrappedLine, width: number): WrappedLine[] {
  if (cellWidth(line.text) <= width) return [line];
  const lines: WrappedLine[] = [];
  let { at } = line;
  let current = "";
  let used = 0;
  const flush = () => {
    lines.push({ text: current.trimEnd(), at });
    at += current.length;
    current = "";
    used = 0;
  };
  for (const word of line.text.split(/(?<= )(?=[^ ])/)) {
    const wordWidth = cellWidth(word.trimEnd());
    if (used > 0 && used + wordWidth > width) flush();
    if (wordWidth <= width) {
      current += word;
      used += cellWidth(word);
      continue;
    }
    for (const grapheme of graphemes(word)) {
      const cells = graphemeWidth(grapheme);
      if (used + cells > width) flush();
      current += grapheme;
      used += cells;
    }
  }
  if (current !== "") flush();
  return lines;
}

function graphemeWidth(grapheme: string): number {
  if (ZERO.test(grapheme)) return 0;
  return WIDE.test(grapheme) || EMOJI.test(grapheme) ? 2 : 1;
}

/** A visible stand-in: those of the ASCII controls have pictures of their own. */
function picture(control: string): string {
  const code = control.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? "\u2421" : "\ufffd";
}
