/** The side of the server that has the data folder: hands it over when it is asked to. @module */
import type { Log } from "../chat/ports.ts";
import {
  Conversation,
  type FromHeir,
  type FromHolder,
  type Introduction,
  type Place,
  PROTOCOL,
} from "./message.ts";

/** What is handed over. */
export interface Estate {
  /**
   * Writes nothing more and lets go of the folder. Rejects when that cannot be
   * done within a bounded time; everything is as before then.
   */
  release(): Promise<void>;
  /** Takes the folder back and goes on: false when the heir still has it. Rejects when it cannot go on. */
  reclaim(): Promise<boolean>;
}

export interface HolderOptions {
  /** Where heirs knock. */
  readonly listener: Deno.UnixListener;
  /** What heirs are told. */
  readonly self: Extract<FromHolder, { readonly type: "hello" }>;
  readonly estate: Estate;
  readonly log: Log;
}

/** How it went: somebody else serves, or nobody can and this process has to end. */
export type Succession =
  | { readonly by: Introduction; readonly tookMs: number; readonly place: Place | undefined }
  | { readonly error: Error };

/** An heir loads everything between its hello and its take. */
const PREPARE_MS = 60_000;
const RECLAIM_EVERY_MS = 10;
/** A failed heir closes its database before it is gone. */
const RECLAIM_MS = 30_000;
const REMIND_MS = 10_000;
const RETRY_ACCEPT_MS = 1_000;

export class Holder implements Disposable {
  readonly #options: HolderOptions;
  readonly #guests = new Set<Conversation>();
  readonly #over = Promise.withResolvers<Succession>();
  #heir: Introduction | undefined;
  #closed = false;

  /** Waits for heirs until it is disposed. */
  constructor(options: HolderOptions) {
    this.#options = options;
    void this.#accept();
  }

  /** Resolves when this process has nothing to serve any more. */
  get over(): Promise<Succession> {
    return this.#over.promise;
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    for (const guest of this.#guests) guest.hangUp();
  }

  async #accept(): Promise<void> {
    while (!this.#closed) {
      try {
        void this.#receive(new Conversation(await this.#options.listener.accept()));
      } catch (error) {
        if (this.#closed) return;
        this.#options.log.report("heir_not_heard", { error });
        await pause(RETRY_ACCEPT_MS);
      }
    }
  }

  async #receive(guest: Conversation): Promise<void> {
    this.#guests.add(guest);
    try {
      await this.#converse(guest);
    } catch (error) {
      this.#options.log.report("handover_broken", { error });
    } finally {
      this.#guests.delete(guest);
      guest.hangUp();
    }
  }

  async #converse(guest: Conversation): Promise<void> {
    const { self } = this.#options;
    const hello = await guest.hear<FromHeir>(PREPARE_MS);
    if (hello?.type !== "hello") return;
    const refusal = this.#refusal(hello);
    if (refusal) return void await guest.say({ type: "refused", ...refusal });
    this.#heir = hello;
    await guest.say(self);
    const take = await guest.hear<FromHeir>(PREPARE_MS);
    // Once it is handed over there is an heir for good: whoever knocks then is sent away.
    if (take?.type !== "take" || !await this.#handOver(guest, hello)) this.#heir = undefined;
  }

  /** Whether the heir serves now. */
  async #handOver(guest: Conversation, { pid, version, ...heir }: Introduction): Promise<boolean> {
    const { estate, log } = this.#options;
    const fromMs = performance.now();
    log.report("handover_begun", { pid, version });
    try {
      await estate.release();
    } catch (error) {
      const reason = (error as Error).message;
      log.report("handover_refused", { pid, reason });
      await guest.say({ type: "refused", reason });
      return false;
    }
    await guest.say({ type: "released" });
    const verdict = await this.#verdict(guest);
    if (this.#closed) return false;
    const tookMs = Math.round(performance.now() - fromMs);
    if (verdict?.type === "done") {
      this.#over.resolve({ by: { pid, version, ...heir }, tookMs, place: verdict.place });
      return true;
    }
    const reason = verdict?.type === "failed" ? verdict.reason : "it ended";
    log.report("handover_failed", { pid, reason });
    await this.#reclaim();
    log.report("serving_again", { duration_ms: Math.round(performance.now() - fromMs) });
    return false;
  }

  #refusal({ protocol }: Introduction): { reason: string; busy: boolean } | undefined {
    if (protocol !== PROTOCOL) {
      const reason =
        `it speaks protocol ${PROTOCOL} for taking over, not ${protocol}: stop it, then start the other`;
      return { reason, busy: false };
    }
    if (!this.#heir) return undefined;
    return { reason: `it is being taken over by process ${this.#heir.pid} already`, busy: true };
  }

  /** How the heir fares; it has the lock, so all that can be done about a silent one is to say so. */
  async #verdict(guest: Conversation): Promise<FromHeir | undefined> {
    const { log } = this.#options;
    const reminder = setInterval(() => {
      log.report("handover_slow", { pid: this.#heir?.pid });
    }, REMIND_MS);
    try {
      return await guest.hear<FromHeir>();
    } finally {
      clearInterval(reminder);
    }
  }

  async #reclaim(): Promise<void> {
    const untilMs = performance.now() + RECLAIM_MS;
    try {
      while (!this.#closed && !await this.#options.estate.reclaim()) {
        if (performance.now() > untilMs) throw new Error("Another process keeps the data folder");
        await pause(RECLAIM_EVERY_MS);
      }
    } catch (error) {
      this.#over.resolve({ error: error as Error });
      throw error;
    }
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
