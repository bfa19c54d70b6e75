/**
 * Sees everything that is stored, at the moment it is stored, and knows by
 * that what may be said to whom. It shares no code with the core.
 *
 * @module
 */
import type { Event } from "../../../src/chat/event.ts";
import type { ServerItem } from "../../../src/chat/reply.ts";
import type { Trace } from "./trace.ts";

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
  /** When a user last became a member of a channel. */
  readonly #joined = new Map<string, number>();
  /** Events that were stored, in all histories. */
  moment = 0;
  /** How often a message with this text was stored, by its author. */
  readonly #sent = new Map<string, number>();
  /** What was acknowledged, to be found again at the end. */
  #acked: { readonly stream: number; readonly seq: number; readonly kind: string }[] = [];
  /** First event of each key, by the key's own part. */
  readonly #first = new Map<string, Event>();
  /** Texts whose commands were refused for good. */
  readonly #refused: string[] = [];
  readonly #trace: Trace;
  /** First promise that was broken inside the server, where nobody could be told by an exception. */
  broken: string | undefined;

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  /** An event is stored; with a key when it is the first of a command. */
  store(event: Event, key: string): void {
    this.moment++;
    this.#trace.note(event.body.case, event.stream, event.seq, event.actorId);
    this.#note(() => this.#store(event, key.slice(key.indexOf("\n") + 1)));
  }

  /** Another history begins, the events of which follow. What was acknowledged behind them is lost rightly. */
  begin(): void {
    this.log.clear();
    this.channelIds.length = 0;
    this.#until.clear();
    this.#sent.clear();
    this.#first.clear();
  }

  /** Those events are all there is of this history until now. */
  begun(): void {
    this.#acked = this.#acked.filter(({ stream, seq }) => seq <= (this.log.get(stream)?.length ?? 0));
  }

  #store(event: Event, key: string): void {
    const { stream, seq, body } = event;
    if (key !== "") {
      demand(!this.#first.has(key), `the command ${key} was stored twice`);
      this.#first.set(key, event);
    }
    let events = this.log.get(stream);
    if (!events) this.log.set(stream, events = []);
    demand(seq === events.length + 1, `stream ${stream} has ${seq} after ${events.length}`);
    events.push(event);
    if (body.case === "channelCreated") this.channelIds.push(stream);
    if (body.case === "memberJoined") {
      this.#until.set(`${stream} ${body.value.userId}`, Infinity);
      this.#joined.set(`${stream} ${body.value.userId}`, this.moment);
    }
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

  /** A user was told not to be a member, after asking at that moment. */
  demandAbsence(channelId: number, userId: number, since: number): void {
    const joined = this.#joined.get(`${channelId} ${userId}`) ?? 0;
    const absent = !this.isMember(channelId, userId) || joined > since;
    demand(absent, `user ${userId} was told not to be in ${channelId}, and was a member all the time`);
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

  /** A command with this key was acknowledged as this event. */
  acknowledge(kind: string, { stream, seq }: { stream: number; seq: number }, key: string): void {
    this.#trace.note("acknowledged", stream, seq);
    this.#acked.push({ stream, seq, kind });
    this.#demandStored(this.#acked.at(-1)!);
    const first = this.#first.get(key);
    const same = first === undefined || (first.stream === stream && first.seq === seq);
    demand(same, `${key} was acknowledged as ${stream}/${seq} and is ${first?.stream}/${first?.seq}`);
  }

  /** A message was acknowledged as this event, which holds its words, unless the message was deleted since. */
  demandText({ stream, seq }: { stream: number; seq: number }, text: string): void {
    const events = this.log.get(stream) ?? [];
    const stored = events[seq - 1]?.body;
    if (stored?.case !== "messageSent" || stored.value.text === text) return;
    const deleted = events.some(({ body }) =>
      body.case === "messageDeleted" && body.value.messageSeq === seq
    );
    demand(deleted, `"${text}" was acknowledged as ${stream}/${seq}, which says "${stored.value.text}"`);
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

  /** Checks what nobody can be told of by an exception. */
  watch(check: () => void): void {
    this.#note(check);
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
