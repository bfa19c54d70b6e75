/**
 * A device of a user, as simple as a client can be: an outbox with keys, a
 * cursor per stream, folds of events. It demands everything that the server
 * promises about what arrives.
 *
 * @module
 */
import type { CommandBodies, CommandBody } from "../../../src/chat/command.ts";
import { Code } from "../../../src/chat/error.ts";
import type { Event } from "../../../src/chat/event.ts";
import { type ChannelView, SERVER_STREAM } from "../../../src/chat/model.ts";
import type { Result, ServerItem, Welcome } from "../../../src/chat/reply.ts";
import { ChannelFold } from "./fold.ts";
import { demand, type Witness } from "./witness.ts";

/** A durable command until it is answered for good. */
export interface Outgoing {
  readonly key: string;
  readonly body: CommandBody;
  /** Kind of the event that acknowledges it. */
  readonly kind: string;
  /** It has to be sent again. */
  due: boolean;
  /** What was stored when it was sent first. */
  since?: number;
}

/** Refusals after which the same command, with the same key, is worth another try. */
const TEMPORARY: readonly number[] = [Code.UNAUTHENTICATED, Code.RESOURCE_EXHAUSTED, Code.UNAVAILABLE];

export class ModelClient {
  readonly userId: number;
  readonly cursors = new Map<number, number>();
  readonly channels = new Map<number, ChannelFold>();
  readonly outbox: Outgoing[] = [];
  readonly counts = {
    acked: 0,
    refused: 0,
    events: 0,
    reloads: 0,
    subscribed: 0,
    resumed: 0,
    epochs: 0,
    exhausted: 0,
    keysTaken: 0,
  };
  /** It has had its welcome on the present connection. */
  open = false;
  caughtUp = false;
  /** Its own stream has to be begun anew, which only a new connection can do. */
  stale = false;
  readonly #witness: Witness;
  readonly #asked = new Map<number, Outgoing | CommandBody>();
  #epoch = "";
  #knownUserSeq = 0;
  #lastId = 0;

  constructor(userId: number, witness: Witness) {
    this.userId = userId;
    this.#witness = witness;
  }

  /** Begins a connection: the first command. */
  begin(): { id: number; body: CommandBody } {
    this.open = this.caughtUp = this.stale = false;
    this.#asked.clear();
    for (const outgoing of this.outbox) outgoing.due = true;
    const cursors = Array.from(this.cursors, ([stream, seq]) => ({ stream, seq }));
    if (cursors.length > 0) this.counts.resumed++;
    return this.ask({ case: "open", value: { epoch: this.#epoch, cursors, away: false } });
  }

  /** A command that is not kept. */
  ask(body: CommandBody): { id: number; body: CommandBody } {
    const id = ++this.#lastId;
    this.#asked.set(id, body);
    return { id, body };
  }

  /** Commands of the outbox that have to be sent now. */
  take(): { id: number; key: string; body: CommandBody }[] {
    if (!this.open) return [];
    return this.outbox.filter(({ due }) => due).map((outgoing) => {
      outgoing.due = false;
      outgoing.since ??= this.#witness.moment;
      const id = ++this.#lastId;
      this.#asked.set(id, outgoing);
      return { id, key: outgoing.key, body: outgoing.body };
    });
  }

  hear(item: ServerItem): void {
    demand(this.open || item.case === "reply", `${item.case} before the welcome`);
    switch (item.case) {
      case "reply":
        return this.#reply(item.value.id, item.value.result);
      case "event":
        return this.#event(item.value);
      case "subscribed":
        this.counts.subscribed++;
        return this.#subscribed(item.value);
      case "reload":
        return this.#reload(item.value.stream, item.value.headSeq);
      case "caughtUp":
        demand(!this.caughtUp, "caught up twice");
        this.caughtUp = true;
        return;
    }
  }

  #reply(id: number, result: Result): void {
    const asked = this.#asked.get(id);
    demand(asked !== undefined, `reply to ${id}, which was not asked or is answered already`);
    this.#asked.delete(id);
    if ("key" in asked) return this.#answered(asked, result);
    if (result.case === "error") {
      const { code, message } = result.value;
      demand(code !== Code.INTERNAL, `a command failed: ${message}`);
    }
    if (result.case === "welcome") this.#welcome(result.value);
    if (result.case !== "messagePage" || asked.case !== "getHistory") return;
    const { channelId, position } = asked.value;
    // A page in the middle of nowhere is looked at by the witness alone.
    if (position.case === "after") this.channels.get(channelId)?.merge(result.value.messages);
  }

  #answered(outgoing: Outgoing, result: Result): void {
    if (result.case === "error" && TEMPORARY.includes(result.value.code)) {
      if (result.value.code === Code.RESOURCE_EXHAUSTED) this.counts.exhausted++;
      outgoing.due = true;
      return;
    }
    this.outbox.splice(this.outbox.indexOf(outgoing), 1);
    if (result.case === "error") {
      this.counts.refused++;
      const { code } = result.value;
      if (code === Code.ALREADY_EXISTS && outgoing.body.case === "sendMessage") this.counts.keysTaken++;
      if (outgoing.body.case === "sendMessage") {
        this.#messageRefused(outgoing.body.value, { since: outgoing.since!, code });
      }
      return;
    }
    this.counts.acked++;
    if (result.case === "stored") {
      this.#witness.acknowledge(outgoing.kind, result.value, outgoing.key);
      if (outgoing.body.case === "sendMessage") {
        this.#witness.demandText(result.value, outgoing.body.value.text);
      }
    }
    if (result.case === "channel") {
      const joined = outgoing.body.case === "joinChannel" ? "" : outgoing.key;
      this.#witness.acknowledge("channelCreated", { stream: result.value.id, seq: 1 }, joined);
    }
  }

  #messageRefused(
    { channelId, text, replyTo }: CommandBodies["sendMessage"],
    { since, code }: { since: number; code: number },
  ): void {
    this.#witness.refuse(text);
    // There may be no message to reply to.
    if (code === Code.NOT_FOUND && replyTo === 0) this.#witness.demandAbsence(channelId, this.userId, since);
  }

