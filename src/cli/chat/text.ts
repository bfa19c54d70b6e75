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
/** Bidi controls, zero-width marks, tags and fillers: invisible, and good for nothing but deceiving. */
const INVISIBLE =
  /[\u00ad\u034f\u061c\u115f\u1160\u180b-\u180f\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e0fff}]/gu;
const CONTROL = /\p{Cc}/gu;
/** Base characters two cells wide: East Asian Wide and Fullwidth (UAX #11), in ranges. */
const WIDE =
  /^[\u1100-\u115f\u231a\u231b\u2329\u232a\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f1e6}-\u{1f1ff}\u{20000}-\u{3fffd}]/u;
const EMOJI = /^(?:\p{Emoji_Presentation}|\p{Emoji}\ufe0f)/u;
const ZERO = /^[\p{M}\u200d\ufe0e\ufe0f]/u;
const MARKS = /(\p{M}{3})\p{M}+/gu;

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Text of several lines without anything that a terminal would act upon. */
export function neutral(text: string): string {
  const lines = text.toWellFormed().replaceAll(/\r\n|[\n\v\f\r\x85\u2028\u2029]/g, "\n").replaceAll(
    "\t",
    TAB,
  );
  return lines.replaceAll(INVISIBLE, "").replaceAll(MARKS, "$1").replaceAll(
    CONTROL,
    (char) => char === "\n" ? char : picture(char),
  );
}

/** The same in one line. */
export function neutralLine(text: string): string {
  return neutral(text).replaceAll("\n", " ");
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

/** Lines of at most this many cells, broken between words where that is possible. */
export function wrap(text: string, width: number): string[] {
  return text.split("\n").flatMap((line) => wrapLine(line, Math.max(1, width)));
}

function wrapLine(line: string, width: number): string[] {
  if (cellWidth(line) <= width) return [line];
  const lines: string[] = [];
  let current = "";
  let used = 0;
  const flush = () => {
    lines.push(current.trimEnd());
    current = "";
    used = 0;
  };
  for (const word of line.split(/(?<= )(?=[^ ])/)) {
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
