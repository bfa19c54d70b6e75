/** Whether what is being written is code. @module */
import { CodeSpans, runLength } from "./code_spans.ts";
import { closesFence, codeInOneLine, type Fence, fenceOf, opensBlock } from "./fence.ts";
import { linesOf } from "./lines.ts";

/** Whether the text ends inside a block of code, or after a backtick of its last line that nothing has closed. */
export function endsInCode(text: string): boolean {
  const lines = linesOf(text);
  let opened: Fence | undefined;
  for (const { text: line } of lines) {
    if (opened) {
      if (closesFence(line, opened)) opened = undefined;
      continue;
    }
    const fence = fenceOf(line);
    if (fence && codeInOneLine(fence) === undefined && opensBlock(fence)) opened = fence;
  }
  return opened !== undefined || hasOpenBacktick(lines.at(-1)!.text);
}

function hasOpenBacktick(line: string): boolean {
  const spans = new CodeSpans(line);
  for (let at = line.search(/[`\\]/); at >= 0 && at < line.length;) {
    if (line[at] === "\\") at += 2;
    else if (line[at] !== "`") at++;
    else {
      const length = runLength(line, at);
      const end = spans.next(length, at + length);
      if (end < 0) return true;
      at = end + length;
    }
  }
  return false;
}
