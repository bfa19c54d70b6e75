/** Events as rows of the log, and back. @module */
import type { Event, EventBody, EventCase } from "../../chat/event.ts";
import type { Cell, Columns, Lookups } from "./definition.ts";
import { EVENT_CASES, EVENTS, KIND, TOMBSTONE } from "./mod.ts";

/** Columns of a row of the log, in the order in which {@link EVENT_COLUMNS} selects them. */
export type EventRow = [
  stream: number,
  seq: number,
  timeMs: number,
  actor: number,
  kind: number,
  target: number,
  text: string | null,
  extra: Cell,
];

export const EVENT_COLUMNS = "stream, seq, time_ms, actor, kind, target, text, extra";

/** Of any event: that a definition and a value belong together is not for types to know here. */
interface Encoder {
  encode(value: never): Columns;
}

const CASES: readonly (EventCase | undefined)[] = casesByKind();

export function kindOf({ case: name }: EventBody): number {
  return EVENTS[name].kind;
}

export function encodeBody({ case: name, value }: EventBody): Columns {
  const encoder: Encoder = EVENTS[name];
  return encoder.encode(value as never);
}

export function eventOf(row: EventRow, lookups: Lookups): Event {
  const [stream, seq, timeMs, actorId, kind, target, text, extra] = row;
  const name = CASES[kind];
  if (name === undefined) throw new Error(`Event ${seq} of stream ${stream} has the unknown kind ${kind}`);
  const value = EVENTS[name].decode({ stream, target, text, extra }, lookups);
  return { stream, seq, timeMs, actorId, body: { case: name, value } as EventBody };
}

function casesByKind(): (EventCase | undefined)[] {
  const cases: (EventCase | undefined)[] = [];
  for (const name of EVENT_CASES) cases[KIND[name]] = name;
  // A deleted message stays in the log as a message without a text.
  cases[TOMBSTONE] = "messageSent";
  return cases;
}
