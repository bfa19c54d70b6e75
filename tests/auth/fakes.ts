/** A clock that only moves when told to, and workers that answer when told to. @module */
import type { Clock } from "../../src/chat/ports.ts";
import type { WorkerHandle } from "../../src/auth/worker_pool.ts";

export class ManualClock implements Clock {
  #nowMs = 1_000_000;
  readonly #timers = new Set<{ atMs: number; callback: () => void }>();

  now(): number {
    return this.#nowMs;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { atMs: this.#nowMs + ms, callback };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  advance(ms: number): void {
    this.#nowMs += ms;
    for (const timer of [...this.#timers]) {
      if (timer.atMs > this.#nowMs) continue;
      this.#timers.delete(timer);
      timer.callback();
    }
  }

  get timers(): number {
    return this.#timers.size;
  }
}

/** The system's clock, for tests with real workers. */
export const realClock: Clock = {
  now: () => Date.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

export class FakeWorker implements WorkerHandle {
  onmessage: ((event: MessageEvent) => void) | null = null;
  onmessageerror: ((event: MessageEvent) => void) | null = null;
  onerror: ((event: ErrorEvent) => void) | null = null;
  terminated = false;
  readonly asked: { id: number; job: unknown }[] = [];

  postMessage(message: unknown): void {
    this.asked.push(message as { id: number; job: unknown });
  }

  terminate(): void {
    this.terminated = true;
  }

  /** Answers its last job. */
  answer(reply: { result?: unknown; error?: string }): void {
    this.onmessage?.(new MessageEvent("message", { data: { id: this.asked.at(-1)?.id, ...reply } }));
  }

  /** Sends what it was not asked for. */
  say(data: unknown): void {
    this.onmessage?.(new MessageEvent("message", { data }));
  }

  /** Dies; true when somebody kept that from ending the process. */
  crash(): boolean {
    const event = new ErrorEvent("error", { message: "crash", cancelable: true });
    this.onerror?.(event);
    return event.defaultPrevented;
  }
}

export class FakeWorkers {
  readonly all: FakeWorker[] = [];
  readonly spawn = (): FakeWorker => {
    const worker = new FakeWorker();
    this.all.push(worker);
    return worker;
  };

  at(index: number): FakeWorker {
    const worker = this.all[index];
    if (!worker) throw new Error(`Worker ${index} was not started`);
    return worker;
  }
}