  #welcome(welcome: Welcome): void {
    demand(!this.open, "welcomed twice");
    this.open = true;
    if (welcome.epoch !== this.#epoch) this.#forget();
    this.#epoch = welcome.epoch;
    this.#knownUserSeq = welcome.userHeadSeq;
    if (!this.cursors.has(SERVER_STREAM)) this.cursors.set(SERVER_STREAM, welcome.serverHeadSeq);
    if (!this.cursors.has(this.userId)) this.cursors.set(this.userId, welcome.userHeadSeq);
    const current = new Set(welcome.channels.map(({ channel }) => channel.id));
    for (const id of [...this.channels.keys()]) if (!current.has(id)) this.#lose(id);
    for (const view of welcome.channels) this.#view(view);
  }

  /** The server's history is another one. */
  #forget(): void {
    if (this.#epoch !== "") this.counts.epochs++;
    this.cursors.clear();
    this.channels.clear();
  }

  #subscribed(view: ChannelView): void {
    const { id } = view.channel;
    const held = this.cursors.get(id);
    demand(held === undefined || held <= view.headSeq, `subscribed anew to ${id} in its past`);
    if (held !== undefined && held < view.headSeq) this.#reload(id, view.headSeq);
    this.#view(view);
  }

  #view(view: ChannelView): void {
    const { id } = view.channel;
    const fold = this.channels.get(id);
    if (fold) return fold.refresh(view);
    this.cursors.set(id, view.headSeq);
    this.channels.set(id, new ChannelFold(view, this.userId));
  }

  #lose(channelId: number): void {
    this.channels.delete(channelId);
    this.cursors.delete(channelId);
  }

  #reload(stream: number, headSeq: number): void {
    demand(this.cursors.has(stream), `reload of stream ${stream}, which is not received`);
    this.counts.reloads++;
    this.cursors.set(stream, headSeq);
    this.channels.get(stream)?.reload(headSeq);
    // The welcome on a new connection tells what this stream would have told.
    if (stream === this.userId) this.stale = true;
  }

  #event(event: Event): void {
    const { stream, seq, body } = event;
    const held = this.cursors.get(stream);
    demand(held !== undefined, `${body.case} ${stream}/${seq} of a stream that is not received`);
    demand(seq === held + 1, `${body.case} ${stream}/${seq} after ${held}`);
    this.cursors.set(stream, seq);
    this.counts.events++;
    this.channels.get(stream)?.apply(event);
    if (stream !== this.userId || seq <= this.#knownUserSeq) return;
    if (body.case === "channelLost") this.#lose(body.value.channelId);
    if (body.case === "readMoved") {
      const fold = this.channels.get(body.value.channelId);
      if (fold) fold.readSeq = Math.max(fold.readSeq, body.value.seq);
    }
  }
}
