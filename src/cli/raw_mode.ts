/** A terminal that hands over every key at once and shows none, and is never left that way. @module */

/** What ends a program unless it says otherwise, with its number. */
const ENDINGS: readonly (readonly [Deno.Signal, number])[] = [["SIGHUP", 1], ["SIGINT", 2], ["SIGTERM", 15]];

/** Disposing gives the terminal back; so does a signal, which then ends the program as it would have. */
export class RawMode implements Disposable {
  readonly #terminal: Pick<typeof Deno.stdin, "setRaw">;
  readonly #cleanup = new DisposableStack();

  constructor(terminal: Pick<typeof Deno.stdin, "setRaw"> = Deno.stdin) {
    this.#terminal = terminal;
    // Listening first: between the two a signal would leave the terminal raw.
    for (const [signal, number] of ENDINGS) {
      const end = () => {
        this.#terminal.setRaw(false);
        // The exit code by which shells know the signal.
        Deno.exit(128 + number);
      };
      Deno.addSignalListener(signal, end);
      this.#cleanup.defer(() => Deno.removeSignalListener(signal, end));
    }
    terminal.setRaw(true);
    this.#cleanup.defer(() => terminal.setRaw(false));
  }

  [Symbol.dispose](): void {
    this.#cleanup.dispose();
  }
}
