/** Keeps what users have spent of their allowances, so that a new start does not give it back. @module */
import type { Allowances } from "./allowances.ts";
import type { AllowanceStore, Clock } from "./ports.ts";

/** So much spending a process that is killed may lose. */
const KEEP_MS = 10_000;

interface Dependencies {
  readonly allowances: Allowances;
  readonly store: AllowanceStore;
  readonly clock: Clock;
}

export class AllowanceKeeper {
  readonly #deps: Dependencies;
  #cancel: (() => void) | undefined;
  /** Another process may keep its own meanwhile. */
  #paused = false;

  /** Begins with what was kept. */
  constructor(dependencies: Dependencies) {
    this.#deps = dependencies;
    const { allowances, store, clock } = dependencies;
    const kept = store.read();
    if (kept) allowances.restore(kept, clock.now());
    allowances.onSpent = () => this.#arm();
  }

  /** Keeps what was spent, and nothing more until {@link resume}. */
  async pause(): Promise<void> {
    if (this.#paused) return;
    this.#paused = true;
    this.#cancel?.();
    this.#cancel = undefined;
    await this.#write();
  }

  resume(): void {
    this.#paused = false;
    this.#arm();
  }

  #arm(): void {
    if (this.#paused) return;
    this.#cancel ??= this.#deps.clock.after(KEEP_MS, () => {
      this.#cancel = undefined;
      this.#write();
    });
  }

  async #write(): Promise<void> {
    const { allowances, store, clock } = this.#deps;
    await store.write(allowances.kept(clock.now()));
  }
}
