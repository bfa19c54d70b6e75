/**
 * Sees everything that is stored, at the moment it is stored, and knows by
 * that what may be said to whom. It shares no code with the core.
 *
 * @module
 */
import type { Event } from "../../../src/chat/event.ts";
import type { ServerItem } from "../../../src/chat/reply.ts";

/** A promise was broken. */
export class Violation extends Error {
  override readonly name = "Violation";
}

export function demand(condition: boolean, broken: string): asserts condition {
  if (!condition) throw new Violation(broken);
}

export class Witness {
  readonly log = new Map<number, Event[]>();
  readonly channelIds: number[] = [];
  /** Newest seq of a channel that a user may see: endless while they are a member. */
  readonly #until = new Map<string, number>();
  /** How often a message with this text was stored, by its author. */
  readonly #sent = new Map<string, number>();
  /** What was acknowledged, to be found again at the end. */
  readonly #acked: { readonly stream: number; readonly seq: number; readonly kind: string }[] = [];
  /** Texts whose commands were refused for good. */
  readonly #refused: string[] = [];
  /** First promise that was broken inside the server, where nobody could be told by an exception. */
  broken: string | undefined;

  /** An event is stored. */
  store(event: Event): void {
    this.#note(() => this.#store(event));
  }

  #store(event: Event): void {
    const { stream, seq, body } = event;
    let events = this.log.get(stream);
    if (!events) this.log.set(stream, events = []);
    demand(seq === events.length + 1, `stream ${stream} has ${seq} after ${events.length}`);
    events.push(event);
    if (body.case === "channelCreated") this.channelIds.push(stream);
    if (body.case === "memberJoined") this.#until.set(`${stream} ${body.value.userId}`, Infinity);
    if (body.case === "memberLeft" && this.isMember(stream, body.value.userId)) {
      this.#until.set(`${stream} ${body.value.userId}`, seq);
    }
    if (body.case !== "messageSent") return;
    const { text } = body.value;
    const count = (this.#sent.get(text) ?? 0) + 1;
    demand(count === 1, `"${text}" was stored ${count} times`);
    demand(this.isMember(stream, event.actorId), `"${text}" was stored for somebody who is no member`);
    this.#sent.set(text, count);
  }

  isMember(channelId: number, userId: number): boolean {
    return this.#until.get(`${channelId} ${userId}`) === Infinity;
  }

  /** An item is on its way to a device of the user. */
  deliver(userId: number, item: ServerItem): void {
    this.#note(() => this.#deliver(userId, item));
  }

  #deliver(userId: number, item: ServerItem): void {
    if (item.case === "event") this.#deliverEvent(userId, item.value);
    if (item.case !== "reply" || item.value.result.case !== "messagePage") return;
    for (const { channelId, seq } of item.value.result.value.messages) {
      this.#demandMay(userId, channelId, seq);
      demand(this.log.get(channelId)?.[seq - 1] !== undefined, `page with ${channelId}/${seq}, not stored`);
    }
  }

  #deliverEvent(userId: number, event: Event): void {
    const { stream, seq } = event;
    const stored = this.log.get(stream)?.[seq - 1];
    demand(stored !== undefined, `${event.body.case} ${stream}/${seq} was delivered and is not stored`);
    const same = stored.body.case === event.body.case && stored.actorId === event.actorId &&
      stored.timeMs === event.timeMs;
    demand(same, `${stream}/${seq} was delivered as something else than was stored`);
    if (this.channelIds.includes(stream)) this.#demandMay(userId, stream, seq);
    else demand(stream === 1 || stream === userId, `user ${userId} got an event of stream ${stream}`);
  }

  #demandMay(userId: number, channelId: number, seq: number): void {
    const until = this.#until.get(`${channelId} ${userId}`) ?? 0;
    demand(seq <= until, `user ${userId} got ${channelId}/${seq}, a member until ${until}`);
  }

  /** A command was acknowledged as this event. */
  acknowledge(kind: string, { stream, seq }: { stream: number; seq: number }): void {
    this.#acked.push({ stream, seq, kind });
    this.#demandStored(this.#acked.at(-1)!);
  }

  refuse(text: string): void {
    this.#refused.push(text);
  }

  /** Something was said to a socket that must not be. */
  complain(about: string): void {
    this.broken ??= about;
  }

  /** What was acknowledged is there for ever; what was refused never was. */
  check(): void {
    for (const acked of this.#acked) this.#demandStored(acked);
    for (const text of this.#refused) {
      demand(!this.#sent.has(text), `"${text}" was refused and stored`);
    }
  }

  #note(check: () => void): void {
    try {
      check();
    } catch (error) {
      this.broken ??= (error as Error).message;
    }
  }

  #demandStored({ stream, seq, kind }: { stream: number; seq: number; kind: string }): void {
    const stored = this.log.get(stream)?.[seq - 1]?.body.case;
    demand(stored === kind, `${kind} was acknowledged as ${stream}/${seq}, where ${stored ?? "nothing"} is`);
  }
}
