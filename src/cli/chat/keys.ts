/** What a terminal sends, as keys. @module */

/** One key, or a text that was typed or pasted. */
export type Key =
  | { readonly name: "text" | "paste"; readonly text: string }
  | { readonly name: "alt"; readonly text: string }
  | { readonly name: KeyName };

export type KeyName =
  | "enter"
  | "newline"
  | "tab"
  | "escape"
  | "backspace"
  | "delete"
  | "left"
  | "right"
  | "up"
  | "down"
  | "home"
  | "end"
  | "page-up"
  | "page-down"
  | "word-left"
  | "word-right"
  | "delete-word"
  | "delete-to-start"
  | "delete-to-end"
  | "previous-channel"
  | "next-channel"
  | "interrupt"
  | "end-of-input"
  | "redraw"
  | "focus"
  | "blur"
  | "unknown";

const CONTROLS: Readonly<Record<string, KeyName>> = {
  "\r": "enter",
  "\n": "newline",
  "\t": "tab",
  "\x7f": "backspace",
  "\b": "backspace",
  "\x01": "home",
  "\x02": "left",
  "\x03": "interrupt",
  "\x04": "end-of-input",
  "\x05": "end",
  "\x06": "right",
  "\x0b": "delete-to-end",
  "\x0c": "redraw",
  "\x0e": "next-channel",
  "\x10": "previous-channel",
  "\x15": "delete-to-start",
  "\x17": "delete-word",
};

const SEQUENCES: Readonly<Record<string, KeyName>> = {
  "[A": "up",
  "[B": "down",
  "[C": "right",
  "[D": "left",
  "OA": "up",
  "OB": "down",
  "OC": "right",
  "OD": "left",
  "[H": "home",
  "[F": "end",
  "OH": "home",
  "OF": "end",
  "[1~": "home",
  "[4~": "end",
  "[7~": "home",
  "[8~": "end",
  "[3~": "delete",
  "[5~": "page-up",
  "[6~": "page-down",
  "[1;5C": "word-right",
  "[1;5D": "word-left",
  "[1;3C": "word-right",
  "[1;3D": "word-left",
  "[1;3A": "previous-channel",
  "[1;3B": "next-channel",
  "[1;5A": "previous-channel",
  "[1;5B": "next-channel",
  "[3;5~": "delete-word",
  "[I": "focus",
  "[O": "blur",
  b: "word-left",
  f: "word-right",
  "\x7f": "delete-word",
  "\r": "newline",
};

const PASTE_START = "\x1b[200~";
const PASTE_END = "\x1b[201~";
// deno-lint-ignore no-control-regex
const SEQUENCE = /^\x1b(\[[0-9;?]*[ -/]*[@-~]|O[A-Za-z]|[^[O])/u;
// deno-lint-ignore no-control-regex
const TEXT = /^[^\x00-\x1f\x7f]+/u;

/** Takes input as it comes and gives keys; sequences may be cut anywhere but behind their Escape. */
export class KeyDecoder {
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  #rest = "";

  decode(bytes: Uint8Array): Key[] {
    let rest = this.#rest + this.#decoder.decode(bytes, { stream: true });
    const keys: Key[] = [];
    while (rest !== "") {
      const found = nextKey(rest);
      if (!found) break;
      keys.push(found.key);
      rest = rest.slice(found.length);
    }
    this.#rest = rest;
    return keys;
  }
}

/** Undefined when the rest of it has yet to come. */
function nextKey(input: string): { readonly key: Key; readonly length: number } | undefined {
  const text = TEXT.exec(input)?.[0];
  if (text) return { key: { name: "text", text }, length: text.length };
  if (input.startsWith(PASTE_START)) {
    const end = input.indexOf(PASTE_END);
    if (end < 0) return undefined;
    // Terminals send the lines of a paste as if Enter had been pressed.
    const pasted = input.slice(PASTE_START.length, end).replaceAll(/\r\n?/g, "\n");
    return { key: { name: "paste", text: pasted }, length: end + PASTE_END.length };
  }
  if (input[0] !== "\x1b") return { key: { name: CONTROLS[input[0]!] ?? "unknown" }, length: 1 };
  const sequence = SEQUENCE.exec(input);
  if (!sequence) return input.length === 1 ? { key: { name: "escape" }, length: 1 } : undefined;
  const [whole, body = ""] = sequence;
  const name = SEQUENCES[body];
  // deno-lint-ignore no-control-regex
  if (!name && /^[^[O\x00-\x1f]/u.test(body)) {
    return { key: { name: "alt", text: body }, length: whole.length };
  }
  return { key: { name: name ?? "unknown" }, length: whole.length };
}
