/**
 * The generator's loop. It never sleeps while it measures: to wake a sleeping
 * process would be the server's work, a good part of what sending a frame
 * costs. Only beside an attacker, who needs the core as well, it sleeps for a
 * millisecond at a time. Receivers whose latency is not taken read only now and then, as many
 * as one process can serve.
 *
 * @module
 */
import { setImmediate } from "node:timers";
import { delay, nowUs } from "./clock.ts";

/** A turn of the loop that took less than this has found nothing to do. */
const IDLE_TURN_US = 60;
/** The same for a turn with a millisecond's sleep in it, which may take two. */
const IDLE_SLEEP_US = 2500;
/** Reads a second of all paced receivers together. */
const PACED_READS = 15_000;
const SLOT_US = 1000;
const SLOTS_MIN = 100;

export class Pacer {
  readonly #slots: (() => void)[][];
  #slot = 0;
  #nextSlotUs = 0;
  #busyUs = 0;
  #idleUs = 0;
  #beforeUs = nowUs();

  readonly #sleeps: boolean;

  constructor(pacedReceivers: number, { sleeps = false }: { readonly sleeps?: boolean } = {}) {
    this.#sleeps = sleeps;
    const count = Math.max(SLOTS_MIN, Math.ceil(pacedReceivers * 1e6 / PACED_READS / SLOT_US));
    this.#slots = Array.from({ length: count }, () => []);
  }

  /** A wait of the receiver's for its next read, to be called again and again. */
  pace(index: number): () => Promise<void> {
    const slot = this.#slots[index % this.#slots.length]!;
    return () => new Promise((resolve) => slot.push(resolve));
  }

  /** One turn of the loop. */
  async turn(): Promise<void> {
    const now = nowUs();
    if (this.#nextSlotUs === 0) this.#nextSlotUs = now;
    for (; now >= this.#nextSlotUs; this.#nextSlotUs += SLOT_US) {
      for (const resume of this.#slots[this.#slot++ % this.#slots.length]!.splice(0)) resume();
    }
    if (this.#sleeps) await delay(1);
    else await new Promise((resolve) => setImmediate(resolve));
    const after = nowUs();
    if (after - this.#beforeUs < (this.#sleeps ? IDLE_SLEEP_US : IDLE_TURN_US)) {
      this.#idleUs += after - this.#beforeUs;
    } else this.#busyUs += after - this.#beforeUs;
    this.#beforeUs = after;
  }

  /** Lets everybody read at once. */
  release(): void {
    for (const slot of this.#slots) for (const resume of slot.splice(0)) resume();
  }

  /** Share of the time since the last call in which there was something to do. */
  takeBusy(): number {
    const share = this.#busyUs / Math.max(1, this.#busyUs + this.#idleUs);
    this.#busyUs = 0;
    this.#idleUs = 0;
    return share;
  }
}
