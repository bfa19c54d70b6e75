/** Listeners by the name of what they listen to. @module */

export class Emitter<Map extends object> {
  readonly #listeners: { [T in keyof Map]?: Set<(payload: Map[T]) => void> } = {};

  /** Adds a listener; the result removes it. Adding a function twice calls it once. */
  on<T extends keyof Map>(type: T, listener: (payload: Map[T]) => void): () => void {
    const set = this.#listeners[type] ??= new Set();
    set.add(listener);
    return () => set.delete(listener);
  }

  /** Calls the listeners. What one of them throws surfaces as an uncaught error and harms nobody else. */
  emit<T extends keyof Map>(type: T, payload: Map[T]): void {
    const set = this.#listeners[type];
    if (!set || set.size === 0) return;
    for (const listener of [...set]) {
      try {
        listener(payload);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  /** Whether anybody listens. */
  has(type: keyof Map): boolean {
    return (this.#listeners[type]?.size ?? 0) > 0;
  }
}
