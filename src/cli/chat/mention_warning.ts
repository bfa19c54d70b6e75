/** Says before a message is sent whom its mentions will not reach: once for each draft. @module */
import { MentionLook, type RookeryClient, RookeryError } from "../../client/mod.ts";
import { mentionsIn } from "../../text/mentions.ts";
import { neutralLine } from "./text.ts";

/** A message does not wait longer for an answer about its mentions. */
const ANSWER_MS = 3000;

export class MentionWarning {
  readonly #client: RookeryClient;
  #look: { readonly channelId: number; readonly at: MentionLook } | undefined;
  /** Channel for whose draft it was said. */
  #said = 0;

  constructor(client: RookeryClient) {
    this.#client = client;
  }

  /** Whether a draft has to be looked at before it is sent. */
  concerns(text: string, channelId: number): boolean {
    return channelId !== 0 && channelId !== this.#said && mentionsIn(text).length > 0;
  }

  /** The draft is sent or thrown away: the next one is another. */
  forget(): void {
    this.#said = 0;
  }

  /** What is to be said about a draft; empty when every mention will be heard, or nobody can tell. */
  async about(text: string, channelId: number): Promise<string> {
    const { everybody, strangers } = await this.#lookAt(channelId).at(text).catch((error) => {
      if (error instanceof RookeryError) return { everybody: false, strangers: [] };
      throw error;
    });
    const lines = everybody
      ? ["@channel will tell nobody: only moderators may mention everybody in this channel."]
      : [];
    if (strangers.length > 0) {
      const names = strangers.map(({ name }) => `@${neutralLine(name)}`).join(", ");
      lines.push(`${names} ${strangers.length === 1 ? "is" : "are"} not in here and will not be told.`);
    }
    if (lines.length === 0) return "";
    this.#said = channelId;
    return [...lines, "Enter sends it all the same."].join("\n");
  }

  /** What the server has said about a channel is remembered while it is on the screen. */
  #lookAt(channelId: number): MentionLook {
    if (this.#look?.channelId !== channelId) {
      this.#look = { channelId, at: new MentionLook(this.#client, channelId, { timeoutMs: ANSWER_MS }) };
    }
    return this.#look.at;
  }
}
