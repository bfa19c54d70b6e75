/**
 * Workers whose threads can be killed one by one, which the system cannot do
 * from outside: there a signal that ends a thread ends the process.
 *
 * @module
 */

type OptionsOfWorker = ConstructorParameters<typeof Worker>[1];

/** While it is not disposed, every new worker of this isolate can be killed. */
export class MortalWorkers implements Disposable {
  readonly #immortal = globalThis.Worker;
  readonly #alive = new Map<Worker, string>();

  constructor() {
    const alive = this.#alive;
    globalThis.Worker = class extends this.#immortal {
      constructor(specifier: string | URL, options?: OptionsOfWorker) {
        super(specifier, options);
        alive.set(this, `${specifier}`);
      }

      override terminate(): void {
        alive.delete(this);
        super.terminate();
      }
    };
  }

  /**
   * Kills the newest worker whose source has this in its name; false when
   * there is none. Deno lets it finish the turn of its loop that it is in, so
   * its last answer may be lost, and the messages that it has not read are.
   */
  kill(name: string): boolean {
    const worker = this.#of(name).at(-1);
    if (worker) end(worker);
    return worker !== undefined;
  }

  /** Kills every worker with this name that there is now, and tells how many. */
  killAll(name: string): number {
    const workers = this.#of(name);
    for (const worker of workers) end(worker);
    return workers.length;
  }

  #of(name: string): Worker[] {
    return [...this.#alive].filter(([, specifier]) => specifier.includes(name)).map(([worker]) => worker);
  }

  [Symbol.dispose](): void {
    globalThis.Worker = this.#immortal;
  }
}

function end(worker: Worker): void {
  worker.terminate();
  // Deno says nothing when a worker is ended from here; when one ends by itself it says this.
  worker.dispatchEvent(new ErrorEvent("error", { message: "killed", cancelable: true }));
}
