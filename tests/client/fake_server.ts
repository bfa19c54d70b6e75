/**
 * A server that says what the test tells it to, at the other end of sockets
 * that are made of nothing.
 *
 * @module
 */
import {
  create,
  fromBinary,
  fromJsonString,
  type MessageInitShape,
  toBinary,
  toJsonString,
} from "@bufbuild/protobuf";
import {
  ClientFrameSchema,
  type ItemSchema,
  type ReplySchema,
  ServerFrameSchema,
} from "../../src/wire/gen/rookery/v1/frame_pb.ts";
import type { Command } from "../../src/wire/gen/rookery/v1/command_pb.ts";
import type { EventSchema } from "../../src/wire/gen/rookery/v1/event_pb.ts";
import type { WebSocketLike } from "../../src/client/mod.ts";
import { settle } from "./manual_clock.ts";

export type ItemInit = NonNullable<MessageInitShape<typeof ItemSchema>["item"]>;
export type EventInit = MessageInitShape<typeof EventSchema>;
export type ResultInit = NonNullable<MessageInitShape<typeof ReplySchema>["result"]>;

/** One end of a connection, as the server has it. */
export class FakeSocket implements WebSocketLike {
  binaryType = "blob";
  onopen: WebSocketLike["onopen"] = null;
  onmessage: WebSocketLike["onmessage"] = null;
  onclose: WebSocketLike["onclose"] = null;
  onerror: WebSocketLike["onerror"] = null;
  readonly url: string;
  readonly protocols: string[];
  /** Commands of each frame that came. */
  readonly frames: Command[][] = [];
  readonly frameBytes: number[] = [];
  closedWith: number | undefined;

  constructor(url: string, protocols: string[]) {
    this.url = url;
    this.protocols = protocols;
  }

  send(data: Uint8Array<ArrayBuffer> | string): void {
    const frame = typeof data === "string"
      ? fromJsonString(ClientFrameSchema, data)
      : fromBinary(ClientFrameSchema, data);
    this.frames.push(frame.commands);
    this.frameBytes.push(data.length);
  }

  close(code = 1005): void {
    if (this.closedWith !== undefined) return;
    this.closedWith = code;
    queueMicrotask(() => this.onclose?.({ code, reason: "" }));
  }

  /** All commands that came, but for the heartbeat. */
  get commands(): Command[] {
    return this.frames.flat().filter((command) => command.body.case !== "ping");
  }

  /** The handshake succeeds. */
  async accept(): Promise<void> {
    this.onopen?.({});
    await settle();
  }

  /** The server or the network ends the connection. */
  async drop(code = 1006, reason = ""): Promise<void> {
    this.closedWith = code;
    this.onclose?.({ code, reason });
    await settle();
  }

  async say(...items: ItemInit[]): Promise<void> {
    const frame = create(ServerFrameSchema, { items: items.map((item) => ({ item })) });
    const json = this.protocols[0] === "rookery.v1.json";
    const data = json
      ? toJsonString(ServerFrameSchema, frame)
      : toBinary(ServerFrameSchema, frame).buffer as ArrayBuffer;
    this.onmessage?.({ data });
    await settle();
  }

  /** Answers the newest command of this name. */
  async answer(name: Command["body"]["case"], result: ResultInit): Promise<void> {
    const command = this.commands.findLast((candidate) => candidate.body.case === name);
    if (!command) throw new Error(`No ${name} came`);
    await this.reply(command, result);
  }

  reply(command: Command, result: ResultInit): Promise<void> {
    return this.say({ case: "reply", value: { id: command.id, result } });
  }

  /** Takes the client in, sends what it missed, and says that this is all. */
  async welcome(
    welcome: Partial<typeof WELCOME> = {},
    missed: ItemInit[] = [],
  ): Promise<void> {
    await this.accept();
    await this.answer("open", { case: "welcome", value: { ...WELCOME, ...welcome } });
    await this.say(...missed, { case: "caughtUp", value: {} });
  }
}

export const ME = 7;
export const OTHER = 8;
export const CHANNEL = 20;

export const LIMITS = {
  messageBytes: 16_384,
  frameBytes: 65_536,
  commandsPerSecond: 50,
  commandBurst: 200,
  pageItems: 100,
  replayEvents: 1000,
};

export function channelView(view: { id?: number; headSeq?: number; readSeq?: number; unread?: number } = {}) {
  const { id = CHANNEL, headSeq = 10, readSeq = headSeq, unread = 0 } = view;
  return { channel: { id, name: `channel-${id}`, kind: 1 }, role: 1, headSeq, readSeq, unread, mentions: 0 };
}

export const WELCOME = {
  epoch: "e1",
  user: { id: ME, name: "me" },
  sessionId: 3,
  userHeadSeq: 4,
  serverHeadSeq: 5,
  channels: [channelView()],
  limits: LIMITS,
  heartbeatMs: 30_000,
  version: "test",
};

export function event(
  stream: number,
  seq: number,
  rest: Pick<EventInit, "body" | "actorId" | "timeMs">,
): ItemInit {
  return { case: "event", value: { stream, seq, actorId: OTHER, timeMs: 1000 + seq, ...rest } };
}

/** A message in the test's channel. */
export function sent(seq: number, text = `message ${seq}`, actorId: number = OTHER): ItemInit {
  return event(CHANNEL, seq, { actorId, body: { case: "messageSent", value: { text } } });
}

export function stored(seq: number): ResultInit {
  return { case: "stored", value: { stream: CHANNEL, seq, timeMs: 1000 + seq } };
}

export class FakeServer {
  readonly sockets: FakeSocket[] = [];
  /** Names of the commands that came by POST. */
  readonly posts: { readonly path: string; readonly headers: Headers; readonly body: Uint8Array }[] = [];
  /** What POST answers; a rejection when undefined. */
  response: (() => Response) | undefined;

  readonly WebSocket: new (url: string, protocols: string[]) => WebSocketLike;

  constructor() {
    const { sockets } = this;
    this.WebSocket = class extends FakeSocket {
      constructor(url: string, protocols: string[]) {
        super(url, protocols);
        sockets.push(this);
      }
    };
  }

  readonly fetch = async (url: string, init: RequestInit): Promise<Response> => {
    const request = new Request(url, init);
    const body = new Uint8Array(await request.arrayBuffer());
    this.posts.push({ path: new URL(url).pathname, headers: request.headers, body });
    if (!this.response) throw new TypeError("connection refused");
    return this.response();
  };

  /** The newest connection. */
  get socket(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (!socket) throw new Error("Nobody has connected");
    return socket;
  }
}
