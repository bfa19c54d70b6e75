/** A commit queue between a store that waits for the test and tasks that tell what became of them. @module */
import { CommitQueue } from "../../src/chat/commit/commit_queue.ts";
import { CommittedFacts } from "../../src/chat/facts/committed_facts.ts";
import type { DraftEvent, Event } from "../../src/chat/event.ts";
import type { Draft, EventWriter, Outcome } from "../../src/chat/ports.ts";
import type { Task } from "../../src/chat/commit/task.ts";
import { MemoryStore } from "../support/memory_store/memory_store.ts";
import { KeepingLog } from "./fakes.ts";

export const CHANNEL = 7;

export class QueueRig implements EventWriter {
  readonly store = new MemoryStore({ now: () => 1000 });
  readonly log = new KeepingLog();
  /** What happened, in order: commits, answers, published events. */
  readonly told: string[] = [];
  readonly batches: Draft[][] = [];
  readonly queue: CommitQueue;
  /** Commits wait for {@link finish} instead of ending by themselves. */
  manual = false;
  /** What the queue gave up on. */
  readonly fatal: unknown[] = [];
  /** Makes the outcomes of the next commit. */
  fate: ((batch: readonly Draft[]) => Promise<Outcome[]>) | undefined;
  #finish: (() => void)[] = [];

  constructor(limits: { queuedCommands?: number; batchCommands?: number; userBatchCommands?: number } = {}) {
    this.queue = new CommitQueue({
      writer: this,
      reader: this.store,
      facts: new CommittedFacts(this.store),
      log: this.log,
      queuedCommands: limits.queuedCommands ?? 100,
      batchCommands: limits.batchCommands ?? 100,
      userBatchCommands: limits.userBatchCommands ?? 100,
      admit: () => {},
      notStored: () => {},
      publish: (events) => this.told.push(...events.map((event) => `published ${textOf(event)}`)),
      onFatal: (error) => this.fatal.push(error),
    });
  }

  async commit(batch: readonly Draft[]): Promise<Outcome[]> {
    this.batches.push([...batch]);
    this.told.push(`commit of ${batch.length}`);
    if (this.manual) await new Promise<void>((resolve) => this.#finish.push(resolve));
    const { fate } = this;
    this.fate = undefined;
    return await (fate ?? ((drafts) => this.store.commit(drafts)))(batch);
  }

  touchSessions(): void {}

  /** Ends the commit that runs. */
  finish(): void {
    this.#finish.shift()!();
  }

  /** Pushes a task that writes a message. */
  say(text: string, options: Partial<Task> = {}): void {
    this.queue.push(this.task(text, options));
  }

  task(text: string, options: Partial<Task> = {}): Task {
    const value = { text, replyTo: 0, mentionIds: [], mentionChannel: false };
    const event: DraftEvent = { stream: CHANNEL, body: { case: "messageSent", value } };
    return {
      actorId: 2,
      sessionId: 0,
      key: "",
      first: "messageSent",
      decide: () => ({ events: [event] }),
      result: ({ stream, seq, timeMs }) => ({ case: "stored", value: { stream, seq, timeMs } }),
      settle: (result) => {
        this.told.push(
          `${text} ${result.case}${result.case === "stored" ? ` as ${result.value.seq}` : ""}`,
        );
      },
      fail: (error) => this.told.push(`${text} failed: ${(error as Error).message}`),
      ...options,
    };
  }
}

function textOf({ body }: Event): string {
  return body.case === "messageSent" ? body.value.text : body.case;
}
