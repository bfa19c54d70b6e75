/** Writing into a text as typing would: it is heard, and can be undone. @module */

/** Writes over what is selected, or over what stands between two places. */
export function insertText(
  field: HTMLTextAreaElement,
  text: string,
  { start = field.selectionStart, end = field.selectionEnd }: { start?: number; end?: number } = {},
): void {
  field.focus();
  field.setSelectionRange(start, end);
  // Deprecated, and the only way that keeps the browser's own undoing.
  if (document.execCommand("insertText", false, text)) return;
  field.setRangeText(text, start, end, "end");
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
}
