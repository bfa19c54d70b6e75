/**
 * Durable commands on their way: kept, in order and under their keys, until
 * the server has answered, whatever happens to connections meanwhile.
 *
 * @module
 */
import {
  type CommandCase,
  type CommandInit,
  type CommandResult,
  type Reply,
  resultOf,
} from "../wire/client_codec.ts";
import type { Backoff } from "./backoff.ts";
import { callKind } from "./call_kind.ts";
import type { Clock } from "./clock.ts";
import type { CommandEncoder } from "./encoder.ts";
import { fromWire, isTransient, RookeryError } from "./error.ts";
import { KeySequence } from "./keys.ts";
import type { Answered } from "./requests.ts";
import type { Lane, Outgoing } from "./sender.ts";

/** A durable command that has no answer yet; plain data that survives JSON. */
export interface OutboxEntry {
  readonly key: string;
  readonly name: CommandCase;
  readonly body: CommandInit<CommandCase>;
  /** When it was asked for, milliseconds since 1970 UTC. */
  readonly createdMs: number;
}

/** Where a program keeps its outbox, so that a restart loses nothing. */
export interface OutboxStore {
  /** What {@link save} was given last; called once, before anything is sent. */
  load(): readonly OutboxEntry[] | Promise<readonly OutboxEntry[]>;
  /** Called before a command is sent for the first time and after an answer. */
  save(entries: readonly OutboxEntry[]): void | Promise<void>;
}

/** What became of a command in the outbox. */
export interface OutboxChange {
  readonly entry: OutboxEntry;
  readonly status: "queued" | "stored" | "refused" | "discarded";
  /** What the server answered when it is stored. */
  readonly result?: CommandResult<CommandCase>;
  /** Why it was refused. */
  readonly error?: RookeryError;
}

interface Waiter {
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

interface Slot {
  readonly entry: OutboxEntry;
  readonly outgoing: Outgoing & { readonly id: number };
  readonly secret: boolean;
  readonly waiters: Waiter[];
  sent: boolean;
  retries: number;
}

export interface OutboxOptions {
  readonly encoder: CommandEncoder;
  readonly clock: Clock;
  readonly backoff: Backoff;
  /** How often a command that the server cannot take now is sent again. */
  readonly maxRetries: number;
  readonly store: OutboxStore | undefined;
  /** There is something to send. */
  wake(): void;
  changed(change: OutboxChange): void;
  /** The store failed. */
  failed(error: unknown): void;
}

export class Outbox implements Lane {
  readonly #options: OutboxOptions;
  /** By number of the command, in the order they were asked for. */
  #slots = new Map<number, Slot>();
  readonly #byKey = new Map<string, Slot>();
  /** Those not sent on this connection; discarded ones among them are skipped. */
  #unsent: Slot[] = [];
  #cancelPause: (() => void) | undefined;
  #saving = false;
  readonly #keys = new KeySequence();
  #ended = false;
  #drained: (() => void)[] = [];

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** Whether every command has its answer. */
  get empty(): boolean {
    return this.#slots.size === 0;
  }

