/** Large answers to POST that their peers have not taken yet: bounded for each user, as a socket's unsent bytes are. @module */
import { ChatError, Code } from "../../chat/error.ts";

/** Smaller ones fit into the system's own buffers. */
const LARGE_BYTES = 64 * 1024;
const PART_BYTES = 64 * 1024;
const RETRY_MS = 1000;

type Bytes = Uint8Array<ArrayBuffer>;

export class PendingResponses {
  readonly #bytesMax: number;
  readonly #bytes = new Map<number, number>();

  /** Takes how many bytes of one user may wait, besides the answer that goes beyond. */
  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /**
   * The answer as a body. A large one is counted until `completed` settles, when its peer has taken it or is gone.
   * Throws ChatError resource_exhausted for one while too much waits.
   */
  bodyOf(
    answer: Bytes | string,
    { userId, completed }: { readonly userId: number; readonly completed: Promise<void> },
  ): Bytes | string | ReadableStream<Bytes> {
    if (answer.length < LARGE_BYTES) return answer;
    const waiting = this.#bytes.get(userId) ?? 0;
    if (waiting >= this.#bytesMax) {
      throw new ChatError(Code.RESOURCE_EXHAUSTED, "Read what was sent to you first", RETRY_MS);
    }
    const bytes = typeof answer === "string" ? new TextEncoder().encode(answer) : answer;
    this.#change(userId, bytes.length);
    const release = () => this.#change(userId, -bytes.length);
    completed.then(release, release);
    return inParts(bytes);
  }

  #change(userId: number, bytes: number): void {
    const waiting = (this.#bytes.get(userId) ?? 0) + bytes;
    if (waiting > 0) this.#bytes.set(userId, waiting);
    else this.#bytes.delete(userId);
  }
}

/** Deno calls a body completed once it has asked for its last part, and asks for a part when there is room for it. */
function inParts(bytes: Bytes): ReadableStream<Bytes> {
  let at = 0;
  return new ReadableStream<Bytes>({
    pull(controller) {
      controller.enqueue(bytes.slice(at, at += PART_BYTES));
      if (at >= bytes.length) controller.close();
    },
  }, { highWaterMark: 0 });
}
