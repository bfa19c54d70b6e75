/** Whether what is being written is code. @module */
import { FENCE } from "./markdown.ts";

/** Whether the text ends inside a block of code, or after a backtick of its last line that nothing has closed. */
export function endsInCode(text: string): boolean {
  const lines = text.split("\n");
  let fenced = false;
  for (const line of lines) {
    const oneLine = !fenced && /^.+```\s*$/.test(line.replace(FENCE, ""));
    if (FENCE.test(line) && !oneLine) fenced = !fenced;
  }
  return fenced || openBackticks(lines.at(-1)!);
}

function openBackticks(line: string): boolean {
  let open: string | undefined;
  for (const [run] of line.matchAll(/\\`|`+/g)) {
    if (open === undefined && run !== "\\`") open = run;
    // A backslash is nothing special in code.
    else if (open === run.replace("\\", "")) open = undefined;
  }
  return open !== undefined;
}
