/** Styled text in lines. Only what stands here puts escape sequences around text. @module */
import { cellWidth, truncate } from "./text.ts";

/** How a piece of text looks. */
export interface Style {
  /** Number in the palette of 256 colours. */
  readonly color?: number;
  readonly bold?: boolean;
  readonly dim?: boolean;
  readonly inverse?: boolean;
}

/** A piece of text; it must be neutral already. */
export interface Span {
  readonly text: string;
  readonly style?: Style;
}

export type Line = readonly Span[];

export const DIM: Style = { dim: true };
export const BOLD: Style = { bold: true };
export const INVERSE: Style = { inverse: true };
export const ALERT: Style = { color: 203, bold: true };
export const ACCENT: Style = { color: 221, bold: true };
export const FINE: Style = { color: 76 };

/** Readable on dark and on light ground. */
const USER_COLORS = [39, 208, 70, 170, 178, 37, 203, 105, 107, 205, 137, 73];

/** The colour in which a user's name is shown, the same for everybody. */
export function userStyle(userId: number): Style {
  return { color: USER_COLORS[userId % USER_COLORS.length]!, bold: true };
}

/** Exactly this many cells: cut, or filled with blanks of a style. */
export function fitLine(line: Line, width: number, filler?: Style): Line {
  const fitted: Span[] = [];
  let left = width;
  for (const span of line) {
    if (left <= 0) break;
    const text = truncate(span.text, left);
    fitted.push({ ...span, text });
    left -= cellWidth(text);
    if (text !== span.text) break;
  }
  if (left > 0) fitted.push({ text: " ".repeat(left), ...(filler ? { style: filler } : {}) });
  return fitted;
}

/** The line as a terminal takes it. */
export function paint(line: Line, { noColor }: { readonly noColor: boolean }): string {
  return line.map(({ text, style }) => {
    const codes = style ? codesOf(style, noColor) : [];
    return codes.length === 0 ? text : `\x1b[${codes.join(";")}m${text}\x1b[0m`;
  }).join("");
}

function codesOf({ color, bold, dim, inverse }: Style, noColor: boolean): string[] {
  const codes: string[] = [];
  if (bold) codes.push("1");
  if (dim) codes.push("2");
  if (inverse) codes.push("7");
  if (color !== undefined && !noColor) codes.push("38", "5", String(color));
  return codes;
}
