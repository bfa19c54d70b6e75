import { type Allowances, bytesOf, diskBytesOf } from "../allowances.ts";
import type { Decision } from "../commands/definition.ts";
import { SYSTEM_USER_ID } from "../model.ts";
import type { Clock, DiskReserve } from "../ports.ts";
import { diskFull, type Task } from "./task.ts";

interface Dependencies {
  readonly allowances: Allowances;
  readonly clock: Clock;
  /** Absent where nobody looks at the disk. */
  readonly disk?: DiskReserve | undefined;
}

/** Whether what was decided may be stored now: by the disk's room, and by what the user has stored already. */
export class StorageAdmission {
  readonly #deps: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#deps = dependencies;
  }

  /** Throws ChatError unavailable or resource_exhausted. What it admits is counted as stored. */
  admit(task: Task, decision: Decision): void {
    const { allowances, clock } = this.#deps;
    const { events } = decision;
    this.#admitToDisk(task, decision);
    if (task.unbounded || bytesOf(events) === 0) return;
    // Callers without a session share one number, and their rates are asked elsewhere.
    if (task.actorId !== SYSTEM_USER_ID) allowances.store(task.actorId, events, clock.now());
  }

  /** With little room only what makes the store no larger is stored, so much of it for each user, and so much for all. */
  #admitToDisk({ actorId, unbounded }: Task, { events, grows }: Decision): void {
    const { allowances, disk, clock } = this.#deps;
    if (!disk || disk.low === undefined) return;
    if (!unbounded) {
      if (grows ? grows() : bytesOf(events) > 0) throw diskFull();
      // Who logs in has no number of their own yet, but that of the stream.
      const userId = actorId === SYSTEM_USER_ID ? events[0]!.stream : actorId;
      allowances.spend(userId, "relief", { amount: events.length, nowMs: clock.now() });
    }
    if (!disk.take(diskBytesOf(events))) throw diskFull();
  }
}
