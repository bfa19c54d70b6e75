/** One WebSocket: bytes in to the core, chunks out to the peer. @module */
import type { Chat } from "../../chat/chat.ts";
import { CloseCode } from "../../chat/connections/close_code.ts";
import type { Command } from "../../chat/command.ts";
import type { Connection } from "../../chat/connections/connection.ts";
import { ChatError, Code } from "../../chat/error.ts";
import type { Limits } from "../../chat/limits.ts";
import type { Trace } from "../../chat/log_event.ts";
import type { Principal } from "../../chat/model.ts";
import type { Chunk, Log, Outlet } from "../../chat/ports.ts";
import { utf8Length } from "../../chat/validation.ts";
import { Format, SUBPROTOCOLS, type UnknownFields } from "../../wire/format.ts";
import {
  decodeClientFrame,
  type DecodedCommand,
  type JsonChunk,
  type ProtoChunk,
} from "../../wire/server_codec.ts";
import { type Budget, refusalsOf, tooManyCommands, unitsOf } from "../admission/budget.ts";
import type { SendBudget } from "./send_budget.ts";
import type { Traffic } from "../traffic.ts";

/** Close code of a connection that broke off (RFC 6455, section 7.4.1). */
const ABNORMAL = 1006;
const CLOSE_NAMES = new Map<number, string>([
  ...Object.entries(CloseCode).map(([name, code]) => [code, name.toLowerCase()] as const),
  [1000, "done"],
  [1001, "going_away"],
  [ABNORMAL, "broken_off"],
]);

/** Bytes that a peer is sent until it is looked at again; asking after each frame would cost more than making it. */
const UNWATCHED_BYTES = 16 * 1024;
/** The same as a share of what a peer may leave unsent, where that is little. */
const UNWATCHED_SHARE = 1 / 16;

/** Bytes that one UTF-16 unit becomes at most; the two of a pair become four together. */
const UTF8_BYTES_MAX = 3;

export interface SocketOptions {
  readonly socket: WebSocket;
  /** Its number, and the request that it was. */
  readonly trace: Trace;
  readonly format: Format;
  readonly unknownFields: UnknownFields;
  readonly principal: Principal;
  readonly address: string;
  readonly chat: Chat;
  readonly limits: Limits;
  /** The user's; shared by all their connections. */
  readonly budget: Budget;
  readonly log: Log;
  readonly traffic: Traffic;
  /** Called once before the core takes the connection in. */
  onOpen(): void;
  readonly sendBudget: SendBudget;
  /** Called once when the runtime has let go of the socket, which may be long after the connection's end. */
  onGone(): void;
}

export class Socket implements Outlet {
  readonly format: Format;
  readonly meter: Budget;
  readonly #options: SocketOptions;
  readonly #socket: WebSocket;
  readonly #openedMs: number;
  #connection: Connection | undefined;
  /** The core has been told that it is over. */
  #gone = false;
  /** The runtime has let go of it. */
  #ended = false;
  #lastHeardMs: number;
  /** Bytes that its peer had not taken when it was looked at last. */
  #unsent = 0;
  /** Bytes that it was sent since it was looked at last. */
  #unwatched = 0;
  readonly #unwatchedMax: number;
  /** What the server has ended it with. */
  #closeCode: number | undefined;
  /** Since when its peer has been too slow to take more; undefined while there is room. */
  #fullSinceMs: number | undefined;

  constructor(options: SocketOptions) {
    const { limits } = options;
    this.#options = options;
    this.#unwatchedMax = Math.min(UNWATCHED_BYTES, limits.unsentBytes * UNWATCHED_SHARE);
    options.sendBudget.join();
    this.#socket = options.socket;
    this.format = options.format;
    this.meter = options.budget;
    const now = performance.now();
    this.#openedMs = now;
    this.#lastHeardMs = now;
    this.#socket.binaryType = "arraybuffer";
    this.#socket.onopen = () => {
      if (this.#gone) return;
      options.onOpen();
      this.#connection = options.chat.connect(options.principal, this, options.trace);
      if (options.log.reports("connection_opened")) this.#reportOpened();
    };
    this.#socket.onmessage = ({ data }) => this.#hear(data);
    // Peers that vanish are everyday life; the close event tells all there is to know,
    // and comes for every socket but one whose handshake has failed.
    this.#socket.onerror = () => {
      if (this.#socket.readyState === WebSocket.CONNECTING) this.#end();
    };
    this.#socket.onclose = ({ code }) => this.#end(code);
  }

