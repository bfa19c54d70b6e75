/** What one emoji is, and which ways of writing it are the same. @module */

const RGI = /^\p{RGI_Emoji}$/v;
// Beyond the recommended set, single pictographs are in use.
const PICTOGRAPH = /^\p{Extended_Pictographic}\ufe0f?$/u;
const SHORT_NAME = /^:[a-z0-9_+\-]{1,28}:$/;
const VARIATION = "\ufe0f";
/** What is drawn as text unless a variation selector follows; a skin tone does the selector's work. */
const TEXT_STYLED = /(?!\p{Emoji_Presentation})\p{Emoji}(?!\p{Emoji_Modifier})/gu;

/**
 * One emoji or :short_name: in the one form that all of its spellings share: a heart with and without its variation
 * selector is the same, a skin tone is not. Undefined for anything else. The text has to be bounded.
 */
export function canonicalEmoji(text: string): string | undefined {
  if (SHORT_NAME.test(text)) return text;
  const bare = text.replaceAll(VARIATION, "");
  const qualified = bare.replaceAll(TEXT_STYLED, `$&${VARIATION}`);
  if (RGI.test(qualified)) return qualified;
  return RGI.test(text) || PICTOGRAPH.test(text) ? bare : undefined;
}

/** The spellings of a canonical emoji that may have been stored before there was a canonical one, itself first. */
export function emojiSpellings(canonical: string): readonly string[] {
  const bare = canonical.replaceAll(VARIATION, "");
  return PICTOGRAPH.test(bare) ? [...new Set([canonical, bare, bare + VARIATION])] : [canonical];
}
