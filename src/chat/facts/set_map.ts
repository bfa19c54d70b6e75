/** Sets by key; a key whose set is empty takes no room. @module */

const NOTHING: ReadonlySet<never> = new Set();

export class SetMap<Key, Value> {
  readonly #sets = new Map<Key, Set<Value>>();

  /** The key's set, as it is until the next change. */
  of(key: Key): ReadonlySet<Value> {
    return this.#sets.get(key) ?? NOTHING;
  }

  add(key: Key, value: Value): void {
    const set = this.#sets.get(key);
    if (set) set.add(value);
    else this.#sets.set(key, new Set([value]));
  }

  delete(key: Key, value: Value): void {
    const set = this.#sets.get(key);
    if (set?.delete(value) && set.size === 0) this.#sets.delete(key);
  }
}
