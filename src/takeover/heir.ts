/** The side of the server that is to have the data folder: asks for it. @module */
import { Conversation, type FromHolder, type Introduction, type Place, PROTOCOL } from "./message.ts";

/** What the server that has the folder says of itself. */
export type HolderFacts = Introduction & Place;

/** A server that answers does so at once; one that is stopped or hangs does not. */
const ANSWER_MS = 10_000;
/** It commits what is queued, within a time of its own. */
const RELEASE_MS = 30_000;

/** The holder does not hand the folder over; the message says why and what to do. */
export class HandoverRefused extends Error {
  override readonly name = "HandoverRefused";
  /** Another heir is with it, who may fail. */
  readonly busy: boolean;

  constructor(message: string, { busy = false }: { readonly busy?: boolean } = {}) {
    super(message);
    this.busy = busy;
  }
}

/** Disposing hangs up: before {@link done} the holder then goes on by itself. */
export class Heir implements Disposable {
  readonly holder: HolderFacts;
  readonly #conversation: Conversation;

  /** Used through {@link Heir.knock}. */
  constructor(holder: HolderFacts, conversation: Conversation) {
    this.holder = holder;
    this.#conversation = conversation;
  }

  /**
   * Knocks at the path of a holder's socket. Undefined when nobody is there any
   * more; throws {@link HandoverRefused}.
   */
  static async knock(path: string, self: Omit<Introduction, "type" | "protocol">): Promise<Heir | undefined> {
    const conn = await connect(path);
    return conn && await Heir.greet(new Conversation(conn), self);
  }

  /** Begins the conversation; as {@link knock}. */
  static async greet(
    conversation: Conversation,
    self: Omit<Introduction, "type" | "protocol">,
  ): Promise<Heir | undefined> {
    try {
      await conversation.say({ type: "hello", protocol: PROTOCOL, ...self });
      const answer = await conversation.hear<FromHolder>(ANSWER_MS);
      if (answer?.type === "hello") return new Heir(answer, conversation);
      if (!answer && !conversation.hungUp) {
        conversation.hangUp();
        return undefined;
      }
      throw new HandoverRefused(
        answer?.type === "refused"
          ? `The running server cannot be taken over: ${answer.reason}`
          : "The running server does not answer: see whether it hangs, or stop it, then start this one",
        { busy: answer?.type === "refused" && answer.busy === true },
      );
    } catch (error) {
      conversation.hangUp();
      throw error;
    }
  }

  /**
   * Asks for the folder; resolves when it is free for this process, also when
   * the holder has ended meanwhile. Throws {@link HandoverRefused}.
   */
  async take(): Promise<void> {
    if (!await this.#conversation.say({ type: "take" })) return;
    const answer = await this.#conversation.hear<FromHolder>(RELEASE_MS);
    if (answer?.type === "refused") {
      throw new HandoverRefused(`The running server does not hand over: ${answer.reason}`);
    }
  }

  /** This process serves there: the holder sends its clients over. */
  async done(place: Place): Promise<void> {
    await this.#conversation.say({ type: "done", place });
  }

  /** It does not work out: the holder goes on. */
  async failed(reason: string): Promise<void> {
    await this.#conversation.say({ type: "failed", reason: reason.slice(0, 1000) });
  }

  [Symbol.dispose](): void {
    this.#conversation.hangUp();
  }
}

/** Undefined when nobody listens there. */
async function connect(path: string): Promise<Deno.UnixConn | undefined> {
  try {
    return await Deno.connect({ transport: "unix", path });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.ConnectionRefused) {
      return undefined;
    }
    throw error;
  }
}
