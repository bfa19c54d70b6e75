/** Changes to maps that can be taken back. @module */
export class Journal {
  readonly #undo: (() => void)[] = [];

  put<K, V>(map: Map<K, V>, key: K, value: V): void {
    const had = map.has(key);
    const old = map.get(key)!;
    this.#undo.push(() => had ? map.set(key, old) : map.delete(key));
    map.set(key, value);
  }

  drop<K, V>(map: Map<K, V>, key: K): void {
    if (!map.has(key)) return;
    const old = map.get(key)!;
    this.#undo.push(() => map.set(key, old));
    map.delete(key);
  }

  push<V>(list: V[], value: V): void {
    this.#undo.push(() => list.pop());
    list.push(value);
  }

  /** Undoes everything since the last `commit`. */
  rollback(): void {
    for (let undo = this.#undo.pop(); undo; undo = this.#undo.pop()) undo();
  }

  commit(): void {
    this.#undo.length = 0;
  }
}
