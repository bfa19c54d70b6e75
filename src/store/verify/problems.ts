/** What is wrong, in lines for people. @module */

/** Lines that are kept of one check; a damaged table could have millions. */
const MAX_LINES = 10;

export class Problems {
  readonly #lines: string[] = [];
  #count = 0;

  add(line: string): void {
    if (this.#count++ < MAX_LINES) this.#lines.push(line);
  }

  /** The first ones, and how many more there are. */
  lines(): string[] {
    const more = this.#count - this.#lines.length;
    return more === 0 ? [...this.#lines] : [...this.#lines, `and ${more} more of this kind`];
  }
}

/** Adds a line for everything that the log and a table say differently, by what it is about. */
export function compareWithLog(
  problems: Problems,
  expected: ReadonlyMap<string, string>,
  table: Iterable<readonly [what: string, value: string]>,
): void {
  let found = 0;
  const seen = new Set<string>();
  for (const [what, value] of table) {
    const wanted = expected.get(what);
    if (wanted === undefined) problems.add(`${what} is in its table and not in the log`);
    else if (wanted !== value) problems.add(`${what}: the table says ${value}, the log says ${wanted}`);
    if (wanted !== undefined) {
      found++;
      seen.add(what);
    }
  }
  if (found === expected.size) return;
  for (const what of expected.keys()) {
    if (!seen.has(what)) problems.add(`${what} is in the log and not in its table`);
  }
}
