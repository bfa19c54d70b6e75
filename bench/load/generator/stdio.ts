/** The generator's side of the conversation with the laboratory. @module */
import { TextLineStream } from "../text_lines.ts";
import type { FromGenerator, Job, ToGenerator } from "../protocol.ts";

export class Stdio {
  readonly #lines = Deno.stdin.readable.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream())
    .getReader();
  /** Whether the laboratory has said "stop", or is gone. */
  stopped = false;

  async job(): Promise<Job> {
    return JSON.parse(await this.#next()) as Job;
  }

  /** Waits for "go"; from then on {@link stopped} tells of "stop". */
  async go(): Promise<number> {
    const message = JSON.parse(await this.#next()) as ToGenerator;
    if (message.type !== "go") throw new Error(`Expected "go", not "${message.type}"`);
    void this.stop();
    return message.atUs;
  }

  /** Waits for "stop". */
  async stop(): Promise<void> {
    await this.#lines.read();
    this.stopped = true;
  }

  say(message: FromGenerator): void {
    console.log(JSON.stringify(message));
  }

  async #next(): Promise<string> {
    const { value, done } = await this.#lines.read();
    if (done) throw new Error("The laboratory is gone");
    return value;
  }
}
