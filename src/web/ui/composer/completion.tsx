/** What is offered while a name is written: people after an @, emoji after a colon. @module */
import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { useEmojiOffers } from "./emoji_offers.tsx";
import { useMentionOffers } from "./mention_offers.tsx";
import type { CompletionOptions, Offer } from "./offers.ts";

interface Completion {
  readonly popup: VNode | null;
  readonly attributes: Readonly<Record<string, string | boolean>>;
  /** True when the key was meant for the list. */
  onKeyDown(event: KeyboardEvent): boolean;
  onInput(event: InputEvent): void;
}

export function useCompletion(options: CompletionOptions): Completion {
  const chosen = useSignal(0);
  /** Word for which the list was closed. */
  const dismissed = useSignal<string | undefined>(undefined);
  const mentions = useMentionOffers(options);
  const { replaceShortName, ...emoji } = useEmojiOffers(options);
  const { word, label, list: offers } = mentions.word === undefined ? emoji : mentions;
  const list = word === dismissed.value ? [] : offers;
  const at = Math.min(chosen.value, list.length - 1);

  useEffect(() => {
    chosen.value = 0;
    if (word === undefined) dismissed.value = undefined;
  }, [word]);

  const onKeyDown = (event: KeyboardEvent): boolean => {
    if (list.length === 0) return false;
    if (event.key === "ArrowDown") chosen.value = (at + 1) % list.length;
    else if (event.key === "ArrowUp") chosen.value = (at + list.length - 1) % list.length;
    else if ((event.key === "Enter" && !event.shiftKey) || event.key === "Tab") list[at]!.take();
    else if (event.key === "Escape") {
      dismissed.value = word;
      event.stopPropagation();
    } else return false;
    event.preventDefault();
    return true;
  };
  const onInput = (event: InputEvent): void => {
    // Typed, so that neither undoing nor pasting comes here; and not by those who have closed the list.
    const typed = event.data?.endsWith(":") === true && !event.isComposing;
    if (typed && (word === undefined || word !== dismissed.value)) replaceShortName();
  };
  if (list.length === 0) return { popup: null, attributes: {}, onKeyDown, onInput };
  return {
    onKeyDown,
    onInput,
    attributes: {
      role: "combobox",
      "aria-expanded": "true",
      "aria-autocomplete": "list",
      "aria-controls": "completion",
      "aria-activedescendant": `completion-${at}`,
    },
    popup: <OfferList label={label} list={list} at={at} onPoint={(i) => chosen.value = i} />,
  };
}

function OfferList({ label, list, at, onPoint }: {
  label: string;
  list: readonly Offer[];
  at: number;
  onPoint: (i: number) => void;
}) {
  return (
    <ul id="completion" class="completion" role="listbox" aria-label={label}>
      {list.map((offer, i) => (
        <li
          key={offer.key}
          id={`completion-${i}`}
          role="option"
          aria-selected={i === at}
          onMouseDown={(event) => event.preventDefault()}
          onMouseMove={() => onPoint(i)}
          onClick={() => offer.take()}
        >
          {offer.icon}
          <bdi class="name">{offer.name}</bdi>
          <span class="login">{offer.aside}</span>
        </li>
      ))}
    </ul>
  );
}