  /** Commands without an answer, oldest first. */
  pending(): OutboxEntry[] {
    return Array.from(this.#slots.values(), (slot) => slot.entry);
  }

  /** Takes back what an earlier run of the program left, in front of everything asked for since. */
  async load(): Promise<void> {
    const { store } = this.#options;
    if (!store) return;
    const asked = this.#slots;
    const loaded = await store.load();
    this.#slots = new Map();
    for (const entry of loaded) {
      if (this.#byKey.has(entry.key)) continue;
      try {
        // An older program does not know what a newer one has kept.
        if (callKind(entry.name) !== "durable") throw new TypeError("Not a durable command");
        this.#insert(entry, { secret: false });
        this.#keys.follow(entry.key);
      } catch (cause) {
        const message = `A ${entry.name} that was stored cannot be sent: ${entry.key}`;
        this.#options.failed(new RookeryError("invalid_argument", message, { cause }));
      }
    }
    for (const [id, slot] of asked) this.#slots.set(id, slot);
    this.#requeue();
  }

  /**
   * Keeps a command and resolves with the server's result. Under a key that is
   * pending already it waits for that command, unless it says something else.
   */
  add<C extends CommandCase>(
    name: C,
    body: CommandInit<C>,
    options: {
      key?: string | undefined;
      signal?: AbortSignal | undefined;
      secret?: boolean;
      maxBytes: number;
    },
  ): Promise<CommandResult<C>> {
    const { key, signal, secret = false, maxBytes } = options;
    if (signal?.aborted) return Promise.reject(signal.reason);
    const pending = key === undefined ? undefined : this.#byKey.get(key);
    if (pending) {
      const { entry } = pending;
      // The server does not compare passwords either.
      const same = entry.name === name &&
        (secret || this.#options.encoder.same(name, entry.body as CommandInit<C>, body));
      if (same) return this.#wait(pending, signal) as Promise<CommandResult<C>>;
      const message = `The key ${key} belongs to a pending ${entry.name} that says something else`;
      return Promise.reject(new RookeryError("already_exists", message));
    }
    const createdMs = this.#options.clock.now();
    const slot = this.#insert({ key: key ?? this.#keys.next(createdMs), name, body, createdMs }, { secret });
    if (slot.outgoing.bytes > maxBytes) {
      this.#remove(slot);
      const message = `The command has ${slot.outgoing.bytes} bytes; the server takes ${maxBytes}`;
      return Promise.reject(new RookeryError("invalid_argument", message));
    }
    this.#unsent.push(slot);
    this.#save();
    const result = this.#wait(slot, signal);
    this.#options.changed({ entry: slot.entry, status: "queued" });
    this.#options.wake();
    return result as Promise<CommandResult<C>>;
  }

  peek(): Outgoing | undefined {
    if (this.#cancelPause) return undefined;
    while (this.#unsent.length > 0 && !this.#slots.has(this.#unsent[0]!.outgoing.id)) this.#unsent.shift();
    return this.#unsent[0]?.outgoing;
  }

  take(): void {
    const slot = this.#unsent.shift();
    if (slot) slot.sent = true;
  }

  /** Handles a reply; undefined when no command of the outbox has this number. */
  settle(reply: Reply): Answered | undefined {
    const slot = this.#slots.get(reply.id);
    if (!slot) return undefined;
    const { entry } = slot;
    const refusal = reply.result.case === "error" ? fromWire(reply.result.value, entry.name) : undefined;
    if (refusal && isTransient(refusal) && slot.retries < this.#options.maxRetries) {
      slot.retries++;
      slot.sent = false;
      this.#pause(refusal.retryAfterMs);
      return entry;
    }
    // The session has ended, and the socket will: it may be stored, so whoever logs in next sends it again.
    if (refusal?.code === "unauthenticated") return entry;
    this.#options.backoff.reset();
    const result = resultOf(entry.name, reply);
    if (result !== undefined) {
      this.#remove(slot);
      this.#options.changed({ entry, status: "stored", result });
      for (const waiter of slot.waiters) waiter.resolve(result);
      return { ...entry, result };
    }
    const error = refusal ??
      new RookeryError("internal", `The server answered ${entry.name} with ${reply.result.case}`);
    this.#remove(slot);
    this.#options.changed({ entry, status: "refused", error });
    for (const waiter of slot.waiters) waiter.reject(error);
    return entry;
  }

  /** Gives a command up: it is not sent again, though it may have been stored already. False when unknown. */
  discard(key: string, reason?: unknown): boolean {
    const slot = this.#byKey.get(key);
    if (!slot) return false;
    this.#remove(slot);
    this.#options.changed({ entry: slot.entry, status: "discarded" });
    const error = reason ?? new RookeryError("failed_precondition", "The command was discarded");
    for (const waiter of slot.waiters) waiter.reject(error);
    return true;
  }

  /** The connection is gone: everything without an answer is sent again on the next one. */
  disconnected(): void {
    this.#cancelPause?.();
    this.#cancelPause = undefined;
    for (const slot of this.#slots.values()) slot.sent = false;
    this.#requeue();
  }

  /** Nothing will be sent any more. Entries stay for {@link pending} and the store. */
  end(error: RookeryError): void {
    this.#ended = true;
    this.disconnected();
    for (const slot of this.#slots.values()) {
      for (const waiter of slot.waiters.splice(0)) waiter.reject(error);
    }
    for (const drained of this.#drained.splice(0)) drained();
  }

  /** Resolves when every command has its answer, or none will come. */
  drained(): Promise<void> {
    if (this.#slots.size === 0 || this.#ended) return Promise.resolve();
    return new Promise((resolve) => this.#drained.push(resolve));
  }

  #insert(entry: OutboxEntry, { secret }: { secret: boolean }): Slot {
    const outgoing = this.#options.encoder.encode(entry, { key: entry.key });
    const slot: Slot = { entry, outgoing, secret, waiters: [], sent: false, retries: 0 };
    this.#slots.set(outgoing.id, slot);
    this.#byKey.set(entry.key, slot);
    return slot;
  }

  #remove(slot: Slot): void {
    this.#slots.delete(slot.outgoing.id);
    this.#byKey.delete(slot.entry.key);
    this.#save();
    if (this.#slots.size > 0) return;
    for (const drained of this.#drained.splice(0)) drained();
  }

  #wait(slot: Slot, signal: AbortSignal | undefined): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const abort = () => void this.discard(slot.entry.key, signal?.reason);
      signal?.addEventListener("abort", abort, { once: true });
      const settled = <T>(settle: (value: T) => void) => (value: T) => {
        signal?.removeEventListener("abort", abort);
        settle(value);
      };
      slot.waiters.push({ resolve: settled(resolve), reject: settled(reject) });
    });
  }

  // New commands wait too: overtaking the refused ones would change the user's order.
  #pause(retryAfterMs: number): void {
    if (this.#cancelPause) return;
    this.#cancelPause = this.#options.clock.after(this.#options.backoff.next(retryAfterMs), () => {
      this.#cancelPause = undefined;
      this.#requeue();
    });
  }

  #requeue(): void {
    this.#unsent = [...this.#slots.values()].filter((slot) => !slot.sent);
    this.#options.wake();
  }

  /** Once per turn, and before the sender's turn comes. */
  #save(): void {
    const { store } = this.#options;
    if (!store || this.#saving) return;
    this.#saving = true;
    queueMicrotask(async () => {
      this.#saving = false;
      try {
        await store.save([...this.#slots.values()].filter((slot) => !slot.secret).map((slot) => slot.entry));
      } catch (error) {
        this.#options.failed(error);
      }
    });
  }
}
