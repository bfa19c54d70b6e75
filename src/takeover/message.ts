/**
 * What the server that has a data folder and the one that is to have it say to
 * each other: lines of JSON over a Unix socket in the folder.
 *
 *     heir    hello     who it is, and which protocol it speaks
 *     holder  hello     who it is, and where it listens
 *     heir    take      everything is loaded: hand over
 *     holder  released  nothing is written any more, the folder is free for the heir
 *     heir    done      it serves, and where
 *
 * Instead of any of its lines the holder may say `refused`, and the heir
 * `failed`; who hangs up without a word has failed, too. Which of the two may
 * write is decided by the folder's lock alone.
 *
 * @module
 */

/** Changes with everything that an older server would not understand. */
export const PROTOCOL = 1;

/** Who speaks. */
export interface Introduction {
  readonly type: "hello";
  readonly protocol: number;
  /** Of the program, such as 0.1.0. */
  readonly version: string;
  readonly pid: number;
}

/** Where a server listens. */
export interface Place {
  readonly host: string;
  readonly port: number;
}

export type FromHeir =
  | Introduction
  | { readonly type: "take" }
  | { readonly type: "done"; readonly place?: Place }
  | { readonly type: "failed"; readonly reason: string };

export type FromHolder =
  | Introduction & Place
  /** It is busy when another heir is with it, who may fail. */
  | { readonly type: "refused"; readonly reason: string; readonly busy?: boolean }
  | { readonly type: "released" };

const LINE_CHARS = 4096;

/** One end of the conversation. Disposing hangs up. */
export class Conversation implements Disposable {
  readonly #conn: Deno.Conn;
  readonly #decoder = new TextDecoder();
  #text = "";
  #closed = false;

  constructor(conn: Deno.Conn) {
    this.#conn = conn;
  }

  /** Resolves with false when the other end is gone. */
  async say(message: FromHeir | FromHolder): Promise<boolean> {
    const bytes = new TextEncoder().encode(`${JSON.stringify(message)}\n`);
    try {
      for (let at = 0; at < bytes.length;) at += await this.#conn.write(bytes.subarray(at));
      return true;
    } catch {
      return false;
    }
  }

  /**
   * The next message; undefined when the other end is gone, says what cannot be
   * understood, or says nothing for this long, after which it is hung up.
   */
  async hear<M extends FromHeir | FromHolder>(withinMs = Infinity): Promise<M | undefined> {
    const timer = withinMs === Infinity ? undefined : setTimeout(() => this.hangUp(), withinMs);
    try {
      return await this.#next() as M | undefined;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Whether it ended from this side, as it does when nothing is heard in time. */
  get hungUp(): boolean {
    return this.#closed;
  }

  hangUp(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#conn.close();
  }

  [Symbol.dispose](): void {
    this.hangUp();
  }

  async #next(): Promise<unknown> {
    const buffer = new Uint8Array(LINE_CHARS);
    for (;;) {
      const end = this.#text.indexOf("\n");
      if (end >= 0) {
        const line = this.#text.slice(0, end);
        this.#text = this.#text.slice(end + 1);
        return messageOf(line);
      }
      const count = this.#text.length > LINE_CHARS ? null : await this.#conn.read(buffer).catch(() => null);
      if (count === null) return undefined;
      this.#text += this.#decoder.decode(buffer.subarray(0, count), { stream: true });
    }
  }
}

function messageOf(line: string): unknown {
  try {
    const message = JSON.parse(line);
    return typeof message?.type === "string" ? message : undefined;
  } catch {
    return undefined;
  }
}
