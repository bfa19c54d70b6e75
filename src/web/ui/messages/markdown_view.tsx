/** Draws a message's text: every part becomes an element or a text node, never markup. @module */
import type { ComponentChildren } from "preact";
import { useMemo } from "preact/hooks";
import type { Block, Inline, ListItem } from "../../../text/tree.ts";
import { parseMarkdown } from "../../../text/markdown.ts";
import { EVERYBODY, namesOf } from "../../../text/mention.ts";
import { isJumbo } from "../../text/jumbo.ts";
import { MessageLink } from "./message_link.tsx";

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
      return (
        <pre tabIndex={0} translate={false}>
          {block.language && <span class="code-language">{block.language}</span>}
          <code>{block.text}</code>
        </pre>
      );
    case "quote":
      return (
        <blockquote>
          {block.blocks.map((inner, i) => <BlockView key={i} block={inner} mentioned={mentioned} />)}
        </blockquote>
      );
    case "list": {
      const items = block.items.map((item, i) => (
        <Item key={i} item={item} numbered={block.numbered} mentioned={mentioned} />
      ));
      // Without marks of its own a list is none to Safari's screen reader.
      return block.numbered ? <ol role="list">{items}</ol> : <ul>{items}</ul>;
    }
  }
}

/** Numbers are text, shown and copied as they were written: 2. 5. 7. */
function Item({ item, numbered, mentioned }: { item: ListItem; numbered: boolean; mentioned: Mentioned }) {
  return (
    <li dir="auto">
      {numbered && (
        <>
          <span class="number" translate={false}>{item.marker}</span>
          {" "}
        </>
      )}
      {inline(item.children, mentioned)}
    </li>
  );
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
        return <code key={i} translate={false}>{part.text}</code>;
      case "link":
        return <MessageLink key={i} link={part} />;
      case "mention":
        return <Mention key={i} name={part.name} mentioned={mentioned} />;
    }
  });
}

/** Marks behind a name may be the sentence's. */
function Mention({ name, mentioned }: { name: string; mentioned: Mentioned }) {
  const meant = namesOf(name).find((name) => mentioned.names.has(name));
  if (meant === undefined) return <>@{name}</>;
  const mine = meant === mentioned.me || meant === EVERYBODY;
  return (
    <>
      <span class={mine ? "mention mine" : "mention"} translate={false}>@{name.slice(0, meant.length)}</span>
      {name.slice(meant.length)}
    </>
  );
}
