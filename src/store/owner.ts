/** Who owns a file, for people. @module */

/** ` (owner: user 998)`, where the system tells. */
export function ownerText(owner: number | null | undefined): string {
  return owner == null ? "" : ` (owner: user ${owner})`;
}
