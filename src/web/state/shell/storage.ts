/**
 * What the browser keeps for this server. Where it keeps nothing (private
 * windows, full disks), things last as long as the page.
 *
 * @module
 */
import { NAMESPACE } from "../../base.ts";

const memory = new Map<string, string>();

/** Value under a name; undefined when there is none or it cannot be read. */
export function stored<T>(name: string): T | undefined {
  const text = memory.get(name) ?? read(name);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Keeps a value; undefined removes it. False when it will not outlive the page. */
export function store(name: string, value: unknown): boolean {
  const text = value === undefined ? undefined : JSON.stringify(value);
  memory.delete(name);
  try {
    if (text === undefined) localStorage.removeItem(NAMESPACE + name);
    else localStorage.setItem(NAMESPACE + name, text);
    return true;
  } catch {
    if (text !== undefined) memory.set(name, text);
    return false;
  }
}

/** Names that begin with this. */
export function storedNames(beginning: string): string[] {
  const names = [...memory.keys()];
  try {
    for (let i = 0; i < localStorage.length; i++) {
      const key = localStorage.key(i)!;
      if (key.startsWith(NAMESPACE)) names.push(key.slice(NAMESPACE.length));
    }
  } catch {
    // Nothing is kept then.
  }
  return names.filter((name) => name.startsWith(beginning));
}

/** Hears what other tabs keep or remove, until the signal is aborted. */
export function onStored(signal: AbortSignal, listener: (name: string, removed: boolean) => void): void {
  addEventListener("storage", ({ key, newValue }) => {
    if (key?.startsWith(NAMESPACE)) listener(key.slice(NAMESPACE.length), newValue === null);
  }, { signal });
}

function read(name: string): string | undefined {
  try {
    return localStorage.getItem(NAMESPACE + name) ?? undefined;
  } catch {
    return undefined;
  }
}
