/** Where lines go: to standard error, without ever waiting for whoever reads it, and without ever throwing. @module */
import type { LogLevel } from "../chat/log_event.ts";

export interface Sink {
  /** Lines that nobody took, since the start. */
  readonly lost: number;
  write(line: string, level: LogLevel): void;
  /** Waits until everything is written, for a bounded time; false when that was not enough. */
  drain(timeoutMs: number): Promise<boolean>;
}

export interface LineSinkOptions {
  /** Writes some of the bytes and tells how many. Default: to standard error. */
  readonly write?: (bytes: Uint8Array) => Promise<number>;
  /** Told of lines that were lost, when others get through again. */
  readonly onLost: (lines: number) => void;
  /** Characters that may wait. Default 1 Mi. */
  readonly queuedChars?: number;
}

const QUEUED_CHARS = 1024 * 1024;

/**
 * Writes in the background. `console.error` would stop the whole server when
 * the pipe behind it is full, and end it when the pipe is closed.
 */
export class LineSink implements Sink {
  readonly #write: (bytes: Uint8Array) => Promise<number>;
  readonly #onLost: (lines: number) => void;
  readonly #queuedChars: number;
  readonly #encoder = new TextEncoder();
  #queue: string[] = [];
  #chars = 0;
  #lost = 0;
  #untold = 0;
  #running: Promise<void> | undefined;

  constructor(options: LineSinkOptions) {
    this.#write = options.write ?? ((bytes) => Deno.stderr.write(bytes));
    this.#onLost = options.onLost;
    this.#queuedChars = options.queuedChars ?? QUEUED_CHARS;
  }

  get lost(): number {
    return this.#lost;
  }

  write(line: string): void {
    if (this.#chars + line.length > this.#queuedChars) return this.#lose(1);
    this.#queue.push(line);
    this.#chars += line.length;
    this.#running ??= this.#run();
  }

  async drain(timeoutMs: number): Promise<boolean> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const timeout = new Promise<void>((resolve) => timer = setTimeout(resolve, timeoutMs));
    await Promise.race([this.#running, timeout]);
    clearTimeout(timer);
    return this.#running === undefined;
  }

  async #run(): Promise<void> {
    while (this.#queue.length > 0) {
      const lines = this.#queue;
      const chars = this.#chars;
      this.#queue = [];
      try {
        await this.#writeAll(this.#encoder.encode(`${lines.join("\n")}\n`));
        this.#tellLost();
      } catch {
        // Nobody is there to take them. Perhaps somebody is next time.
        this.#lose(lines.length);
      }
      this.#chars -= chars;
    }
    this.#running = undefined;
  }

  async #writeAll(bytes: Uint8Array): Promise<void> {
    for (let left = bytes; left.length > 0;) left = left.subarray(await this.#write(left));
  }

  #lose(lines: number): void {
    this.#lost += lines;
    this.#untold += lines;
  }

  #tellLost(): void {
    const untold = this.#untold;
    this.#untold = 0;
    if (untold > 0) this.#onLost(untold);
  }
}

/**
 * By `console`, whose calls Deno's OpenTelemetry exports with their severity. It waits for a pipe that is full, and
 * writes what is less than a warning to standard output.
 */
export class ConsoleSink implements Sink {
  readonly lost = 0;

  write(line: string, level: LogLevel): void {
    try {
      console[level](line);
    } catch {
      // The stream is closed; what is exported has been exported.
    }
  }

  drain(): Promise<boolean> {
    return Promise.resolve(true);
  }
}
