/**
 * The outbox on the browser's disk, an entry under a name of its own, so that
 * tabs do not overwrite each other. Commands have keys: should two tabs send
 * the same one, the server does it once.
 *
 * @module
 */
import type { OutboxEntry, OutboxStore } from "../../../client/mod.ts";
import { onStored, store, stored, storedNames } from "../shell/storage.ts";

export class TabOutbox implements OutboxStore {
  readonly #prefix: string;
  #mine = new Set<string>();

  constructor(userId: number) {
    this.#prefix = `outbox:${userId}:`;
  }

  /** Everything that waits, whichever tab it was written in; keys sort by time. */
  load(): OutboxEntry[] {
    const entries = this.#entries();
    this.#mine = new Set(entries.map(({ key }) => key));
    return entries;
  }

  save(entries: readonly OutboxEntry[]): void {
    const kept = new Set(entries.map(({ key }) => key));
    for (const key of this.#mine) if (!kept.has(key)) store(this.#prefix + key, undefined);
    let safe = true;
    for (const entry of entries) {
      if (!this.#mine.has(entry.key)) safe = store(this.#prefix + entry.key, entry) && safe;
    }
    this.#mine = kept;
    if (!safe) {
      throw new Error("The browser has no room: what is not sent yet is lost when the page is closed");
    }
  }

  /** Entries of tabs that were closed before they could send them. */
  orphans(): OutboxEntry[] {
    return this.#entries().filter(({ key }) => !this.#mine.has(key));
  }

  /** Hears of entries that another tab keeps, and of those that it has sent or discarded. */
  onElsewhere(
    signal: AbortSignal,
    heard: { readonly kept: (key: string) => void; readonly settled: (key: string) => void },
  ): void {
    onStored(signal, (name, removed) => {
      if (!name.startsWith(this.#prefix)) return;
      heard[removed ? "settled" : "kept"](name.slice(this.#prefix.length));
    });
  }

  #entries(): OutboxEntry[] {
    return storedNames(this.#prefix).sort()
      .map((name) => stored<OutboxEntry>(name))
      .filter((entry) => entry !== undefined);
  }
}
