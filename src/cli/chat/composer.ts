/** What is being written, and what it is for: a message, an answer, an edit, or a command. @module */
import type { Message, Replica } from "../../client/mod.ts";
import { complete } from "./completion.ts";
import { Editor } from "./editor.ts";
import { SLASH_NAMES } from "./slash.ts";

/** Message that is answered or edited. */
export interface Aim {
  readonly kind: "reply" | "edit";
  readonly message: Message;
}

/** A line that was finished. */
export type Entry =
  | { readonly kind: "command"; readonly line: string }
  | { readonly kind: "text"; readonly text: string; readonly aim: Aim | undefined };

/** Commands whose words become a message. */
const SENDING: ReadonlySet<string> = new Set(["reply", "edit"]);

export class Composer {
  readonly editor = new Editor();
  #aim: Aim | undefined;

  get prompt(): string {
    return this.#aim ? `${this.#aim.kind} ${this.#aim.message.seq}> ` : "> ";
  }

  /** The next line answers or edits this message. */
  begin(aim: Aim): void {
    this.#aim = aim;
    if (aim.kind === "edit") this.editor.set(aim.message.text);
  }

  /** Writes a message of its own again. */
  cancel(): void {
    if (this.#aim?.kind === "edit") this.editor.set("");
    this.#aim = undefined;
  }

  /** What Enter would send to others, in a message of its own or by a command; empty when it sends nothing. */
  get outgoing(): string {
    const { text } = this.editor;
    const [, command = "", rest = ""] = this.#aim ? [] : /^\/(\S*)(?:\s([^]*))?$/.exec(text) ?? [];
    if (command === "" || command.startsWith("/")) return text;
    return SENDING.has(command.toLowerCase()) ? rest : "";
  }

  /** Takes the line; undefined when there is nothing in it. */
  take(): Entry | undefined {
    const aim = this.#aim;
    const text = this.editor.take();
    this.#aim = undefined;
    if (text.trim() === "") return undefined;
    if (text.startsWith("/") && !text.startsWith("//") && !aim) return { kind: "command", line: text };
    return { kind: "text", text: text.startsWith("//") ? text.slice(1) : text, aim };
  }

  /** Completes the word before the cursor; answers with what it may mean when that is not certain. */
  complete(replica: Replica): readonly string[] {
    const { text, candidates } = complete(this.editor.textBefore, {
      commands: SLASH_NAMES,
      channels: [...replica.channels.values()].map(({ channel }) => channel.name).filter((name) =>
        name !== ""
      ),
      users: [...replica.users.values()].filter(({ disabled }) => !disabled).map(({ name }) => name),
    });
    this.editor.setBefore(text);
    return candidates;
  }
}
