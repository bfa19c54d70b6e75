/** What the commands that begin with a slash work with. @module */
import type { ChannelState, Message, RookeryClient } from "../../client/mod.ts";
import type { Names } from "./names.ts";

/** What a command may use. */
export interface SlashContext {
  readonly client: RookeryClient;
  readonly names: Names;
  /** The channel on the screen. Throws an Error when there is none. */
  channel(): ChannelState;
  /** Shows a channel, as soon as it is there. */
  open(channelId: number): void;
  /** Shows lines to this person alone. */
  say(text: string): void;
  /** The next line answers or edits this message. */
  begin(kind: "reply" | "edit", message: Message): void;
  quit(): void;
}
