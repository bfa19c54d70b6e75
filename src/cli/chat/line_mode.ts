/** The client without a screen: lines of standard input are sent, messages are printed as lines. @module */
import type { Channel, Message, RookeryClient, Stored } from "../../client/mod.ts";
import { complain, sayIsolated } from "../say.ts";
import type { LineReader } from "./line_reader.ts";
import { Names } from "./names.ts";
import { controlsRemoved, isolated, neutral, neutralLine, sendable } from "./text.ts";

export interface LineModeOptions {
  readonly client: RookeryClient;
  /** Name of the channel, which is joined when need be. */
  readonly channel: string;
  readonly input: LineReader;
  /** Older messages that are printed first. */
  readonly history: number;
  /** Goes on printing after the end of the input. */
  readonly follow: boolean;
  /** The person wants an end, or its time is over. */
  readonly signal: AbortSignal;
}

/**
 * Runs until the input has ended and everything is stored, or until the signal; returns the exit code, which is 1 when
 * something was not stored.
 */
export async function runLineMode(options: LineModeOptions): Promise<number> {
  const { client, input, signal } = options;
  const names = new Names(client);
  const lost = Promise.withResolvers<never>();
  lost.promise.catch(() => {});
  using listeners = new DisposableStack();
  listeners.defer(client.on("state", (state) => {
    if (state.name === "ended") lost.reject(state.error ?? new Error(state.reason));
    else if (state.name === "waiting" && !state.planned) {
      complain(`${state.error.message}: reconnecting`);
    }
  }));
  const ended = new Promise<undefined>((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener("abort", () => resolve(undefined), { once: true });
  });
  const entered = await Promise.race([enter(client, names, options.channel), ended, lost.promise]);
  if (entered === undefined) {
    complain("Ended before the channel was reached: nothing was sent");
    return 1;
  }
  const { id: channelId, name } = entered;
  const printer = new Printer(names, client);
  listeners.defer(client.on("message", ({ message, kind }) => {
    if (message.channelId === channelId && kind !== "reacted" && kind !== "pinned") printer.print(message);
  }));
  if (options.history > 0) {
    const { messages } = await client.history(channelId, { limit: options.history });
    for (const message of messages) printer.print(message);
  }
  complain(`in #${neutralLine(name)} as ${client.replica.me?.name}`);
  const failed = await Promise.race([sendLines({ client, channelId, input }), ended, lost.promise]);
  if (options.follow && !signal.aborted) await Promise.race([ended, lost.promise]);
  await printer.done();
  const unsent = client.pending().length;
  if (unsent > 0) {
    complain(`Ended before ${unsent} of the messages ${unsent === 1 ? "was" : "were"} stored`);
  }
  return failed || unsent > 0 ? 1 : 0;
}

/** Connects and goes into the channel. */
async function enter(client: RookeryClient, names: Names, name: string): Promise<Channel> {
  await client.live();
  return await client.joinChannel((await names.findChannel(name)).id);
}

/** Sends all lines; true when one of them was refused. */
async function sendLines(
  { client, channelId, input }: { client: RookeryClient; channelId: number; input: LineReader },
): Promise<boolean> {
  const sends: Promise<Stored | undefined>[] = [];
  for (let line = await input.next(); line !== undefined; line = await input.next()) {
    const { text, removed } = sendable(line);
    if (removed > 0) complain(`${controlsRemoved(removed)}`);
    if (text.trim() === "") continue;
    sends.push(
      client.sendMessage(channelId, text).catch((error: Error) => {
        complain(error.message);
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
      sayIsolated(lineOf(message, this.#names.user(message.authorId)));
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
  const lines = neutral(message.text).split("\n").map(isolated);
  return `${time} ${isolated(author)}: ${note}${lines.join("\n      ")}`;
}
