/** Whom a message mentions: never inside code, links or addresses. @module */
import type { Block, Inline } from "./tree.ts";
import { parseMarkdown } from "./markdown.ts";

export interface Mention {
  /** As it is written behind the @; `namesOf` tells which names that may be. */
  readonly name: string;
  /** Where the @ stands in the message. */
  readonly at: number;
}

/** All mentions of a message, in their order. */
export function mentionsIn(text: string): Mention[] {
  return text.includes("@") ? parseMarkdown(text).flatMap(ofBlock) : [];
}

function ofBlock(block: Block): Mention[] {
  switch (block.kind) {
    case "code":
      return [];
    case "paragraph":
      return ofInline(block.children);
    case "quote":
      return block.blocks.flatMap(ofBlock);
    case "list":
      return block.items.flatMap(({ children }) => ofInline(children));
  }
}

function ofInline(parts: readonly Inline[]): Mention[] {
  return parts.flatMap((part) => {
    if (typeof part === "string") return [];
    if (part.kind === "mention") return [{ name: part.name, at: part.at }];
    return "children" in part ? ofInline(part.children) : [];
  });
}
