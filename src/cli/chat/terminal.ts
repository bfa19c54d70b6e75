/** The terminal while a program has the whole of it. Disposing gives it back as it was. @module */
import { type Line, paint } from "./style.ts";

// Own screen, marked pastes, focus told, no wheel as arrow keys, no wrapping at the edge.
const ENTER = "\x1b[?1049h\x1b[?2004h\x1b[?1004h\x1b[?1007l\x1b[?7l\x1b[2J";
const LEAVE = "\x1b[0m\x1b[?7h\x1b[?1007h\x1b[?1004l\x1b[?2004l\x1b[?1049l\x1b[?25h";
/** Terminals that know it show a frame at once; others ignore it. */
const FRAME_START = "\x1b[?2026h\x1b[?25l";
const FRAME_END = "\x1b[?25h\x1b[?2026l";

/** One picture of the screen. */
export interface Frame {
  readonly rows: readonly Line[];
  /** Cell of the cursor, from 0. */
  readonly cursor: { readonly row: number; readonly column: number };
}

export class Terminal implements AsyncDisposable {
  readonly #noColor: boolean;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>;
  #shown: string[] = [];

  constructor({ noColor }: { readonly noColor: boolean }) {
    this.#noColor = noColor;
    Deno.stdin.setRaw(true);
    this.#reader = Deno.stdin.readable.getReader();
    write(ENTER);
  }

  /** Cells; a terminal that does not know is taken for a small one. */
  get size(): { readonly columns: number; readonly rows: number } {
    const { columns, rows } = Deno.consoleSize();
    return { columns: columns || 80, rows: rows || 24 };
  }

  /** What is typed; undefined at its end. */
  async read(): Promise<Uint8Array | undefined> {
    const { value } = await this.#reader.read();
    return value;
  }

  /** Draws what is different from the frame before. */
  draw({ rows, cursor }: Frame): void {
    const painted = rows.map((row) => paint(row, { noColor: this.#noColor }));
    let output = "";
    for (const [i, row] of painted.entries()) {
      if (row !== this.#shown[i]) output += `\x1b[${i + 1};1H\x1b[2K${row}`;
    }
    this.#shown = painted;
    write(`${FRAME_START}${output}\x1b[${cursor.row + 1};${cursor.column + 1}H${FRAME_END}`);
  }

  /** The next frame is drawn as a whole. */
  invalidate(): void {
    this.#shown = [];
    write("\x1b[2J");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    write(LEAVE);
    Deno.stdin.setRaw(false);
    // A pending read would keep the program alive.
    await this.#reader.cancel();
  }
}

function write(text: string): void {
  let bytes = new TextEncoder().encode(text);
  while (bytes.length > 0) bytes = bytes.subarray(Deno.stdout.writeSync(bytes));
}
