/** Questions to a person at the terminal. @module */
import { RawMode } from "./raw_mode.ts";
import { ask, redraw } from "./say.ts";

const ENTER = /[\r\n]/;
const CTRL_C = "\x03";
const CTRL_D = "\x04";
const CTRL_U = "\x15";

/** The person does not want to go on. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}

/** Asks on standard error, so that standard output stays what a program prints. */
export class Prompter implements Disposable {
  /** What was typed ahead of the question. */
  #ahead = "";
  readonly #decoder = new TextDecoder();
  readonly #terminal: Pick<typeof Deno.stdin, "setRaw" | "read">;
  readonly #raw: RawMode;

  constructor(terminal: Pick<typeof Deno.stdin, "setRaw" | "read"> = Deno.stdin) {
    this.#terminal = terminal;
    this.#raw = new RawMode(terminal);
  }

  /** What is typed until Enter; throws Interrupted for Ctrl+C, and for Ctrl+D on an empty line. */
  async ask(question: string, { hidden = false }: { readonly hidden?: boolean } = {}): Promise<string> {
    ask(question);
    let answer = "";
    for (;;) {
      const char = await this.#next();
      if (char === CTRL_C || (char === CTRL_D && answer === "")) {
        ask("\n");
        throw new Interrupted("Interrupted");
      }
      if (ENTER.test(char)) break;
      const before = answer;
      if (char === "\x7f" || char === "\b") answer = [...answer].slice(0, -1).join("");
      else if (char === CTRL_U) answer = "";
      else if (char >= " ") answer += char;
      if (!hidden && before !== answer) redraw(question + answer);
    }
    ask("\n");
    return answer;
  }

  /** One line for the person. */
  say(line: string): void {
    ask(`${line}\n`);
  }

  [Symbol.dispose](): void {
    this.#raw[Symbol.dispose]();
  }

  async #next(): Promise<string> {
    while (this.#ahead === "") {
      const buffer = new Uint8Array(256);
      const size = await this.#terminal.read(buffer);
      if (size === null) throw new Interrupted("Interrupted");
      // Arrow keys and the like mean nothing here.
      const text = this.#decoder.decode(buffer.subarray(0, size), { stream: true });
      // deno-lint-ignore no-control-regex
      this.#ahead += text.replaceAll(/\x1b(?:\[[0-9;?]*[ -/]*[@-~]|O.|.)?/g, "");
    }
    const [first = ""] = this.#ahead;
    this.#ahead = this.#ahead.slice(first.length);
    return first;
  }
}
