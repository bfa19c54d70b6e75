/** A listener and a log for tests of handovers. @module */
import type { LogEvent } from "../../src/chat/log_event.ts";
import type { Log } from "../../src/chat/ports.ts";

/** One end of a stream of bytes in both directions. */
class FakeConn {
  peer: FakeConn | undefined;
  #chunks: Uint8Array[] = [];
  #over = false;
  #wake = () => {};

  async read(into: Uint8Array): Promise<number | null> {
    while (this.#chunks.length === 0 && !this.#over) {
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
    const chunk = this.#chunks.shift();
    if (!chunk) return null;
    const taken = chunk.subarray(0, into.length);
    into.set(taken);
    if (taken.length < chunk.length) this.#chunks.unshift(chunk.subarray(taken.length));
    return taken.length;
  }

  write(bytes: Uint8Array): Promise<number> {
    if (this.#over || this.peer!.#over) return Promise.reject(new Deno.errors.BrokenPipe());
    this.peer!.#chunks.push(bytes.slice());
    this.peer!.#wake();
    return Promise.resolve(bytes.length);
  }

  close(): void {
    for (const end of [this, this.peer!]) {
      end.#over = true;
      end.#wake();
    }
  }
}

/** Hands out connections that were made to it. */
export class FakeListener {
  readonly #waiting: FakeConn[] = [];
  #closed = false;
  #wake = () => {};

  connect(): Deno.Conn {
    const [ours, theirs] = [new FakeConn(), new FakeConn()];
    ours.peer = theirs;
    theirs.peer = ours;
    this.#waiting.push(theirs);
    this.#wake();
    return ours as unknown as Deno.Conn;
  }

  async accept(): Promise<FakeConn> {
    while (this.#waiting.length === 0) {
      if (this.#closed) throw new Deno.errors.BadResource("closed");
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
    return this.#waiting.shift()!;
  }

  close(): void {
    this.#closed = true;
    this.#wake();
  }
}

export class KeepingLog implements Log {
  text = "";
  #wake = () => {};

  report(event: LogEvent, fields: Record<string, unknown> = {}): void {
    this.text += `${event} ${JSON.stringify(fields)}\n`;
    this.#wake();
  }

  reports(): boolean {
    return true;
  }

  /** Resolves when it holds the text. */
  async until(text: string): Promise<void> {
    while (!this.text.includes(text)) await new Promise<void>((resolve) => this.#wake = resolve);
  }
}
