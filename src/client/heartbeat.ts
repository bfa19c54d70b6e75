/** Keeps a quiet connection alive, and notices a dead one. @module */
import type { Clock } from "./clock.ts";

/** What a slow network may add to the server's interval. */
const GRACE_MS = 15_000;
/** Pings come within this last part of the interval, so that many clients do not beat together. */
const JITTER = 0.2;

export interface HeartbeatOptions {
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Time to say something. */
  ping(): void;
  /** Nothing has come for too long. */
  dead(): void;
}

export class Heartbeat {
  readonly #options: HeartbeatOptions;
  #intervalMs = 0;
  #pingMs = 0;
  #sentMs = 0;
  #receivedMs = 0;
  #askedMs = 0;
  #cancel: (() => void) | undefined;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
  }

  /** Begins with a connection whose server wants to hear something every `intervalMs`. */
  start(intervalMs: number): void {
    this.stop();
    if (intervalMs <= 0) return;
    this.#intervalMs = intervalMs;
    this.#pingMs = intervalMs * (1 - JITTER * this.#options.random());
    this.#sentMs = this.#receivedMs = this.#askedMs = this.#options.clock.now();
    this.#arm();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  sent(): void {
    this.#sentMs = this.#options.clock.now();
  }

  received(): void {
    this.#receivedMs = this.#options.clock.now();
  }

  // The timer is not moved with every frame: when it fires it looks how much is left.
  #arm(): void {
    const now = this.#options.clock.now();
    // Commands without a reply keep the server content, but show nothing about its answers.
    const quietMs = Math.min(this.#sentMs, Math.max(this.#receivedMs, this.#askedMs));
    const deadAtMs = this.#receivedMs + this.#intervalMs + GRACE_MS;
    const nextMs = Math.min(quietMs + this.#pingMs, deadAtMs);
    this.#cancel = this.#options.clock.after(Math.max(0, nextMs - now), () => this.#fire());
  }

  #fire(): void {
    const now = this.#options.clock.now();
    // Where the clock was put back meanwhile, what was said before would count as said in hours to come.
    this.#sentMs = Math.min(this.#sentMs, now);
    this.#receivedMs = Math.min(this.#receivedMs, now);
    this.#askedMs = Math.min(this.#askedMs, now);
    if (now >= this.#receivedMs + this.#intervalMs + GRACE_MS) {
      this.#cancel = undefined;
      this.#options.dead();
      return;
    }
    const quietMs = Math.min(this.#sentMs, Math.max(this.#receivedMs, this.#askedMs));
    if (now >= quietMs + this.#pingMs) {
      this.#askedMs = this.#sentMs = now;
      this.#options.ping();
    }
    this.#arm();
  }
}
