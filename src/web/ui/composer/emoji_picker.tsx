/** A board of emoji to pick from, with a search. @module */
import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../../i18n/i18n.ts";
import type { Key } from "../../i18n/catalogue.ts";
import { type Picking, picking } from "../../state/shell/dialog.ts";
import { emojiGroups, recentEmoji, rememberEmoji } from "../../state/composer/emoji.ts";
import { type Emoji, searchEmoji } from "../../text/emoji_search.ts";
import { onKeys } from "../shell/key_event.ts";
import { useRoving } from "../widgets/roving.ts";

const GROUPS: readonly Key[] = [
  "emojiSmileys",
  "emojiPeople",
  "emojiNature",
  "emojiFood",
  "emojiTravel",
  "emojiActivities",
  "emojiObjects",
  "emojiSymbols",
  "emojiFlags",
];
const COLUMNS = 8;
const FOUND_MAX = 64;
const [WIDTH, HEIGHT, MARGIN] = [320, 360, 8];

export function EmojiPicker({ picking: { anchor, choose, opener } }: { picking: Picking }) {
  const groups = useSignal<Emoji[][]>([]);
  const failed = useSignal(false);
  const search = useSignal("");
  const board = useRef<HTMLDivElement>(null);
  const groupsBox = useRef<HTMLDivElement>(null);
  // Of almost two thousand buttons one is a Tab stop.
  useRoving(groupsBox, ".emoji-board button", { walks: false });
  useLayoutEffect(() => board.current?.querySelector("input")?.focus(), []);
  useEffect(() => {
    emojiGroups().then((loaded) => groups.value = loaded, () => failed.value = true);
    const outside = (event: Event) => {
      if (!board.current?.contains(event.target as Node)) close(null);
    };
    addEventListener("pointerdown", outside);
    return () => removeEventListener("pointerdown", outside);
  }, []);
  const pick = (emoji: string) => {
    rememberEmoji(emoji);
    close(opener);
    choose(emoji);
  };
  const letters = search.value.trim().toLowerCase();
  const found = letters === ""
    ? []
    : searchEmoji(groups.value.flat(), letters, { liked: new Set(recentEmoji()) }).slice(0, FOUND_MAX);
  return (
    <div
      ref={board}
      class="emoji-picker"
      role="dialog"
      aria-label={t("pickEmoji")}
      style={placeBeside(anchor)}
      onKeyDown={onKeys((event) => onKey(event, board.current!, opener))}
    >
      <input
        type="search"
        placeholder={t("searchEmoji")}
        aria-label={t("searchEmoji")}
        value={search.value}
        onInput={(event) => search.value = event.currentTarget.value}
        onKeyDown={onKeys((event) => {
          if (event.key !== "Enter") return;
          // The key would reach whatever gets the focus next.
          event.preventDefault();
          if (found[0]) pick(found[0].emoji);
        })}
      />
      <p class="hidden" role="status">{found[0] && t("enterPicks", { name: found[0].name })}</p>
      <div ref={groupsBox} class="emoji-groups">
        {failed.value && <p class="hint bad">{t("emojiFailed")}</p>}
        {letters !== "" && found.length === 0 && <p class="muted">{t("nothingFound")}</p>}
        {letters !== "" ? <Board emoji={found} pick={pick} target={found[0]?.emoji} /> : (
          <>
            <h3>{t("emojiRecent")}</h3>
            <Board emoji={recentEmoji().map((emoji) => ({ emoji, name: emoji }))} pick={pick} />
            {groups.value.map((group, i) => (
              <section key={GROUPS[i]}>
                <h3>{t(GROUPS[i]!)}</h3>
                <Board emoji={group} pick={pick} />
              </section>
            ))}
          </>
        )}
      </div>
    </div>
  );
}

function Board({ emoji, pick, target }: {
  emoji: readonly Pick<Emoji, "emoji" | "name">[];
  pick: (emoji: string) => void;
  /** The one that Enter picks. */
  target?: string | undefined;
}) {
  return (
    <div class="emoji-board">
      {emoji.map(({ emoji, name }) => (
        <button
          key={emoji}
          type="button"
          class={emoji === target ? "target" : ""}
          aria-label={name}
          title={name}
          onClick={() => pick(emoji)}
        >
          {emoji}
        </button>
      ))}
    </div>
  );
}

function close(opener: HTMLElement | null): void {
  picking.value = undefined;
  opener?.focus();
}

/** Above the button if there is room, and always on the screen. */
function placeBeside(anchor: DOMRect): { left: string; top: string } {
  const left = Math.max(MARGIN, Math.min(anchor.right - WIDTH, innerWidth - WIDTH - MARGIN));
  const above = anchor.top - HEIGHT - MARGIN;
  const top = above >= MARGIN ? above : Math.min(anchor.bottom + MARGIN, innerHeight - HEIGHT - MARGIN);
  return { left: `${left}px`, top: `${Math.max(MARGIN, top)}px` };
}

function onKey(event: KeyboardEvent, board: HTMLElement, opener: HTMLElement | null): void {
  if (event.key === "Escape") {
    event.preventDefault();
    event.stopPropagation();
    return close(opener);
  }
  const steps: Readonly<Record<string, number>> = {
    ArrowRight: 1,
    ArrowLeft: -1,
    ArrowDown: COLUMNS,
    ArrowUp: -COLUMNS,
  };
  const by = steps[event.key];
  const inSearch = event.target instanceof HTMLInputElement;
  if (by === undefined || (inSearch && event.key !== "ArrowDown")) return;
  event.preventDefault();
  const buttons = [...board.querySelectorAll<HTMLElement>(".emoji-board button")];
  const at = buttons.indexOf(document.activeElement as HTMLElement);
  const next = buttons[inSearch ? 0 : at + by];
  if (next) next.focus();
  else if (by < 0) board.querySelector("input")?.focus();
}
