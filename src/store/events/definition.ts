/** The shape of an event's definition: its number, its row of the log, and what it does to the tables. @module */
import type { DatabaseSync } from "node:sqlite";
import type { EventBody, EventCase, MessageText } from "../../chat/event.ts";
import type { Invite } from "../../chat/model.ts";

export type Cell = string | number | null;

/** An event as columns, with the place it gets in its stream. */
export interface Change {
  readonly stream: number;
  readonly kind: number;
  readonly target: number;
  readonly text: string | null;
  readonly extra: Cell;
  readonly secret: string | null;
  readonly actor: number;
  /** Set by the log when it appends. */
  timeMs: number;
  /** Set by the log when it appends. */
  seq: number;
}

/** The columns that belong to the event itself. A secret goes to its table and never into the log. */
export type Columns = readonly [target: number, text: string | null, extra: Cell, secret: string | null];

/** The same of a row of the log. */
export interface StoredColumns {
  readonly stream: number;
  readonly target: number;
  readonly text: string | null;
  readonly extra: Cell;
}

/** What an event needs that its row does not hold. */
export interface Lookups {
  /** Text and mentions of a message as they are now; empty when it is gone. */
  presentText(channelId: number, seq: number): MessageText;
  /** The invite as it is now, whether revoked or not. */
  anyInvite(id: number): Invite;
}

/** Changes the tables beside the log. */
export type Projection = (change: Change) => void;

export type EventValue<C extends EventCase> = Extract<EventBody, { readonly case: C }>["value"];

export interface EventDefinition<C extends EventCase> {
  /** Its number in the database: that of proto/rookery/v1/event.proto. */
  readonly kind: number;
  /** Text and extra stand in the row of a message alone, so that deleting it there erases them. */
  readonly inMessage?: true;
  encode(value: EventValue<C>): Columns;
  decode(columns: StoredColumns, lookups: Lookups): EventValue<C>;
  /** Prepares what the event does to the tables; absent when it does nothing. */
  project?(db: DatabaseSync): Projection;
}

/** Definitions by the events' names. */
export type EventDefinitions<C extends EventCase> = { readonly [K in C]: EventDefinition<K> };
