/** Control characters, which no text may have that is stored: all but tab and line breaks. @module */

// deno-lint-ignore no-control-regex
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;
// deno-lint-ignore no-control-regex
const ALL_CONTROLS = /[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f]/g;
/** Line breaks of word processors and mainframes. */
// deno-lint-ignore no-control-regex
const OTHER_BREAKS = /[\u000b\u000c\u0085]/g;
/** What colours the output of programs in a terminal. */
// deno-lint-ignore no-control-regex
const TERMINAL_STYLE = /\u001b\[[0-9;?]{0,32}[A-Za-z]/g;

/** Whether a text has control characters other than tab and line breaks. */
export function hasControls(text: string): boolean {
  return CONTROL.test(text);
}

/** The text without them, and without halves of characters. */
export function withoutControls(text: string): string {
  const broken = text.toWellFormed().replaceAll(TERMINAL_STYLE, "").replaceAll(OTHER_BREAKS, "\n");
  return broken.replaceAll(ALL_CONTROLS, "");
}
