/** What an examination finds. @module */

export type State =
  /** As it should be. */
  | "ok"
  /** Works, but not as well, or not in every case. */
  | "warning"
  /** Does not work, or loses data. */
  | "problem"
  /** Cannot be found out from here. */
  | "unknown";

export interface Finding {
  /** What was looked at. */
  readonly check: string;
  readonly state: State;
  /** What was found, as one line. */
  readonly found: string;
  /** What to do about it; undefined when nothing is. */
  readonly advice?: string;
}

export const ok = (check: string, found: string): Finding => ({ check, state: "ok", found });

export const warning = (check: string, found: string, advice: string): Finding => ({
  check,
  state: "warning",
  found,
  advice,
});

export const problem = (check: string, found: string, advice: string): Finding => ({
  check,
  state: "problem",
  found,
  advice,
});

export const unknown = (check: string, found: string, advice: string): Finding => ({
  check,
  state: "unknown",
  found,
  advice,
});

/** Message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
