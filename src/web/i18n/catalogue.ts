/** What a language has to say. @module */
import type { en } from "./en.ts";

export type Key = keyof typeof en;

/** A text by how many there are; `{count}` stands for the number. */
export type Plural = { readonly other: string } & { readonly [C in Intl.LDMLPluralRule]?: string };

/** Every text of the page. */
export type Catalogue = { readonly [K in Key]: (typeof en)[K] extends string ? string : Plural };
