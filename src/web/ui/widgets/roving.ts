/** Lists that are one Tab stop: arrows go from item to item. @module */
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect } from "preact/hooks";
import { onKeys } from "../shell/key_event.ts";

/**
 * Keeps one of the items that the selector finds in the list a Tab stop: the current one, until another is reached.
 * Without `walks` the list has arrow keys of its own.
 */
export function useRoving(
  list: RefObject<HTMLElement | null>,
  selector: string,
  { walks = true }: { walks?: boolean } = {},
): void {
  useLayoutEffect(() => mark(list.current!, selector));
  useEffect(() => {
    const element = list.current!;
    const lifetime = new AbortController();
    const { signal } = lifetime;
    element.addEventListener("focusin", () => mark(element, selector), { signal });
    element.addEventListener("focusout", ({ relatedTarget }) => {
      if (!element.contains(relatedTarget as Node | null)) mark(element, selector);
    }, { signal });
    const onKeyDown = onKeys((event: KeyboardEvent) => walk(element, selector, event));
    if (walks) element.addEventListener("keydown", onKeyDown, { signal });
    return () => lifetime.abort();
  }, []);
}

function mark(list: HTMLElement, selector: string): void {
  const items = [...list.querySelectorAll<HTMLElement>(selector)];
  const { activeElement } = document;
  const stop = items.find((item) => item === activeElement) ??
    // What belongs to an item has the focus: the way back leads to the item.
    (list.contains(activeElement)
      ? items.find((item) => item.getAttribute("tabindex") === "0")
      : undefined) ??
    items.find((item) => item.ariaCurrent) ?? items[0];
  for (const item of items) {
    const tabIndex = item === stop ? 0 : -1;
    if (item.getAttribute("tabindex") !== String(tabIndex)) item.tabIndex = tabIndex;
  }
}

function walk(list: HTMLElement, selector: string, event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  // What is folded away is passed over.
  const items = [...list.querySelectorAll<HTMLElement>(selector)].filter((item) => item.checkVisibility());
  const at = items.indexOf(event.target as HTMLElement);
  if (at < 0) return;
  const places: Readonly<Record<string, number>> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    Home: 0,
    End: items.length - 1,
  };
  const place = places[event.key];
  if (place === undefined) return;
  event.preventDefault();
  items[place]?.focus();
}
