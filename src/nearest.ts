/** The known name that somebody may have meant. @module */

/** Longer words are compared by their beginning. */
const CHARS_MAX = 64;
/** Letters that may differ. */
const DISTANCE_MAX = 2;

/** `; did you mean "port"?` when one of the known names is close, else nothing. Case and underscores do not count. */
export function suggestion(word: string, known: readonly string[]): string {
  const nearest = nearestOf(word, known);
  return nearest === undefined ? "" : `; did you mean "${nearest}"?`;
}

function nearestOf(word: string, known: readonly string[]): string | undefined {
  const from = bare(word);
  let nearest: string | undefined;
  let least = DISTANCE_MAX + 1;
  for (const candidate of known) {
    const to = bare(candidate);
    if (Math.abs(from.length - to.length) >= least) continue;
    const distance = editDistance(from, to);
    if (distance >= least) continue;
    least = distance;
    nearest = candidate;
  }
  return nearest;
}

function bare(word: string): string {
  return word.slice(0, CHARS_MAX).replaceAll("_", "").toLowerCase();
}

/** Letters to add, drop or replace to get from one word to the other. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[to.length]!;
}

/** A word of somebody else's as it may stand in a message: cut, and without what cannot be seen. */
export function quoted(word: string): string {
  const cut = word.length > CHARS_MAX ? `${word.slice(0, CHARS_MAX)}…` : word;
  return `"${cut.toWellFormed().replaceAll(/\p{C}/gu, "\ufffd")}"`;
}
