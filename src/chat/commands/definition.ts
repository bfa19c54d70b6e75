/** The one shape of all commands. @module */
import type { Allowances } from "../allowances.ts";
import type { CommandBodies, CommandCase } from "../command.ts";
import type { DraftEvent, Event, EventCase } from "../event.ts";
import type { Facts } from "../facts/facts.ts";
import type { Limits } from "../limits.ts";
import type { Trace } from "../log_event.ts";
import type { Principal, Registration } from "../model.ts";
import type { LoginThrottle, Meter, Passwords, Secrets, StoreReader } from "../ports.ts";
import type { Result } from "../reply.ts";

/** What all commands share. */
export interface Surroundings {
  readonly facts: Facts;
  readonly reader: StoreReader;
  readonly limits: Limits;
  readonly allowances: Pick<Allowances, "spend">;
  readonly passwords: Passwords;
  readonly secrets: Secrets;
  readonly throttle: LoginThrottle;
  readonly registration: Registration;
  /** The name that the operator's configuration sets; it goes before the one that an owner gave. */
  readonly configuredName: string | undefined;
  readonly version: string;
  /** Milliseconds since 1970 UTC. */
  now(): number;
  /** Number for a new user, channel, session or invite. */
  newId(): number;
  /** Newest event of a stream that has been published. */
  publishedHead(stream: number): number;
  /** Connections that receive a stream. */
  audience(stream: number): number;
}

/** Who asks, and from where. */
export interface Caller {
  readonly principal: Principal;
  /** Network address, for throttling. */
  readonly address: string;
  /** For the log. */
  readonly trace?: Trace | undefined;
  /** Who pays for the work; nobody when undefined. */
  readonly meter?: Meter | undefined;
}

/** Facts and caller, for reads and decisions. */
export interface Context extends Surroundings, Caller {}

/** What a command changes; nothing when everything is already as wanted. */
export interface Decision {
  readonly events: readonly DraftEvent[];
  /** Result when there are no events. */
  readonly unchanged?: Result;
  /** Whether it makes the store larger, asked only when the disk has little room; told by the events when left out. */
  readonly grows?: () => boolean;
}

/** Answers from committed facts, at once. */
export interface Read<B> {
  readonly kind: "read";
  readonly access?: "anyone";
  run(body: B, context: Context): Result;
}

/**
 * Changes something durable: `check` the shape when it arrives, `prepare` what
 * is slow, and `decide` when its batch is made, on facts that hold everything
 * decided before it.
 */
export interface Write<B, P> {
  readonly kind: "write";
  readonly access?: "anyone";
  check?(body: B, limits: Limits): void;
  /** Work that can be told from the command alone. It is charged at once: many may be decided in one batch. */
  foreseen?(body: B, context: Context): number;
  prepare?(body: B, context: Context): Promise<P>;
  decide(body: B, context: Context, prepared: P): Decision;
  /** Kind of the first event, by which a retry knows its own. */
  readonly first: EventCase;
  /** Result, made of the first event alone so that a retry gets the same; Stored when left out. */
  result?(first: Event, context: Context, prepared: P | undefined): Result;
}

/** Belongs to one socket and changes nothing durable; run by its connection. */
export interface Live {
  readonly kind: "live";
}

// deno-lint-ignore no-explicit-any -- each command knows its own prepared type
export type Spec<B> = Read<B> | Write<B, any> | Live;

/** A spec for each command. */
export type SpecTable = { readonly [C in CommandCase]: Spec<CommandBodies[C]> };

/** Names a read, so that its body is typed. */
export function read<C extends CommandCase>(
  spec: Omit<Read<CommandBodies[C]>, "kind">,
): Read<CommandBodies[C]> {
  return { kind: "read", ...spec };
}

/** Names a write, so that its body and what it prepares are typed. */
export function write<C extends CommandCase, P = undefined>(
  spec: Omit<Write<CommandBodies[C], P>, "kind">,
): Write<CommandBodies[C], P> {
  return { kind: "write", ...spec };
}

/** Result of most writes: where the first event stands. */
export function storedResult(first: Event): Result {
  return { case: "stored", value: { stream: first.stream, seq: first.seq, timeMs: first.timeMs } };
}

/** Rows of a page: as many as were asked for, or as it may have. */
export function wantedRows(limit: number, { pageItems }: Limits): number {
  return limit === 0 ? pageItems : Math.min(limit, pageItems);
}

/** A page of rows: reads one more than wanted to know whether there are more. */
export function page<T>(
  limit: number,
  limits: Limits,
  rows: (limit: number) => T[],
): { rows: T[]; more: boolean } {
  const wanted = wantedRows(limit, limits);
  const found = rows(wanted + 1);
  return { rows: found.slice(0, wanted), more: found.length > wanted };
}
