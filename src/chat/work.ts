/**
 * What a command costs its sender beyond one unit of the budget: the work that it came to, counted and not timed, so
 * that the price is the same on every machine. A read of the store counts as one.
 *
 * @module
 */
import type { LiveOutcome } from "./connections/live.ts";
import type { Meter, WorkReader } from "./ports.ts";
import type { Result } from "./reply.ts";

/** An ordinary command reads no more than this, which its unit pays for. */
const FREE = 10;
const PER_UNIT = 10;
/** A row that is read, or told in an answer. */
export const ROW = 0.25;
/** An event that is stored, projected and published. */
const EVENT = 4;
/** A stream that a connection receives from now on, with its line in the welcome. */
const SUBSCRIPTION = 3;
/** A connection that an event or a passing signal is handed to. */
const RECEIVER = 0.2;

/** Units for so much work. */
export function unitsOfWork(work: number): number {
  return Math.max(0, work - FREE) / PER_UNIT;
}

/** Does the work and charges what it read, and what `more` finds in its outcome; nobody pays for what throws but for its reads. */
export function metered<Outcome>(
  { reader, meter }: { readonly reader: WorkReader; readonly meter?: Meter | undefined },
  work: () => Outcome,
  more: (outcome: Outcome) => number = () => 0,
): Outcome {
  if (!meter) return work();
  const before = reader.work;
  let told = 0;
  try {
    const outcome = work();
    told = more(outcome);
    return outcome;
  } finally {
    meter.charge(unitsOfWork(reader.work - before + told));
  }
}

/** Work of telling a result: each row of its lists. */
export function workOfResult({ value }: Result): number {
  let rows = 0;
  for (const field of Object.values(value)) if (Array.isArray(field)) rows += field.length;
  return rows * ROW;
}

/** Work of storing and publishing events. */
export function workOfEvents(count: number): number {
  return count * EVENT;
}

/** Work of handing something to so many connections. */
export function workOfAudience(connections: number): number {
  return connections * RECEIVER;
}

/** Work of what a connection's own command comes to, besides what it reads. */
export function workOfLive({ result, receivers = 0, subscribed = 0 }: LiveOutcome): number {
  return workOfResult(result) + workOfAudience(receivers) + subscribed * SUBSCRIPTION;
}

/** Work of making a place for people, with its members' streams, for a command to tell in advance. */
export const NEW_CHANNEL = 100;
