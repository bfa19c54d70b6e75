/** What a message is made of, as plain data. @module */

export type EmphasisKind = "bold" | "italic" | "struck";

/** Inside a line. */
export type Inline =
  | string
  | { readonly kind: EmphasisKind; readonly children: readonly Inline[] }
  | { readonly kind: "code"; readonly text: string }
  | {
    readonly kind: "link";
    /** As it is written: with `http://`, `https://` or `www.` in front, and not looked at any further. */
    readonly address: string;
    /** What is to be read in its place; undefined when that is the address. */
    readonly words: string | undefined;
  }
  | {
    readonly kind: "mention";
    /** As it is written behind the @, with marks that may end the name or the sentence. */
    readonly name: string;
    /** Where the @ stands in the message. */
    readonly at: number;
  };

export interface ListItem {
  /** What stands in front of it, as it is written: `-`, `7.` */
  readonly marker: string;
  readonly children: readonly Inline[];
}

/** Of one line or several. */
export type Block =
  | { readonly kind: "paragraph"; readonly children: readonly Inline[] }
  /** `language` is what the fence names; empty when it names none. */
  | { readonly kind: "code"; readonly language: string; readonly text: string }
  | { readonly kind: "quote"; readonly blocks: readonly Block[] }
  | { readonly kind: "list"; readonly numbered: boolean; readonly items: readonly ListItem[] };
