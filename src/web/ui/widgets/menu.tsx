/**
 * A button with a short list of things to do, by the pattern of the ARIA
 * Authoring Practices (https://www.w3.org/WAI/ARIA/apg/patterns/menu-button/).
 *
 * @module
 */
import { useSignal } from "@preact/signals";
import { useEffect, useId, useLayoutEffect, useRef } from "preact/hooks";
import { Icon, type IconName } from "./icons.tsx";
import { onKeys } from "../shell/key_event.ts";

export interface MenuItem {
  readonly label: string;
  readonly icon: IconName;
  /** It takes something away. */
  readonly danger?: boolean;
  readonly onChoose: () => void;
}

export function MenuButton({ icon, label, items, words }: {
  icon: IconName;
  label: string;
  items: readonly MenuItem[];
  /** Shown in front of the icon; they are the button's name then. */
  words?: string;
}) {
  const open = useSignal(false);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  return (
    <>
      <button
        ref={button}
        type="button"
        class={words === undefined ? "icon-button" : "word-button"}
        aria-label={words === undefined ? label : undefined}
        title={label}
        aria-haspopup="menu"
        aria-expanded={open.value}
        aria-controls={open.value ? id : undefined}
        onClick={() => open.value = !open.value}
        onKeyDown={onKeys((event) => {
          if (event.key !== "ArrowDown" || event.altKey) return;
          event.preventDefault();
          open.value = true;
        })}
      >
        {words !== undefined && <span>{words}</span>}
        <Icon name={icon} />
      </button>
      {open.value && (
        <Menu
          id={id}
          label={label}
          items={items}
          button={button.current!}
          onClose={() => open.value = false}
        />
      )}
    </>
  );
}

function Menu({ id, label, items, button, onClose }: {
  id: string;
  label: string;
  items: readonly MenuItem[];
  button: HTMLElement;
  onClose: () => void;
}) {
  const list = useRef<HTMLUListElement>(null);
  useLayoutEffect(() => {
    place(list.current!, button.getBoundingClientRect());
    buttonsIn(list.current!)[0]?.focus();
  }, []);
  useEffect(() => {
    const lifetime = new AbortController();
    const { signal } = lifetime;
    addEventListener("pointerdown", ({ target }) => {
      if (!list.current?.contains(target as Node) && !button.contains(target as Node)) onClose();
    }, { signal });
    // It would stay where it is while its button moves away.
    addEventListener("resize", onClose, { signal });
    addEventListener("scroll", ({ target }) => {
      if ((target as Node).contains(button)) onClose();
    }, { signal, capture: true });
    return () => lifetime.abort();
  }, []);
  const leave = () => {
    onClose();
    button.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // The focus goes on from the button, where it would have been without the menu.
    if (event.key === "Tab") return leave();
    if (event.key === "Escape") leave();
    else if (!step(list.current!, event)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <ul ref={list} id={id} class="menu" role="menu" aria-label={label} onKeyDown={onKeys(onKeyDown)}>
      {items.map((item) => (
        <li key={item.label} role="none">
          <button
            type="button"
            role="menuitem"
            tabIndex={-1}
            class={item.danger ? "danger" : ""}
            onClick={() => {
              leave();
              item.onChoose();
            }}
          >
            <Icon name={item.icon} />
            {item.label}
          </button>
        </li>
      ))}
    </ul>
  );
}

const MARGIN = 8;

/** Below the button where there is room, above it elsewhere, and always on the screen. */
function place(list: HTMLElement, anchor: DOMRect): void {
  const { width, height } = list.getBoundingClientRect();
  const left = Math.min(anchor.right - width, innerWidth - width - MARGIN);
  const below = anchor.bottom + 4;
  const top = below + height + MARGIN <= innerHeight ? below : anchor.top - height - 4;
  list.style.left = `${Math.max(MARGIN, left)}px`;
  list.style.top = `${Math.max(MARGIN, top)}px`;
}

function buttonsIn(list: HTMLElement): HTMLElement[] {
  return [...list.querySelectorAll<HTMLElement>("[role=menuitem]")];
}

/** Moves the focus by arrows and first letters. False when the key means nothing here. */
function step(list: HTMLElement, { key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  if (ctrlKey || metaKey || altKey) return false;
  const buttons = buttonsIn(list);
  const at = buttons.indexOf(document.activeElement as HTMLElement);
  const places: Readonly<Record<string, number>> = {
    ArrowDown: (at + 1) % buttons.length,
    ArrowUp: (at + buttons.length - 1) % buttons.length,
    Home: 0,
    End: buttons.length - 1,
  };
  const letter = key.toLowerCase();
  const round = [...buttons.slice(at + 1), ...buttons.slice(0, at + 1)];
  const next = key in places
    ? buttons[places[key]!]
    : key.length === 1 && key !== " "
    ? round.find((button) => button.textContent?.trim().toLowerCase().startsWith(letter))
    : undefined;
  next?.focus();
  return next !== undefined;
}
