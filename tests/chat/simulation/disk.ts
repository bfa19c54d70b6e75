/**
 * What a data folder is to the core: it outlives the process, but only up to
 * what was synced. With `synchronous=FULL` nothing is ever shown or
 * acknowledged before it is synced; a disk whose fsync does nothing shows
 * what that is worth.
 *
 * @module
 */
import type { Event } from "../../../src/chat/event.ts";
import type { Draft, Outcome } from "../../../src/chat/ports.ts";
import { MemoryStore } from "../../support/memory_store/memory_store.ts";

interface Written {
  readonly batch: readonly Draft[];
  readonly atMs: number;
}

export interface DiskOptions {
  readonly now: () => number;
  /** Whether a sync reaches the platter; asked for every batch. */
  readonly syncs: () => boolean;
  /** Told of every event that is stored, with the key of its draft when it is the first. */
  readonly onStore: (event: Event, key: string) => void;
}

export class Disk {
  readonly #options: DiskOptions;
  readonly #written: Written[] = [];
  /** Batches that a power cut leaves. */
  #synced = 0;
  /** Batches of the newest backup. */
  #saved: number | undefined;
  #epoch = 1;
  #atMs: number | undefined;
  /** What can be read; another one after a loss. */
  store: MemoryStore;

  constructor(options: DiskOptions) {
    this.#options = options;
    this.store = this.#newStore();
  }

  /** Writes a batch, syncs it, and only then lets it be seen. */
  async commit(batch: readonly Draft[]): Promise<Outcome[]> {
    const atMs = this.#options.now();
    this.#written.push({ batch, atMs });
    if (this.#options.syncs()) this.#synced = this.#written.length;
    const outcomes = await this.#apply({ batch, atMs });
    this.#tell(batch, outcomes);
    return outcomes;
  }

  /** The power fails: what was written and not synced is gone. */
  async crash(): Promise<void> {
    if (this.#synced < this.#written.length) await this.#rebuild(this.#synced, () => {});
  }

  /** Keeps a copy as it is now. */
  backup(): void {
    this.#saved = this.#written.length;
  }

  get saved(): boolean {
    return this.#saved !== undefined;
  }

  /** Goes back to the copy, as another history, and tells of all its events again. */
  async restore(): Promise<void> {
    this.#epoch++;
    await this.#rebuild(this.#saved!, (batch, outcomes) => this.#tell(batch, outcomes));
  }

  #newStore(): MemoryStore {
    const now = () => this.#atMs ?? this.#options.now();
    return new MemoryStore({ now, epoch: `epoch ${this.#epoch}` });
  }

  async #rebuild(
    length: number,
    tell: (batch: readonly Draft[], outcomes: readonly Outcome[]) => void,
  ): Promise<void> {
    this.#written.length = length;
    this.#synced = length;
    if (this.#saved !== undefined) this.#saved = Math.min(this.#saved, length);
    this.store = this.#newStore();
    for (const written of this.#written) tell(written.batch, await this.#apply(written));
  }

  async #apply({ batch, atMs }: Written): Promise<Outcome[]> {
    this.#atMs = atMs;
    try {
      return await this.store.commit(batch);
    } finally {
      this.#atMs = undefined;
    }
  }

  #tell(batch: readonly Draft[], outcomes: readonly Outcome[]): void {
    for (const [index, outcome] of outcomes.entries()) {
      if (outcome.status !== "stored") continue;
      for (const [at, event] of outcome.events.entries()) {
        this.#options.onStore(event, at === 0 ? batch[index]!.key : "");
      }
    }
  }
}
