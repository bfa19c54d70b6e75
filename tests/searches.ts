/** Counts what the engine's own searches look at, where a clock would count what else the machine does. @module */

/** A method of the engine's, and one that takes its place. */
type Method = (this: unknown, ...args: unknown[]) => unknown;

/**
 * Runs something, and answers with how many units of strings and elements of arrays searches in them passed over
 * meanwhile. A pattern counts from where it begins to look to where its match ends, however often it goes back.
 */
export function searchesOf<T>(work: () => T): { readonly result: T; readonly looked: number } {
  let looked = 0;
  const undo: (() => void)[] = [];
  const replace = (prototype: object, name: string, replacement: (original: Method) => Method) => {
    const original: Method = Reflect.get(prototype, name);
    const whole = { writable: true, configurable: true };
    Object.defineProperty(prototype, name, { ...whole, value: replacement(original) });
    undo.push(() => Object.defineProperty(prototype, name, { ...whole, value: original }));
  };
  for (const prototype of [String.prototype, Array.prototype]) {
    const find = prototype.indexOf as Method;
    for (const name of ["indexOf", "includes"]) {
      replace(prototype, name, (original) =>
        function (this: unknown, ...args) {
          const from = Math.max(0, Number(args[1] ?? 0));
          const at = Number(find.apply(this, args));
          looked += Math.max(0, (at < 0 ? (this as string | unknown[]).length : at + 1) - from);
          return original.apply(this, args);
        });
    }
  }
  replace(String.prototype, "lastIndexOf", (original) =>
    function (this: unknown, ...args) {
      const at = Number(original.apply(this, args));
      looked += Math.max(0, Math.min((this as string).length, Number(args[1] ?? Infinity)) - Math.max(0, at));
      return at;
    });
  replace(RegExp.prototype, "exec", (original) =>
    function (this: unknown, ...args) {
      const { global, sticky, lastIndex } = this as RegExp;
      const from = global || sticky ? lastIndex : 0;
      const match = original.apply(this, args) as RegExpExecArray | null;
      if (match) looked += match.index + match[0].length - from;
      else looked += sticky ? 1 : Math.max(0, String(args[0]).length - from);
      return match;
    });
  try {
    return { result: work(), looked };
  } finally {
    for (const step of undo) step();
  }
}
