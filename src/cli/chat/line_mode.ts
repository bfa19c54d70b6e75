/** The client without a screen: lines of standard input are sent, messages are printed as lines. @module */
import type { Message, RookeryClient, Stored } from "../../client/mod.ts";
import type { LineReader } from "./line_reader.ts";
import { Names } from "./names.ts";
import { neutral, neutralLine } from "./text.ts";

export interface LineModeOptions {
  readonly client: RookeryClient;
  /** Name of the channel, which is joined when need be. */
  readonly channel: string;
  readonly input: LineReader;
  /** Older messages that are printed first. */
  readonly history: number;
  /** Goes on printing after the end of the input. */
  readonly follow: boolean;
  /** The person wants an end. */
  readonly signal: AbortSignal;
}

/** Runs until the input has ended and everything is stored; returns the exit code. */
export async function runLineMode(options: LineModeOptions): Promise<number> {
  const { client, input, signal } = options;
  const names = new Names(client);
  const lost = Promise.withResolvers<never>();
  lost.promise.catch(() => {});
  using listeners = new DisposableStack();
  listeners.defer(client.on("state", (state) => {
    if (state.name === "ended") lost.reject(state.error ?? new Error(state.reason));
    else if (state.name === "waiting" && !state.planned) {
      console.error(`rookery: ${neutral(state.error.message)}: reconnecting`);
    }
  }));
  await client.live();
  const { id: channelId, name } = await client.joinChannel((await names.findChannel(options.channel)).id);
  const printer = new Printer(names, client);
  listeners.defer(client.on("message", ({ message, kind }) => {
    if (message.channelId === channelId && kind !== "reacted") printer.print(message);
  }));
  if (options.history > 0) {
    const { messages } = await client.history(channelId, { limit: options.history });
    for (const message of messages) printer.print(message);
  }
  console.error(`rookery: in #${neutralLine(name)} as ${client.replica.me?.name}`);
  const ended = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  const failed = await Promise.race([sendLines({ client, channelId, input }), ended, lost.promise]);
  if (options.follow && !signal.aborted) await Promise.race([ended, lost.promise]);
  await printer.done();
  return failed ? 1 : 0;
}

/** Sends all lines; true when one of them was refused. */
async function sendLines(
  { client, channelId, input }: { client: RookeryClient; channelId: number; input: LineReader },
): Promise<boolean> {
  const sends: Promise<Stored | undefined>[] = [];
  for (let line = await input.next(); line !== undefined; line = await input.next()) {
    if (line.trim() === "") continue;
    sends.push(
      client.sendMessage(channelId, line).catch((error: Error) => {
        console.error(`rookery: ${neutral(error.message)}`);
        return undefined;
      }),
    );
  }
  const stored = await Promise.all(sends);
  await received(client, { channelId, seq: Math.max(0, ...stored.map((one) => one?.seq ?? 0)) });
  return stored.includes(undefined);
}

/** Resolves when the event has come back, and with it all before it. */
function received(
  client: RookeryClient,
  { channelId, seq }: { readonly channelId: number; readonly seq: number },
): Promise<void> {
  return new Promise((resolve) => {
    const here = () => (client.replica.channels.get(channelId)?.headSeq ?? Infinity) >= seq;
    if (here()) return resolve();
    const off = client.on("event", () => {
      if (!here()) return;
      off();
      resolve();
    });
  });
}

/** Prints messages in their order, each when its author's name is known. */
class Printer {
  readonly #names: Names;
  readonly #client: RookeryClient;
  #last: Promise<void> = Promise.resolve();

  constructor(names: Names, client: RookeryClient) {
    this.#names = names;
    this.#client = client;
  }

  print(message: Message): void {
    this.#last = this.#last.then(async () => {
      if (message.authorId !== 0 && !this.#client.replica.users.has(message.authorId)) {
        await this.#client.getUsers([message.authorId]).catch(() => {});
      }
      console.log(lineOf(message, this.#names.user(message.authorId)));
    });
  }

  /** Resolves when everything is printed. */
  done(): Promise<void> {
    return this.#last;
  }
}

/** A message as text: time, author, and further lines under the first. */
export function lineOf(message: Message, author: string): string {
  const time = new Date(message.timeMs).toTimeString().slice(0, 5);
  const note = message.deleted ? "(deleted)" : message.editedMs > 0 ? "(edited) " : "";
  return `${time} ${author}: ${note}${neutral(message.text).replaceAll("\n", "\n      ")}`;
}
