/**
 * One's own changes to messages that the server has not made yet: edits,
 * deletions and reactions are shown in advance, and undone when they are
 * refused. The outbox sends each of them once.
 *
 * @module
 */
import type {
  Message,
  MessageRef,
  OutboxChange,
  OutboxEntry,
  RookeryClient,
  RookeryError,
  Stored,
} from "../../../client/mod.ts";
import { FrameSignal } from "../shell/frame_signal.ts";

/** What will be different about one message. */
export interface Change {
  /** Names of the commands, the oldest first. */
  readonly keys: readonly string[];
  /** When the oldest of them was given, milliseconds since 1970 UTC. */
  readonly sinceMs: number;
  /** The new text, if it will have another one. */
  readonly text: string | undefined;
  readonly deleted: boolean;
  /** Whether the user's own reaction will be there, by emoji. */
  readonly reactions: ReadonlyMap<string, boolean>;
}

/** A refused command: `text` is what the message would have had. */
export interface Refused extends MessageRef {
  readonly text: string | undefined;
  readonly error: RookeryError;
}

type Body = MessageRef & { readonly messageSeq: number; readonly text: string; readonly emoji: string };

interface Step {
  readonly entry: OutboxEntry;
  /** Event that will have made it; 0 when that is not known. */
  readonly storedSeq: number;
}

const NAMES: ReadonlySet<string> = new Set([
  "editMessage",
  "deleteMessage",
  "addReaction",
  "removeReaction",
]);
const NONE: ReadonlyMap<number, Change> = new Map();

export class OptimisticEdits {
  readonly #client: RookeryClient;
  readonly #frame = new FrameSignal();
  /** The server has them; their events are not here yet. */
  #arriving: readonly Step[] = [];
  /** What was made of the same commands before stays the same object. */
  #made: { readonly name: string; readonly changes: ReadonlyMap<number, Change> } = {
    name: "",
    changes: NONE,
  };
  readonly #changed = new WeakMap<Message, { readonly change: Change; readonly message: Message }>();

  constructor(client: RookeryClient, { refused }: { refused: (what: Refused) => void }) {
    this.#client = client;
    client.on("outbox", (change) => this.#heard(change, refused));
    const arrived = (stream: number, seq: number) => {
      if (this.#arriving.length === 0) return;
      this.#arriving = this.#arriving.filter(({ entry, storedSeq }) =>
        bodyOf(entry).channelId !== stream || storedSeq > seq
      );
      this.#frame.touch();
    };
    client.on("event", ({ stream, seq }) => arrived(stream, seq));
    client.on("reload", ({ stream, headSeq }) => arrived(stream, headSeq));
  }

  /** What will be different in a channel, by message. */
  in(channelId: number): ReadonlyMap<number, Change> {
    this.#frame.watch();
    const waiting = this.#client.pending().filter(({ name }) => NAMES.has(name));
    const entries = [...this.#arriving.map(({ entry }) => entry), ...waiting]
      .filter((entry) => bodyOf(entry).channelId === channelId);
    if (entries.length === 0) return NONE;
    const name = entries.map(({ key }) => key).join();
    if (this.#made.name !== name) this.#made = { name, changes: changesOf(entries) };
    return this.#made.changes;
  }

  /** The messages of one channel as they will be. */
  applied(messages: readonly Message[]): readonly Message[] {
    const changes = messages.length > 0 ? this.in(messages[0]!.channelId) : NONE;
    if (changes.size === 0) return messages;
    return messages.map((message) => {
      const change = changes.get(message.seq);
      return change ? this.#apply(change, message) : message;
    });
  }

  /** Gives up what is not made yet; it may have been made already. */
  discard({ keys }: Change): void {
    for (const key of keys) this.#client.discard(key);
  }

  #apply(change: Change, message: Message): Message {
    const before = this.#changed.get(message);
    if (before?.change === change) return before.message;
    const after = withChange(message, change, this.#client.replica.me?.id ?? 0);
    this.#changed.set(message, { change, message: after });
    return after;
  }

  #heard({ entry, status, result, error }: OutboxChange, refused: (what: Refused) => void): void {
    if (!NAMES.has(entry.name)) return;
    const { channelId, seq, text } = bodyOf(entry);
    if (status === "stored") {
      const storedSeq = (result as Stored).seq;
      const headSeq = this.#client.replica.channels.get(channelId)?.headSeq ?? 0;
      if (storedSeq > headSeq) this.#arriving = [...this.#arriving, { entry, storedSeq }];
    }
    if (status === "refused" && error) refused({ channelId, seq, text, error });
    this.#frame.touch();
  }
}

function bodyOf({ name, body }: OutboxEntry): MessageRef & { text: string | undefined; emoji: string } {
  const { channelId = 0, messageSeq = 0, text = "", emoji = "" } = body as Partial<Body>;
  return { channelId, seq: messageSeq, text: name === "editMessage" ? text : undefined, emoji };
}

function changesOf(entries: readonly OutboxEntry[]): ReadonlyMap<number, Change> {
  const changes = new Map<number, Change>();
  for (const entry of entries) {
    const { seq, text, emoji } = bodyOf(entry);
    const before = changes.get(seq);
    const reactions = new Map(before?.reactions);
    if (emoji !== "") reactions.set(emoji, entry.name === "addReaction");
    changes.set(seq, {
      keys: [...before?.keys ?? [], entry.key],
      sinceMs: before?.sinceMs ?? entry.createdMs,
      text: text ?? before?.text,
      deleted: before?.deleted || entry.name === "deleteMessage",
      reactions,
    });
  }
  return changes;
}

function withChange(message: Message, { text, reactions }: Change, me: number): Message {
  let shown = message.reactions;
  for (const [emoji, on] of reactions) {
    const known = shown.some((reaction) => reaction.emoji === emoji);
    if (!known && on) shown = [...shown, { $typeName: "rookery.v1.Reaction", emoji, userIds: [] }];
    shown = shown.map((reaction) => {
      if (reaction.emoji !== emoji || reaction.userIds.includes(me) === on) return reaction;
      const others = reaction.userIds.filter((id) => id !== me);
      return { ...reaction, userIds: on ? [...others, me] : others };
    });
  }
  // What loses its last reaction stays to be seen until that is sure.
  return { ...message, text: text ?? message.text, reactions: shown };
}
