/** Password work, counted as an attempt. @module */
import { ChatError, Code } from "../error.ts";
import type { Admission, Applicant, Attempt } from "../ports.ts";
import type { Context } from "./definition.ts";

/**
 * Does the work if the caller has an attempt left. Attempts rejected for overload are not counted: clients that retry
 * when they were asked to must not run out of attempts.
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
    if (error instanceof ChatError && OVERLOADED.has(error.code)) admission.withdraw();
    throw error;
  }
}

/** For work on behalf of a session or the operator, which is not an attempt. */
export function knownApplicant({ address }: Context, subject: string): Applicant {
  return { address, subject, known: true };
}

const OVERLOADED: ReadonlySet<Code> = new Set([Code.RESOURCE_EXHAUSTED, Code.UNAVAILABLE]);
