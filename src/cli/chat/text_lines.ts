/** What a message says, in lines, with the mentions marked that reach somebody. @module */
import type { Message } from "../../client/mod.ts";
import { EVERYBODY, namesOf } from "../../text/mention.ts";
import { mentionsIn } from "../../text/mentions.ts";
import { ACCENT, BOLD, type Line, type Span, type Style } from "./style.ts";
import { isolated, neutral, wrapAt, type WrappedLine } from "./text.ts";

/** Who is meant by the mentions of a message. */
export interface MentionedNames {
  readonly me: number;
  /** Login name; undefined while it is not known. */
  loginName(id: number): string | undefined;
}

/** Part of a text that looks otherwise. */
interface Mark {
  readonly from: number;
  readonly to: number;
  readonly style: Style;
}

/** Lines of at most so many cells, neutral. */
export function textLines(message: Message, width: number, names: MentionedNames): Line[] {
  const { text, marks } = marked(message, names);
  let first = 0;
  return wrapAt(text, width).map((line) => {
    while (first < marks.length && marks[first]!.to <= line.at) first++;
    return spans(line, marks, first);
  });
}

/** The neutral text, and where the mentions stand in it. */
function marked(message: Message, names: MentionedNames): { text: string; marks: Mark[] } {
  const styles = stylesOf(message, names);
  const marks: Mark[] = [];
  if (styles.size === 0) return { text: neutral(message.text), marks };
  let text = "";
  let done = 0;
  for (const { name, at } of mentionsIn(message.text)) {
    const meant = namesOf(name).find((name) => styles.has(name));
    if (meant === undefined) continue;
    const end = at + 1 + meant.length;
    // Nothing that changes the look of what stands beside it is cut through before an @ or behind a name.
    text += neutral(message.text.slice(done, at));
    marks.push({ from: text.length, to: text.length + end - at, style: styles.get(meant)! });
    text += message.text.slice(at, end);
    done = end;
  }
  return { text: text + neutral(message.text.slice(done)), marks };
}

/** Names that the server found in the text, and how they look. */
function stylesOf(message: Message, { me, loginName }: MentionedNames): Map<string, Style> {
  const styles = new Map<string, Style>();
  for (const id of message.mentionIds) {
    const name = loginName(id);
    if (name !== undefined) styles.set(name, id === me ? ACCENT : BOLD);
  }
  if (message.mentionChannel) styles.set(EVERYBODY, ACCENT);
  return styles;
}

/** The line with those of the marks from the first one on that lie in it. */
function spans({ text, at }: WrappedLine, marks: readonly Mark[], first: number): Line {
  const line: Span[] = [];
  let done = 0;
  for (let i = first; i < marks.length && marks[i]!.from - at < text.length; i++) {
    const { from, to, style } = marks[i]!;
    const start = Math.max(from - at, 0);
    if (start > done) line.push({ text: text.slice(done, start) });
    done = Math.min(to - at, text.length);
    line.push({ text: text.slice(start, done), style });
  }
  if (done < text.length || line.length === 0) line.push({ text: text.slice(done) });
  return isolatedLine(text, line);
}

/** The same between marks that keep its direction to itself, where it has any. */
function isolatedLine(text: string, line: Line): Line {
  const whole = isolated(text);
  if (whole === text) return line;
  const from = whole.indexOf(text);
  return [{ text: whole.slice(0, from) }, ...line, { text: whole.slice(from + text.length) }];
}
