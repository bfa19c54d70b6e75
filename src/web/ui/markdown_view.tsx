/** Draws a message's text: every part becomes an element or a text node, never markup. @module */
import type { ComponentChildren } from "preact";
import { useMemo } from "preact/hooks";
import type { Inline } from "../text/inline.ts";
import { type Block, isJumbo, parseMarkdown } from "../text/markdown.ts";

/** Which names are meant, and which of them is the reader. */
export interface Mentioned {
  /** Lower-case login names that the message mentions; "channel" for everybody. */
  readonly names: ReadonlySet<string>;
  readonly me: string;
}

export function Markdown({ text, mentioned }: { text: string; mentioned: Mentioned }) {
  const blocks = useMemo(() => isJumbo(text) ? undefined : parseMarkdown(text), [text]);
  if (!blocks) return <p class="jumbo">{text}</p>;
  return <>{blocks.map((block, i) => <BlockView key={i} block={block} mentioned={mentioned} />)}</>;
}

function BlockView({ block, mentioned }: { block: Block; mentioned: Mentioned }) {
  switch (block.kind) {
    case "paragraph":
      return <p dir="auto">{inline(block.children, mentioned)}</p>;
    case "code":
      return <pre tabIndex={0}><code>{block.text}</code></pre>;
    case "quote":
      return (
        <blockquote>
          {block.blocks.map((inner, i) => <BlockView key={i} block={inner} mentioned={mentioned} />)}
        </blockquote>
      );
    case "list": {
      const items = block.items.map((item, i) => <li key={i} dir="auto">{inline(item, mentioned)}</li>);
      return block.start === undefined ? <ul>{items}</ul> : <ol start={block.start}>{items}</ol>;
    }
  }
}

function inline(parts: readonly Inline[], mentioned: Mentioned): ComponentChildren {
  return parts.map((part, i) => {
    if (typeof part === "string") return part;
    switch (part.kind) {
      case "bold":
        return <strong key={i}>{inline(part.children, mentioned)}</strong>;
      case "italic":
        return <em key={i}>{inline(part.children, mentioned)}</em>;
      case "struck":
        return <s key={i}>{inline(part.children, mentioned)}</s>;
      case "code":
        return <code key={i}>{part.text}</code>;
      case "link":
        return <Link key={i} url={part.url}>{inline(part.children, mentioned)}</Link>;
      case "mention":
        return <Mention key={i} name={part.name} text={part.text} mentioned={mentioned} />;
    }
  });
}

/** What it really leads to is said beside it when the words say something else. */
function Link({ url, children }: { url: string; children: ComponentChildren }) {
  const host = new URL(url).host;
  const words = Array.isArray(children) && children.every((child) => typeof child === "string")
    ? children.join("")
    : "";
  const honest = words.toLowerCase().replace(/^https?:\/\//, "").startsWith(host);
  return (
    <>
      <a href={url} target="_blank" rel="noopener noreferrer nofollow ugc" title={url}>
        <bdi>{children}</bdi>
      </a>
      {!honest && <span class="host">({host})</span>}
    </>
  );
}

function Mention({ name, text, mentioned }: { name: string; text: string; mentioned: Mentioned }) {
  if (!mentioned.names.has(name)) return <>{text}</>;
  const mine = name === mentioned.me || name === "channel";
  return <span class={mine ? "mention mine" : "mention"}>{text}</span>;
}
