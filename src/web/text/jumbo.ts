/** Messages of emoji alone. @module */

/** Up to this many emoji alone are shown large. */
const JUMBO_MAX = 5;
const CHARS_MAX = 60;
const EMOJI_ONLY = /^(?:\p{RGI_Emoji}|\s)+$/v;

/** Whether a message is a few emoji and nothing else. */
export function isJumbo(text: string): boolean {
  if (text.length > CHARS_MAX || !EMOJI_ONLY.test(text)) return false;
  return [...new Intl.Segmenter().segment(text.replaceAll(/\s/g, ""))].length <= JUMBO_MAX;
}
