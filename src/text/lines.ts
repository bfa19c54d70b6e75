/** The lines of a message, and where they stand in it. @module */

export interface Line {
  readonly text: string;
  /** Where it begins in the message. */
  readonly start: number;
}

/** Lines without what ends them: a line feed, a carriage return, or both. */
export function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i);
    if (char !== 0x0a && char !== 0x0d) continue;
    lines.push({ text: text.slice(start, i), start });
    if (char === 0x0d && text.charCodeAt(i + 1) === 0x0a) i++;
    start = i + 1;
  }
  lines.push({ text: text.slice(start), start });
  return lines;
}

/** A line without its first characters. */
export function lineFrom({ text, start }: Line, length: number): Line {
  return { text: text.slice(length), start: start + length };
}

/** Tells places in the message from places in these lines joined; they have to be asked for in ascending order. */
export function placesOf(lines: readonly Line[]): (at: number) => number {
  let index = 0;
  let begins = 0;
  return (at) => {
    while (index < lines.length - 1 && at > begins + lines[index]!.text.length) {
      begins += lines[index]!.text.length + 1;
      index++;
    }
    return lines[index]!.start + at - begins;
  };
}
