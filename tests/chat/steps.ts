/** Counts work in place of time: how many elements of maps, sets and arrays are walked through. @module */

/** Methods that walk through what they belong to, by their prototype. */
const WALKS: readonly (readonly [prototype: object, names: readonly (string | symbol)[]])[] = [
  [Map.prototype, ["keys", "values", "entries", "forEach", Symbol.iterator]],
  [Set.prototype, ["keys", "values", "entries", "forEach", Symbol.iterator]],
  [Array.prototype, ["filter", "map", "flatMap", "find", "some", "every", "forEach", "includes", "indexOf"]],
];

export class Steps {
  count = 0;
  #paused = 0;

  /** Does something whose steps do not count, such as the work of a stand-in. */
  apart<T>(work: () => T): T {
    this.#paused++;
    try {
      return work();
    } finally {
      this.#paused--;
    }
  }

  /** Counts while something is done: a walk counts as long as the whole, though it may end sooner. */
  during<T>(work: () => T): T {
    const restore: (() => void)[] = [];
    for (const [prototype, names] of WALKS) {
      for (const name of names) {
        const real = Reflect.get(prototype, name);
        const walk = (of: { size?: number; length?: number }) => {
          if (this.#paused === 0) this.count += of.size ?? of.length ?? 0;
        };
        Reflect.set(prototype, name, function (this: object, ...args: unknown[]) {
          walk(this);
          return Reflect.apply(real, this, args);
        });
        restore.push(() => Reflect.set(prototype, name, real));
      }
    }
    try {
      return work();
    } finally {
      for (const undo of restore.reverse()) undo();
    }
  }
}
