/** Password work, counted as an attempt. @module */
import { ChatError, Code } from "../error.ts";
import type { Admission, Applicant, Attempt } from "../ports.ts";
import type { Context } from "./spec.ts";

/**
 * Does the work if whoever asks has an attempt left. One that was turned away unread, because too many waited, was none:
 * those who come back when they are told to must not run out of attempts by it.
 */
export async function attempted<Result>(
  { throttle, address }: Context,
  attempt: Omit<Attempt, "address"> & { readonly name: string },
  work: (applicant: Applicant, admission: Admission) => Promise<Result>,
): Promise<Result> {
  const admission = throttle.admit({ ...attempt, address });
  try {
    return await work({ address, subject: attempt.name, known: admission.known }, admission);
  } catch (error) {
    if (error instanceof ChatError && TURNED_AWAY.has(error.code)) admission.withdraw();
    throw error;
  }
}

/** For work that a session or the operator asks for and that is no attempt. */
export function knownApplicant({ address }: Context, subject: string): Applicant {
  return { address, subject, known: true };
}

const TURNED_AWAY: ReadonlySet<Code> = new Set([Code.RESOURCE_EXHAUSTED, Code.UNAVAILABLE]);
