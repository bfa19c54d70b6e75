/** Header fields that are lists (RFC 9110, section 5.6.1). @module */

/** No decent list is longer, and taking apart one that fills a whole head would hold everybody up. */
const LIST_CHARS = 4096;

/** Elements without the blanks around them, empty ones left out. */
export function elementsOf(field: string | null): string[] {
  return (field ?? "").slice(0, LIST_CHARS).split(",").map((element) => element.trim())
    .filter((element) => element !== "");
}
