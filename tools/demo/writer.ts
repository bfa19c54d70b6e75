/** Puts the corpus into messages. @module */
import type { Corpus } from "./corpus.ts";
import type { Random } from "./random.ts";

export interface Utterance {
  readonly text: string;
  /** It answers something said before in the same place. */
  readonly answers: boolean;
}

const LONG_SHARE = 0.01;
const CODE_SHARE = 0.03;
const PHRASE_SHARE = 0.5;
const MENTION_SHARE = 0.05;

/**
 * Gives every channel its own threads, mail by mail, mixed with short texts
 * in many scripts, code, and now and then a message of just the longest size.
 * Every text ends in a mark of its own, so that one that is there twice shows.
 */
export class Writer {
  readonly #corpus: Corpus;
  readonly #random: Random;
  readonly #limitBytes: number;
  readonly #threads = new Map<number, { mails: readonly string[]; next: number }>();
  #marks = 0;

  constructor(corpus: Corpus, random: Random, { limitBytes }: { limitBytes: number }) {
    this.#corpus = corpus;
    this.#random = random;
    this.#limitBytes = limitBytes;
  }

  /** What is said next in a channel. */
  next(channelId: number, names: readonly string[]): Utterance {
    const random = this.#random;
    if (random.chance(LONG_SHARE)) return this.#marked(this.#longText(), { answers: false });
    if (random.chance(CODE_SHARE)) return this.#marked(random.pick(this.#corpus.code)!, { answers: true });
    const mention = random.chance(MENTION_SHARE) ? `@${random.pick(names)} ` : "";
    if (random.chance(PHRASE_SHARE)) {
      return this.#marked(mention + random.pick(this.#corpus.phrases)!, { answers: random.chance(0.3) });
    }
    let thread = this.#threads.get(channelId);
    if (!thread || thread.next >= thread.mails.length) {
      const { subject, mails } = random.pick(this.#corpus.threads)!;
      thread = { mails: [`**${subject}**\n${mails[0]}`, ...mails.slice(1)], next: 0 };
      this.#threads.set(channelId, thread);
    }
    const answers = thread.next > 0;
    return this.#marked(mention + thread.mails[thread.next++]!, { answers });
  }

  /** Another text for a message that was written before. */
  revision(): string {
    return this.#marked(`${this.#random.pick(this.#corpus.phrases)} (edited)`, { answers: false }).text;
  }

  #longText(): string {
    const parts: string[] = [];
    for (let length = 0; length < this.#limitBytes; length += parts.at(-1)!.length) {
      const { mails } = this.#random.pick(this.#corpus.threads)!;
      parts.push(this.#random.pick(mails)!, this.#random.pick(this.#corpus.phrases)!);
    }
    return parts.join("\n\n");
  }

  #marked(text: string, { answers }: { answers: boolean }): Utterance {
    const mark = `\n[demo ${++this.#marks}]`;
    return { text: cutToBytes(text, this.#limitBytes - mark.length) + mark, answers };
  }
}

/** The beginning of a text that fits into so many bytes of UTF-8, no character cut in two. */
export function cutToBytes(text: string, bytes: number): string {
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(bytes));
  return text.slice(0, read);
}

/** The mark at the end of a text; undefined when it has none. */
export function markOf(text: string): string | undefined {
  return /\[demo \d+\]$/.exec(text)?.[0];
}
