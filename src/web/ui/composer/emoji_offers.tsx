/** Emoji offered after a colon. @module */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { t } from "../../i18n/i18n.ts";
import { language } from "../../i18n/language.ts";
import { SHOWN_MAX } from "../../state/composer/candidates.ts";
import { emojiGroups, recentEmoji, rememberEmoji } from "../../state/composer/emoji.ts";
import { type Emoji, searchEmoji } from "../../text/emoji_search.ts";
import { emojiBefore, shortNameBefore } from "../../text/emoji_word.ts";
import type { CompletionOptions, Offer, Offers } from "./offers.ts";

interface EmojiOffers extends Offers {
  /** Puts the emoji in the place of its name between colons, if there is one before the caret. */
  replaceShortName(): void;
}

export function useEmojiOffers({ box, text, caret, insert }: CompletionOptions): EmojiOffers {
  const all = useSignal<readonly Emoji[]>([]);
  const letters = emojiBefore(text, caret);
  const wanted = letters !== undefined;
  useEffect(() => {
    // Without the list nothing is offered, and the next name asks for it again.
    if (wanted) emojiGroups().then((groups) => all.value = groups.flat()).catch(() => {});
  }, [wanted, language.value]);

  const replace = (emoji: string, start: number) => {
    rememberEmoji(emoji);
    insert(emoji, { start });
  };
  const replaceShortName = () => {
    const { value, selectionStart: end } = box.current!;
    const name = shortNameBefore(value, end);
    if (name === undefined) return;
    emojiGroups().then((groups) => {
      const named = groups.flat().find(({ shortNames }) => shortNames.includes(name));
      const still = box.current?.value === value && box.current.selectionStart === end;
      if (named && still && document.activeElement === box.current) {
        replace(named.emoji, end - name.length - 2);
      }
    }).catch(() => {});
  };
  if (!wanted) return { word: undefined, label: "", list: [], replaceShortName };
  const liked = new Set(recentEmoji());
  const found = searchEmoji(all.value, letters.replaceAll("_", " "), { liked, beginnings: true });
  const list = found.slice(0, SHOWN_MAX).map((emoji): Offer => ({
    key: emoji.emoji,
    icon: <span class="emoji" aria-hidden="true">{emoji.emoji}</span>,
    name: emoji.name,
    aside: `:${emoji.shortNames.find((name) => name.startsWith(letters)) ?? emoji.shortNames[0]}:`,
    take: () => replace(emoji.emoji, caret - letters.length - 1),
  }));
  return { word: `:${letters}`, label: t("pickEmoji"), list, replaceShortName };
}
