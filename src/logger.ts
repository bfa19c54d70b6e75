/** Events for the operator, one line each. @module */
import { LOG_EVENTS, type LogEvent, type LogLevel } from "./chat/log_event.ts";
import type { Log } from "./chat/ports.ts";
import { FloodGate } from "./logger/flood_gate.ts";
import { type Fields, jsonLine, textLine } from "./logger/line_format.ts";
import { ConsoleSink, LineSink, type Sink } from "./logger/line_sink.ts";

export type { LogLevel } from "./chat/log_event.ts";
/** Lines for programs or for people; "auto" is for people when standard error is a terminal. */
export type LogFormat = "auto" | "json" | "text";

export interface LoggerOptions {
  /** Least important level that is written. Default info. */
  readonly level?: LogLevel;
  /** Default auto. */
  readonly format?: LogFormat;
  /** Level of the line about each request. Default debug. */
  readonly requests?: LogLevel;
  /** What "auto" goes by. Default: whether standard error is a terminal. */
  readonly terminal?: boolean;
  /** By `console`, so that Deno's OpenTelemetry sees the lines. Default false. */
  readonly console?: boolean;
  /** Takes one line without its end. Default: to standard error. */
  readonly write?: (line: string) => void;
  /** Milliseconds since 1970 UTC. */
  readonly now?: () => number;
}

const RANKS: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

/** The port {@link Log}. Disposing tells what a flood's end would have told. */
export class Logger implements Log, Disposable {
  /** Lines since the start, those left out of a flood included. */
  readonly lines: Readonly<Record<LogLevel, number>>;
  readonly #lines: Record<LogLevel, number> = { debug: 0, info: 0, warn: 0, error: 0 };
  readonly #format: typeof jsonLine;
  readonly #sink: Sink;
  readonly #gate: FloodGate;
  readonly #now: () => number;
  /** Least important level that is written; may be changed while it runs. */
  level: LogLevel;
  /** Level of the line about each request; may be changed as well. */
  requests: LogLevel;

  constructor(options: LoggerOptions = {}) {
    const { format = "auto", write } = options;
    this.lines = this.#lines;
    this.level = options.level ?? "info";
    this.requests = options.requests ?? "debug";
    const text = format === "text" || (format === "auto" && (options.terminal ?? Deno.stderr.isTerminal()));
    this.#format = text ? textLine : jsonLine;
    this.#sink = sinkOf(write, options.console, (count) => this.#write("lines_lost", { count }));
    this.#gate = new FloodGate({
      onLeftOut: (of, count) => this.#write("lines_left_out", { of, count }),
    });
    this.#now = options.now ?? Date.now;
  }

  /** Lines that were lost because nobody took them in time, since the start. */
  get lost(): number {
    return this.#sink.lost;
  }

  reports(event: LogEvent): boolean {
    return RANKS[this.#levelOf(event)] >= RANKS[this.level];
  }

  report(event: LogEvent, fields: Fields = {}): void {
    if (!this.reports(event)) return;
    const level = this.#levelOf(event);
    this.#lines[level]++;
    // Whoever asks for every request, or every connection, gets every one.
    if (RANKS[level] >= RANKS.warn && !this.#gate.admits(event)) return;
    this.#write(event, fields);
  }

  /** Waits until everything is written, for a bounded time; false when that was not enough. */
  drain(timeoutMs: number): Promise<boolean> {
    this[Symbol.dispose]();
    return this.#sink.drain(timeoutMs);
  }

  [Symbol.dispose](): void {
    this.#gate[Symbol.dispose]();
  }

  #levelOf(event: LogEvent): LogLevel {
    return event === "request" ? this.requests : LOG_EVENTS[event].level;
  }

  #write(event: LogEvent, fields: Fields): void {
    try {
      const time = new Date(this.#now()).toISOString();
      const { message } = LOG_EVENTS[event];
      const level = this.#levelOf(event);
      this.#sink.write(this.#format({ time, level, event, message, fields }), level);
    } catch (error) {
      // Fields that cannot be read are no reason to fail for whoever reports them.
      const unprintable = error instanceof Error ? error.message : "something was thrown";
      if (!("unprintable" in fields)) this.#write(event, { unprintable });
    }
  }
}

function sinkOf(
  write: ((line: string) => void) | undefined,
  console: boolean | undefined,
  onLost: (lines: number) => void,
): Sink {
  if (write) return { lost: 0, write, drain: () => Promise.resolve(true) };
  return console ? new ConsoleSink() : new LineSink({ onLost });
}
