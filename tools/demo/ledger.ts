/**
 * What one client was handed and what it asked for, written down as it
 * happens. Plain data: the comparison needs no client, and a test can doctor it.
 *
 * @module
 */
import {
  type ChannelRole,
  type CommandCase,
  type CommandInit,
  type CommandResult,
  type Event,
  type Message,
  newKey,
  RookeryError,
  SERVER_STREAM,
} from "../../src/client/mod.ts";
import type { RookeryClient } from "../../src/client/mod.ts";

export type Format = "proto" | "json";

/** The part of an event that must be the same for everybody. */
export interface HeldEvent {
  readonly stream: number;
  readonly seq: number;
  readonly timeMs: number;
  readonly actorId: number;
  readonly kind: string;
  /** Message or user that it is about; 0 when neither. */
  readonly target: number;
  /** Text of a message or emoji of a reaction. */
  readonly text: string;
}

/** An unbroken time in which a client received a stream. */
export interface Segment {
  readonly stream: number;
  /** It is owed every event behind this one. */
  readonly after: number;
  readonly events: HeldEvent[];
  /**
   * How it ended: not at all; while connected, by leaving; while away, as the
   * next welcome told; or by the server's "too much was missed: reload".
   */
  end: "open" | "left" | "welcome" | "reload";
}

/** A durable command on its way. */
export interface CommandRecord {
  readonly userId: number;
  readonly key: string;
  readonly name: CommandCase;
  /** What a message is to say. */
  readonly text: string | undefined;
  status: "sent" | "acknowledged" | "refused";
  /** What the server called the place of the event; seq 0 when nothing had to change. */
  stored?: { readonly stream: number; readonly seq: number; readonly timeMs: number };
  /** Why it was refused. */
  refusal?: { readonly code: string; readonly message: string };
}

/** A channel as a client holds it in the end. */
export interface HeldChannel {
  readonly id: number;
  readonly role: ChannelRole;
  readonly headSeq: number;
  readonly readSeq: number;
  readonly unread: number;
  readonly mentions: number;
  readonly floorSeq: number;
  readonly messages: readonly Message[];
}

/** Everything of one client that is compared. */
export interface DeviceRecord {
  readonly name: string;
  readonly format: Format;
  readonly userId: number;
  readonly segments: readonly Segment[];
  readonly commands: readonly CommandRecord[];
  readonly channels: readonly HeldChannel[];
  readonly stats: RookeryClient["stats"];
}

export class Ledger {
  readonly #client: RookeryClient;
  readonly #who: Pick<DeviceRecord, "name" | "format" | "userId">;
  readonly #segments: Segment[] = [];
  readonly #open = new Map<number, Segment>();
  readonly commands: CommandRecord[] = [];
  delivered = 0;
  acknowledged = 0;

  /** Listens to a client that has not connected yet. */
  constructor(client: RookeryClient, who: Pick<DeviceRecord, "name" | "format" | "userId">) {
    this.#client = client;
    this.#who = who;
    let greeted = false;
    client.on("welcome", ({ serverHeadSeq, userHeadSeq }) => {
      if (greeted) return;
      greeted = true;
      this.#begin(SERVER_STREAM, serverHeadSeq);
      this.#begin(who.userId, userHeadSeq);
    });
    client.on("channel", ({ channelId, change, state }) => {
      if (change === "gained") this.#begin(channelId, state!.headSeq);
      else if (change === "lost") this.#finish(channelId, client.state.name === "live" ? "left" : "welcome");
    });
    client.on("reload", ({ stream, headSeq }) => {
      this.#finish(stream, "reload");
      this.#begin(stream, headSeq);
    });
    client.on("event", (event) => this.#held(event));
  }

  /** Sends a durable command and writes down what becomes of it; resolves when it is answered. */
  async command<C extends CommandCase>(
    name: C,
    body: CommandInit<C>,
  ): Promise<CommandResult<C> | undefined> {
    const record: CommandRecord = {
      userId: this.#who.userId,
      key: newKey(Date.now()),
      name,
      text: (body as { text?: string }).text,
      status: "sent",
    };
    this.commands.push(record);
    try {
      const result = await this.#client.call(name, body, { key: record.key });
      record.status = "acknowledged";
      this.acknowledged++;
      if ("seq" in result) record.stored = result as NonNullable<CommandRecord["stored"]>;
      return result;
    } catch (error) {
      const refusal = error instanceof RookeryError ? error : new RookeryError("internal", String(error));
      record.status = "refused";
      record.refusal = { code: refusal.code, message: refusal.message };
      return undefined;
    }
  }

  /** What is written down, together with what the client holds now. */
  record(): DeviceRecord {
    const { replica, stats } = this.#client;
    const channels = Array.from(replica.channels, ([id, state]): HeldChannel => {
      const { role, headSeq, readSeq, unread, mentions, floorSeq, messages } = state;
      return { id, role, headSeq, readSeq, unread, mentions, floorSeq, messages: [...messages] };
    });
    return { ...this.#who, segments: this.#segments, commands: this.commands, channels, stats };
  }

  #begin(stream: number, after: number): void {
    const segment: Segment = { stream, after, events: [], end: "open" };
    this.#segments.push(segment);
    this.#open.set(stream, segment);
  }

  #finish(stream: number, end: Segment["end"]): void {
    const segment = this.#open.get(stream);
    if (segment) segment.end = end;
    this.#open.delete(stream);
  }

  #held(event: Event): void {
    this.delivered++;
    let segment = this.#open.get(event.stream);
    if (!segment) {
      // Nobody announced this stream; the comparison will not find it in order.
      this.#begin(event.stream, 0);
      segment = this.#open.get(event.stream)!;
    }
    segment.events.push(heldEvent(event));
  }
}

/** The comparable part of an event, from the wire or from the store. */
export function heldEvent(event: {
  readonly stream: number;
  readonly seq: number;
  readonly timeMs: number;
  readonly actorId: number;
  readonly body: { readonly case: string | undefined; readonly value?: unknown };
}): HeldEvent {
  const { stream, seq, timeMs, actorId, body } = event;
  const value = (body.value ?? {}) as Partial<Record<string, unknown>>;
  const user = value["user"] as { id: number } | undefined;
  const target = value["messageSeq"] ?? value["replyTo"] ?? value["userId"] ?? value["channelId"] ?? user?.id;
  return {
    stream,
    seq,
    timeMs,
    actorId,
    kind: body.case ?? "",
    target: Number(target ?? 0),
    text: String(value["text"] ?? value["emoji"] ?? ""),
  };
}
