/**
 * The commands that are stored in one transaction, and how they are decided:
 * in order, each on facts that hold the decisions before it, so a removal and
 * a message by the removed are never both accepted out of order.
 *
 * @module
 */
import type { Decision } from "../commands/definition.ts";
import type { CommittedFacts } from "../facts/committed_facts.ts";
import { sessionEnded } from "../error.ts";
import type { DraftEvent, EventCase } from "../event.ts";
import { applyEvent, type Facts } from "../facts/facts.ts";
import { PendingFacts } from "../facts/pending_facts.ts";
import type { Draft, EventReader, KeyedEvent } from "../ports.ts";
import { settleFrom, type Task } from "./task.ts";

/** A task and what it waits for. Nobody is answered before the commit on which the answer rests. */
export interface Waiting {
  readonly task: Task;
  /** Its own draft, or the first with its key; without a draft: how many were decided before it. */
  readonly draft: number;
  /** Answers a task that has no draft. */
  readonly answer?: () => void;
}

export interface Batch {
  readonly drafts: Draft[];
  /** Every task, in order. */
  readonly waiting: Waiting[];
}

interface Dependencies {
  readonly facts: CommittedFacts;
  readonly reader: EventReader;
  /** Throws ChatError when the task may not store its events now. */
  admit(task: Task, decision: Decision): void;
}

/** What later decisions do not rest on: it changes no facts, and a repeated key may be left to the store. */
const FACTLESS: ReadonlySet<EventCase> = new Set(["messageSent", "messageEdited"]);

/** What decisions rest on: the committed facts, until something is decided that changes them. */
class BatchFacts {
  readonly #committed: CommittedFacts;
  #pending: PendingFacts | undefined;

  constructor(committed: CommittedFacts) {
    this.#committed = committed;
  }

  get now(): Facts {
    return this.#pending ?? this.#committed;
  }

  apply(event: DraftEvent, actorId: number): void {
    if (FACTLESS.has(event.body.case)) return;
    this.#pending ??= new PendingFacts(this.#committed);
    applyEvent(this.#pending, event, { seq: 0, timeMs: 0, actorId });
  }
}

/** Decides tasks in their order, each on facts that hold the decisions before it. */
export function decideBatch(
  tasks: readonly Task[],
  { facts: committed, reader, admit }: Dependencies,
): Batch {
  const batch: Batch = { drafts: [], waiting: [] };
  const { drafts, waiting } = batch;
  const facts = new BatchFacts(committed);
  const draftByKey = new Map<string, number>();
  for (const task of tasks) {
    const name = task.key === "" ? "" : `${task.actorId} ${task.key}`;
    const earlier = name === "" ? undefined : draftByKey.get(name);
    if (earlier !== undefined) {
      // Whether it says the same as what stands under the key is known when the draft is stored: the draft may itself be a
      // repetition, and this one what was stored first.
      waiting.push({ task, draft: earlier });
      continue;
    }
    const decided = draftOf(task, { facts, reader, admit });
    if (typeof decided === "function") {
      waiting.push({ task, draft: drafts.length, answer: decided });
      continue;
    }
    if (name !== "") draftByKey.set(name, drafts.length);
    waiting.push({ task, draft: drafts.length });
    drafts.push(decided);
  }
  return batch;
}

/** The task's draft, with its events applied to the facts; or its answer, when there is nothing to store. */
function draftOf(
  task: Task,
  { facts, reader, admit }: Omit<Dependencies, "facts"> & { readonly facts: BatchFacts },
): Draft | (() => void) {
  try {
    if (task.sessionId !== 0 && !facts.now.hasSession(task.sessionId)) {
      return () => task.fail(sessionEnded());
    }
    // The store would find the repeated key, but the batch would have been decided as if it were new.
    const first = FACTLESS.has(task.first) ? undefined : firstOf(task, reader);
    if (first) return () => settleFrom(task, first);
    const decision = task.decide(facts.now);
    const { events, unchanged } = decision;
    if (events.length === 0) return () => settleUndrafted(task, reader, () => task.settle(unchanged!));
    admit(task, decision);
    for (const event of events) facts.apply(event, task.actorId);
    return { actorId: task.actorId, key: task.key, fingerprint: task.fingerprint, events };
  } catch (error) {
    return () => settleUndrafted(task, reader, () => task.fail(error));
  }
}

/** A command that is refused or changes nothing may be the retry of one that was stored. */
function settleUndrafted(task: Task, reader: EventReader, otherwise: () => void): void {
  const first = firstOf(task, reader);
  if (first) settleFrom(task, first);
  else otherwise();
}

function firstOf(task: Task, reader: EventReader): KeyedEvent | undefined {
  return task.key === "" ? undefined : reader.findByKey(task.actorId, task.key);
}