  get ready(): boolean {
    if (this.#ended) return false;
    const { sendBudget } = this.#options;
    const unsent = this.#socket.bufferedAmount;
    this.#unwatched = 0;
    if (unsent !== this.#unsent) {
      sendBudget.change(this.#unsent, unsent);
      this.#unsent = unsent;
    }
    return unsent < sendBudget.bytes;
  }

  send(chunk: Chunk): boolean {
    if (this.#socket.readyState === WebSocket.OPEN) {
      if (this.format === Format.JSON) this.#socket.send((chunk as JsonChunk).frame);
      // A buffer, not a view of it: it is the only form that Deno passes on by a fast call.
      else this.#socket.send(bufferOf(chunk as ProtoChunk));
    }
    this.#unwatched += chunk.byteLength;
    return this.#unwatched < this.#unwatchedMax || this.ready;
  }

  close(code: number, reason: string): void {
    if (this.#socket.readyState <= WebSocket.OPEN) {
      const { closed } = this.#options.traffic;
      closed.set(code, (closed.get(code) ?? 0) + 1);
      this.#closeCode ??= code;
      this.#socket.close(code, reason);
    }
    this.#leave();
  }

  /** What was counted of its traffic, for the log. */
  protected tally(): Record<string, number> {
    return {};
  }

  /** Ends the connection of a peer that is silent or reads nothing. */
  sweep(nowMs: number): void {
    if (this.#gone) return;
    const { idleMs } = this.#options.limits;
    if (this.ready) this.#fullSinceMs = undefined;
    else this.#fullSinceMs ??= nowMs;
    if (this.#fullSinceMs !== undefined && nowMs - this.#fullSinceMs > idleMs) {
      this.close(CloseCode.SLOW, "The client reads too slowly: reconnect and resume");
    } else if (nowMs - this.#lastHeardMs > idleMs) {
      this.close(CloseCode.IDLE, "The client was silent: reconnect and resume");
    }
  }

  #hear(data: unknown): void {
    const connection = this.#connection;
    if (this.#gone || !connection) return;
    const { chat, limits, address } = this.#options;
    const now = performance.now();
    this.#lastHeardMs = now;
    try {
      const bytes = sizeOf(data);
      // What is refused must not cost its reading for ever.
      if (this.meter.waitMs(now) > 0 && !this.meter.refused(refusalsOf(bytes), now)) {
        return this.#dismiss(connection);
      }
      const commands = this.#paid(data, bytes);
      chat.receive(connection, this.#admitted(commands, { connection, now }), address);
    } catch (error) {
      if (!(error instanceof ChatError)) {
        const { log, principal, trace } = this.#options;
        log.report("connection_failed", { ...trace, user: principal.userId, error });
      }
      const tooLarge = exceeds(data, limits.frameBytes);
      const reason = error instanceof ChatError ? error.message : "The server could not read the frame";
      this.close(tooLarge ? CloseCode.TOO_LARGE : CloseCode.MALFORMED, fitting(reason));
    }
  }

  /** Its commands. What cannot be read is paid for as well. */
  #paid(data: unknown, bytes: number): DecodedCommand[] {
    let commands: DecodedCommand[] = [];
    try {
      return commands = this.#decode(data);
    } finally {
      this.meter.charge(unitsOf(bytes, commands.length));
    }
  }

  #decode(data: unknown): DecodedCommand[] {
    const { limits, unknownFields } = this.#options;
    if (exceeds(data, limits.frameBytes)) {
      throw new ChatError(Code.INVALID_ARGUMENT, `Frame too large: at most ${limits.frameBytes} bytes`);
    }
    if (this.format === Format.JSON) {
      if (typeof data === "string") return decodeClientFrame(data, limits.frameCommands, { unknownFields });
      throw new ChatError(Code.INVALID_ARGUMENT, "Frame of the wrong kind: rookery.v1.json takes text");
    }
    if (data instanceof ArrayBuffer) return decodeClientFrame(new Uint8Array(data), limits.frameCommands);
    throw new ChatError(Code.INVALID_ARGUMENT, "Frame of the wrong kind: rookery.v1.proto takes binary");
  }

  /**
   * The commands that were understood and that the user's budget allows, each asked when the one before it has been run
   * and paid for; the others are refused, and too many of those over the budget end the connection.
   */
  *#admitted(
    commands: DecodedCommand[],
    { connection, now }: { connection: Connection; now: number },
  ): Generator<Command, void, undefined> {
    for (const command of commands) {
      const waitMs = this.meter.take(1, now);
      if (waitMs === 0) {
        if (command.refusal) this.#options.chat.refuse(connection, command, command.refusal);
        else yield command;
        continue;
      }
      this.#options.traffic.limited.socket_commands++;
      if (!this.meter.refused(1, now)) return this.#dismiss(connection);
      this.#options.chat.refuse(connection, command, tooManyCommands(waitMs));
    }
  }

  #dismiss(connection: Connection): void {
    this.#options.chat.dismiss(connection, {
      code: CloseCode.OVER_RATE,
      reason: "Too many commands for too long: come back later",
      retryAfterMs: this.meter.pauseMs,
    });
  }

  /** The runtime has let go of it. Deno may fire close twice, with different codes. */
  #end(peerCode = ABNORMAL): void {
    this.#socket.onopen = this.#socket.onerror = this.#socket.onclose = null;
    this.#leave();
    this.#options.sendBudget.leave(this.#unsent);
    this.#ended = true;
    if (this.#options.log.reports("connection_closed")) this.#reportClosed(peerCode);
    this.#options.onGone();
  }

  #reportOpened(): void {
    const { log, trace, principal, address, format } = this.#options;
    const { userId: user, sessionId: session } = principal;
    log.report("connection_opened", { ...trace, user, session, address, format: SUBPROTOCOLS[format] });
  }

  #reportClosed(peerCode: number): void {
    const { log, trace, principal } = this.#options;
    const code = this.#closeCode ?? peerCode;
    log.report("connection_closed", {
      ...trace,
      user: principal.userId,
      by: this.#closeCode === undefined ? "peer" : "server",
      close_code: code,
      reason: CLOSE_NAMES.get(code),
      duration_ms: Math.round(performance.now() - this.#openedMs),
      ...this.tally(),
    });
  }

  #leave(): void {
    if (this.#gone) return;
    this.#gone = true;
    if (this.#connection) this.#options.chat.disconnect(this.#connection);
  }
}

/** The chunk's own buffer, or a copy when it shares one. */
function bufferOf(chunk: ProtoChunk): ArrayBuffer {
  return (chunk.byteLength === chunk.buffer.byteLength ? chunk : chunk.slice()).buffer;
}

/** Bytes of a frame, of text about as many. */
function sizeOf(data: unknown): number {
  if (data instanceof ArrayBuffer) return data.byteLength;
  return typeof data === "string" ? data.length : 0;
}

/** Whether a frame has more bytes than this. Text is counted only when its length leaves it open. */
function exceeds(data: unknown, bytes: number): boolean {
  if (data instanceof ArrayBuffer) return data.byteLength > bytes;
  if (typeof data !== "string" || data.length * UTF8_BYTES_MAX <= bytes) return false;
  return data.length > bytes || utf8Length(data) > bytes;
}

/** A close reason has at most 123 bytes (RFC 6455, section 5.5). */
function fitting(reason: string): string {
  return reason.replace(/[^\x20-\x7e]/g, "?").slice(0, 120);
}
