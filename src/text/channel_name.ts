/** Names of channels, in every script. @module */
import { HIDDEN } from "./hidden.ts";
import { withoutJoiners } from "./joiners.ts";

const NAME = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._\-]*$/u;
const RIGHT_TO_LEFT =
  /[\p{sc=Adlam}\p{sc=Arabic}\p{sc=Hebrew}\p{sc=Hanifi_Rohingya}\p{sc=Mandaic}\p{sc=Nko}\p{sc=Samaritan}\p{sc=Syriac}\p{sc=Thaana}]/u;
/** A letter of any other script: they are written from left to right, or from top to bottom. */
const LEFT_TO_RIGHT =
  /(?![\p{sc=Adlam}\p{sc=Arabic}\p{sc=Hebrew}\p{sc=Hanifi_Rohingya}\p{sc=Mandaic}\p{sc=Nko}\p{sc=Samaritan}\p{sc=Syriac}\p{sc=Thaana}])\p{L}/u;
/** Scripts with letters that look like those of another one of these. */
const ALIKE = [
  /\p{sc=Latin}/u,
  /\p{sc=Greek}/u,
  /\p{sc=Cyrillic}/u,
  /\p{sc=Armenian}/u,
  /\p{sc=Cherokee}/u,
  /\p{sc=Coptic}/u,
  /\p{sc=Lisu}/u,
];

/**
 * The form in which a name is stored, looked for and compared: NFKC in small letters. As in IDNA 2008, ß and ss are
 * two. The name has to be bounded.
 */
export function foldChannelName(name: string): string {
  // bounded: by the caller
  return name.normalize("NFKC").toLowerCase().normalize("NFKC");
}

/** The name that somebody has typed, with or without # in front, in the form of `foldChannelName`. */
export function typedChannelName(text: string): string {
  return foldChannelName(text).replace(/^#/, "");
}

/** Why a folded name is not allowed, to end a sentence with; undefined for one that is. */
export function channelNameFault(
  folded: string,
  { min, max }: { readonly min: number; readonly max: number },
): string | undefined {
  const chars = [...folded].length;
  const plain = withoutJoiners(folded);
  if (chars < min || chars > max || !NAME.test(plain) || HIDDEN.test(plain)) {
    return `use ${min} to ${max} letters and digits of any script, . _ - and begin with a letter or digit`;
  }
  if (RIGHT_TO_LEFT.test(folded) && LEFT_TO_RIGHT.test(folded)) return "it has letters of both directions";
  const mixed = folded.split(/[._-]/).some((word) => ALIKE.filter((script) => script.test(word)).length > 1);
  return mixed ? "one of its words mixes scripts whose letters look alike" : undefined;
}
