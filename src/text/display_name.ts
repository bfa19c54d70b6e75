/**
 * Display names: the Nickname profile of RFC 8266, with characters that cannot be seen only where a script or an emoji is
 * made of them.
 *
 * @module
 */
import { HIDDEN } from "./hidden.ts";
import { withoutJoiners } from "./joiners.ts";

const EMOJI = /\p{RGI_Emoji}|\p{Extended_Pictographic}[\ufe0e\ufe0f]/gv;
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;

/** NFKC, but for emoji, with single spaces and none at the ends. The name has to be bounded. */
export function foldDisplayName(name: string): string {
  let folded = "";
  let at = 0;
  // Compatibility forms of emoji are letters: ℹ️ would become an i.
  for (const { 0: emoji, index } of name.matchAll(EMOJI)) {
    // bounded: by the caller
    folded += name.slice(at, index).normalize("NFKC") + emoji;
    at = index + emoji.length;
  }
  // bounded: by the caller
  folded += name.slice(at).normalize("NFKC");
  return folded.replaceAll(/\p{Zs}+/gu, " ").trim();
}

/** Why a folded name is not allowed; undefined for one that is. An empty one is. */
export function displayNameFault(folded: string): string | undefined {
  if (folded === "") return undefined;
  const rest = withoutJoiners(folded.replaceAll(EMOJI, "😀"));
  if (HIDDEN.test(rest)) return "it has control, direction or invisible characters";
  return VISIBLE.test(rest) ? undefined : "nothing of it can be seen";
}
