/** Events as an async iterator. @module */
import type { Event } from "../wire/client_codec.ts";
import type { Emitter } from "./emitter.ts";
import { RookeryError } from "./error.ts";
import type { ClientEvents } from "./options.ts";

/**
 * Events in the order they were applied. Ends when the client is closed.
 * Throws RookeryError rather than leave a hole: resource_exhausted when the
 * queue overflowed, failed_precondition when the server said "reload", the
 * reason when the session has ended. What was queued before is given out first.
 */
export class EventIterator implements AsyncIterableIterator<Event, undefined> {
  readonly #limit: number;
  readonly #release: () => void;
  #queue: Event[] = [];
  #takers: { resolve(result: IteratorResult<Event, undefined>): void; reject(error: unknown): void }[] = [];
  #ended: { readonly error?: unknown } | undefined;

  /** Holds so many events that nobody has taken; calls `release` once at its end. */
  constructor(limit: number, release: () => void) {
    this.#limit = limit;
    this.#release = release;
  }

  /** An iterator at its end. */
  static ended(): EventIterator {
    const iterator = new EventIterator(0, () => {});
    iterator.end();
    return iterator;
  }

  /** Events that nobody has taken yet. */
  get queued(): number {
    return this.#queue.length;
  }

  /** Adds an event for the next who asks. */
  push(event: Event): void {
    if (this.#ended) return;
    const taker = this.#takers.shift();
    if (taker) return taker.resolve({ done: false, value: event });
    if (this.#queue.length < this.#limit) return void this.#queue.push(event);
    const message =
      `More than ${this.#limit} events were waiting: call events() again and load what is shown`;
    this.end({ error: new RookeryError("resource_exhausted", message) });
  }

  /** Ends it: with the error, once all that it holds is taken. */
  end(ended: { readonly error?: unknown } = {}): void {
    if (this.#ended) return;
    this.#ended = ended;
    this.#release();
    for (const taker of this.#takers.splice(0)) this.#finish().then(taker.resolve, taker.reject);
  }

  /** The next event, as soon as there is one. */
  next(): Promise<IteratorResult<Event, undefined>> {
    const value = this.#queue.shift();
    if (value) return Promise.resolve({ done: false, value });
    if (this.#ended) return this.#finish();
    return new Promise((resolve, reject) => this.#takers.push({ resolve, reject }));
  }

  /** Ends it; `for await` calls this when it is left. */
  return(): Promise<IteratorResult<Event, undefined>> {
    this.#queue = [];
    this.end();
    return Promise.resolve({ done: true, value: undefined });
  }

  /** For `for await`. */
  [Symbol.asyncIterator](): this {
    return this;
  }

  /** An error is thrown once; after it the iterator is simply at its end. */
  #finish(): Promise<IteratorResult<Event, undefined>> {
    const error = this.#ended?.error;
    this.#ended = {};
    return error === undefined ? Promise.resolve({ done: true, value: undefined }) : Promise.reject(error);
  }
}

/** Events of one stream or of all, from now on; `limit` of them may wait. */
export function iterateEvents(
  emitter: Emitter<ClientEvents>,
  options: { stream?: number | undefined; signal?: AbortSignal | undefined; limit: number },
): EventIterator {
  const { stream, signal, limit } = options;
  if (signal?.aborted) return EventIterator.ended();
  const matches = (of: number) => stream === undefined || of === stream;
  const abort = () => iterator.end();
  const offs: (() => void)[] = [];
  const iterator = new EventIterator(limit, () => {
    for (const off of offs) off();
    signal?.removeEventListener("abort", abort);
  });
  offs.push(
    emitter.on("event", (event) => matches(event.stream) && iterator.push(event)),
    emitter.on("reload", (reload) => {
      if (!matches(reload.stream)) return;
      const message = `Too much was missed of stream ${reload.stream}: call events() again and load it`;
      iterator.end({ error: new RookeryError("failed_precondition", message) });
    }),
    emitter.on("state", (state) => state.name === "ended" && iterator.end({ error: state.error })),
  );
  signal?.addEventListener("abort", abort, { once: true });
  return iterator;
}
