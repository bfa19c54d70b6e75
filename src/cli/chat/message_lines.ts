/** Messages as lines of the terminal. @module */
import type { Message } from "../../client/mod.ts";
import { ACCENT, DIM, type Line, type Span, type Style, userStyle } from "./style.ts";
import { cellWidth, fit, isolated, neutral, neutralLine, truncate, wrap } from "./text.ts";
import { type MentionedNames, textLines } from "./text_lines.ts";

/** What a message is shown with. */
export interface MessageContext extends MentionedNames {
  /** Cells of a line. */
  readonly width: number;
  userName(id: number): string;
  /** A message that is held, for quotes. */
  find(seq: number): Message | undefined;
}

const NUMBER_WIDTH = 5;
const TIME_WIDTH = 5;
const NOTICE_INDENT = 4;
const NOTICE: Style = { color: 109 };
/** The same person within this time needs no name again. */
const SAME_BREATH_MS = 5 * 60_000;

/** The lines of a message. The name is left out where it continues the message before it. */
export function messageLines(message: Message, before: Message | undefined, context: MessageContext): Line[] {
  const continues = before !== undefined && before.authorId === message.authorId && !message.replyTo &&
    message.timeMs - before.timeMs < SAME_BREATH_MS && sameDay(before.timeMs, message.timeMs);
  const head = {
    number: String(message.seq),
    time: clock(message.timeMs),
    name: continues ? "" : context.userName(message.authorId),
    style: userStyle(message.authorId),
  };
  const mentioned = message.authorId !== context.me &&
    (message.mentionChannel || message.mentionIds.includes(context.me));
  const bar: Span = mentioned ? { text: "┃ ", style: ACCENT } : { text: "│ ", style: DIM };
  return block(
    head,
    [...quote(message, context), ...body(message, context), ...reactions(message, context)],
    {
      bar,
      width: context.width,
    },
  );
}

/** A message that the server has not stored yet. */
export function pendingLines(text: string, context: MessageContext): Line[] {
  const lines = wrap(neutral(text), textWidth(context.width)).map((
    line,
  ) => [{ text: isolated(line), style: DIM }]);
  const head = { number: "", time: "  …", name: context.userName(context.me), style: DIM };
  return block(head, lines, { bar: { text: "┊ ", style: DIM }, width: context.width });
}

/** Something that the program says. */
export function noticeLines(text: string, width: number): Line[] {
  return wrap(neutral(text), Math.max(8, width - NOTICE_INDENT)).map((line, i) => [
    { text: (i === 0 ? "· " : "").padStart(NOTICE_INDENT), style: DIM },
    { text: isolated(line), style: NOTICE },
  ]);
}

/** A line across, with words in it. */
export function ruler(words: string, width: number, style: Style): Line {
  const text = `── ${words} `;
  return [{ text: text + "─".repeat(Math.max(0, width - cellWidth(text))), style }];
}

export function sameDay(aMs: number, bMs: number): boolean {
  return new Date(aMs).toDateString() === new Date(bMs).toDateString();
}

export function dayName(ms: number): string {
  return new Date(ms).toLocaleDateString(undefined, {
    weekday: "long",
    year: "numeric",
    month: "long",
    day: "numeric",
  });
}

interface Head {
  readonly number: string;
  readonly time: string;
  readonly name: string;
  readonly style: Style;
}

function block(head: Head, lines: readonly Line[], { bar, width }: { bar: Span; width: number }): Line[] {
  const names = nameWidth(width);
  const name = truncate(head.name, names);
  const first: Line = [
    { text: `${head.number.padStart(NUMBER_WIDTH)} ${head.time.padEnd(TIME_WIDTH)} `, style: DIM },
    { text: " ".repeat(names - cellWidth(name)) },
    { text: isolated(name), style: head.style },
    { text: " " },
  ];
  const indent: Line = [{ text: " ".repeat(NUMBER_WIDTH + TIME_WIDTH + names + 3) }];
  return lines.map((line, i) => [...(i === 0 ? first : indent), bar, ...line]);
}

function nameWidth(width: number): number {
  return width < 60 ? 8 : 14;
}

function textWidth(width: number): number {
  return Math.max(8, width - NUMBER_WIDTH - TIME_WIDTH - nameWidth(width) - 5);
}

function quote(message: Message, context: MessageContext): Line[] {
  if (!message.replyTo) return [];
  const to = context.find(message.replyTo);
  const text = !to
    ? `↱ answers ${message.replyTo}`
    : `↱ ${context.userName(to.authorId)}: ${to.deleted ? "deleted" : neutralLine(to.text)}`;
  return [[{ text: isolated(truncate(text, textWidth(context.width))), style: DIM }]];
}

function body(message: Message, context: MessageContext): Line[] {
  if (message.deleted) return [[{ text: "deleted", style: DIM }]];
  const marks = [message.editedMs > 0 && " (edited)", message.pinned && " (pinned)"].filter(Boolean).join("");
  const lines = textLines(message, textWidth(context.width), context);
  if (marks === "") return lines;
  const last = lines.at(-1) ?? [];
  return [...lines.slice(0, -1), [...last, { text: marks, style: DIM }]];
}

function reactions(message: Message, context: MessageContext): Line[] {
  if (message.reactions.length === 0) return [];
  const spans = message.reactions.flatMap(({ emoji, userIds }) => [
    {
      text: `${neutralLine(emoji)} ${userIds.length}`,
      style: userIds.includes(context.me) ? ACCENT : DIM,
    },
    { text: "  " },
  ]);
  return [spans];
}

function clock(ms: number): string {
  return fit(new Date(ms).toTimeString().slice(0, 5), TIME_WIDTH);
}
