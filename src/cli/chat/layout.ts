/** Where everything stands on the screen. @module */
import { ALERT, BOLD, DIM, FINE, fitLine, INVERSE, type Line, type Span, type Style } from "./style.ts";
import { cellWidth, fit, isolated, truncate } from "./text.ts";
import type { Frame } from "./terminal.ts";

/** One channel in the list. */
export interface ChannelEntry {
  readonly label: string;
  readonly unread: number;
  readonly mentions: number;
  readonly current: boolean;
  /** Somebody to talk to is there; undefined where that means nothing. */
  readonly online: boolean | undefined;
}

/** What the screen shows. */
export interface ScreenView {
  readonly columns: number;
  readonly rows: number;
  readonly channels: readonly ChannelEntry[];
  readonly title: string;
  readonly topic: string;
  /** Lines of the channel, for a given size. */
  body(width: number, height: number): readonly Line[];
  readonly status: { readonly left: Line; readonly right: string };
  readonly prompt: string;
  /** The input line's visible part, for a given width. */
  input(width: number): { readonly text: string; readonly cursor: number };
}

const SIDEBAR = 22;
const SIDEBAR_FROM = 72;
/** Title, its ruler, status and input. */
const FIXED_ROWS = 4;

export function layout(view: ScreenView): Frame {
  const { columns, rows } = view;
  const sidebar = columns >= SIDEBAR_FROM ? SIDEBAR : 0;
  const width = columns - (sidebar ? sidebar + 1 : 0);
  const height = Math.max(1, rows - FIXED_ROWS);
  const body = view.body(width, height);
  const blank = Array.from({ length: height - body.length }, (): Line => []);
  const main = [title(view, { width, sidebar }), rulerLine(width), ...blank, ...body];
  const list = sidebar ? channelRows(view.channels, { width: sidebar, height: height + 2 }) : [];
  const bar: Span = { text: "│", style: DIM };
  const top = main.map((line, i) => {
    const right = fitLine(line, width);
    return sidebar ? [...fitLine(list[i] ?? [], sidebar), bar, ...right] : right;
  });
  const prompt = truncate(view.prompt, Math.max(2, columns - 10));
  const promptWidth = cellWidth(prompt);
  const input = view.input(columns - promptWidth);
  const inputLine: Line = [{ text: prompt, style: BOLD }, { text: input.text }];
  return {
    rows: [...top, statusLine(view, columns), fitLine(inputLine, columns)].slice(-rows),
    cursor: { row: rows - 1, column: promptWidth + input.cursor },
  };
}

function title(view: ScreenView, { width, sidebar }: { width: number; sidebar: number }): Line {
  const elsewhere = view.channels.filter(({ current }) => !current);
  const unread = elsewhere.reduce((sum, entry) => sum + entry.unread, 0);
  const badge = sidebar === 0 && unread > 0 ? `  ${unread} unread elsewhere` : "";
  const left = truncate(` ${view.title}`, width);
  const room = width - cellWidth(left) - cellWidth(badge) - 2;
  return [
    { text: isolated(left), style: BOLD },
    { text: room > 3 && view.topic ? `  ${isolated(truncate(view.topic, room))}` : "", style: DIM },
    { text: badge, style: ALERT },
  ];
}

function rulerLine(width: number): Line {
  return [{ text: "─".repeat(width), style: DIM }];
}

function channelRows(
  entries: readonly ChannelEntry[],
  { width, height }: { readonly width: number; readonly height: number },
): Line[] {
  const current = Math.max(0, entries.findIndex((entry) => entry.current));
  // The current one stays in sight.
  const first = Math.max(0, Math.min(current - (height >> 1), entries.length - height));
  const end = first + height;
  const rows = entries.slice(first, end).map((entry) => channelRow(entry, width));
  const [above, below] = [entries.slice(0, first), entries.slice(end)];
  if (above.some(isUnread)) rows[0] = edgeRow("↑", [...above, entries[first]!]);
  if (below.some(isUnread)) rows[height - 1] = edgeRow("↓", [entries[end - 1]!, ...below]);
  return rows;
}

function isUnread({ unread }: ChannelEntry): boolean {
  return unread > 0;
}

/** In the place of a channel at the edge: how many beyond it are unread, and the key that leads there. */
function edgeRow(arrow: string, entries: readonly ChannelEntry[]): Line {
  const unread = entries.filter(isUnread);
  const calling = unread.some(({ mentions }) => mentions > 0);
  return [{ text: ` ${arrow} ${unread.length} unread: Alt+A`, style: calling ? ALERT : BOLD }];
}

function channelRow(entry: ChannelEntry, width: number): Line {
  const count = entry.mentions > 0 ? `@${entry.mentions}` : entry.unread > 0 ? String(entry.unread) : "";
  const dot = entry.online === undefined ? " " : entry.online ? "●" : "○";
  const label = fit(entry.label, width - 3 - cellWidth(count));
  const base: Style = entry.current ? INVERSE : entry.unread > 0 ? BOLD : {};
  return [
    { text: dot, style: entry.current ? INVERSE : entry.online ? FINE : DIM },
    { text: `${isolated(label)} `, style: base },
    { text: count, style: entry.current ? INVERSE : entry.mentions > 0 ? ALERT : BOLD },
    { text: " ", style: base },
  ];
}

function statusLine({ status }: ScreenView, columns: number): Line {
  const right = status.right === "" ? "" : ` ${truncate(status.right, columns >> 1)} `;
  const left = status.left.map((span) => ({ ...span, style: { ...span.style, inverse: true } }));
  return [...fitLine(left, columns - cellWidth(right), INVERSE), { text: right, style: INVERSE }];
}
