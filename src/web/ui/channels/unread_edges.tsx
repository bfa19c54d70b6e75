/** What is unread above and below the part of the list that is seen, with ways there. @module */
import { useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect } from "preact/hooks";
import { t } from "../../i18n/i18n.ts";
import { Icon } from "../widgets/icons.tsx";

interface Beyond {
  readonly count: number;
  /** Something of it calls for the user. */
  readonly calling: boolean;
}

type Edge = "above" | "below";

/** Is drawn again whenever the list is. */
export function UnreadEdges({ list, drawn }: { list: RefObject<HTMLElement | null>; drawn: unknown }) {
  const beyond: Readonly<Record<Edge, { value: Beyond }>> = {
    above: useSignal<Beyond>(NONE),
    below: useSignal<Beyond>(NONE),
  };
  const look = () => {
    // An observer tells late, of what is gone, too.
    if (!list.current) return;
    for (const edge of ["above", "below"] as const) {
      const items = itemsBeyond(list.current, edge);
      const next = {
        count: items.length,
        calling: items.some((item) => item.querySelector(".calling") !== null),
      };
      const { count, calling } = beyond[edge].value;
      if (count !== next.count || calling !== next.calling) beyond[edge].value = next;
    }
  };
  useLayoutEffect(look, [drawn]);
  useEffect(() => {
    const element = list.current!;
    element.addEventListener("scroll", look, { passive: true });
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => {
      element.removeEventListener("scroll", look);
      observer.disconnect();
    };
  }, []);
  const pill = (edge: Edge) => {
    const { count, calling } = beyond[edge].value;
    if (count === 0) return null;
    return (
      <button
        type="button"
        class={`edge ${edge} ${calling ? "calling" : ""}`}
        tabIndex={-1}
        onMouseDown={(event) => event.preventDefault()}
        onClick={() => show(list.current!, edge)}
      >
        <Icon name={edge === "above" ? "up" : "down"} />
        {t("unreadBeyond", { count })}
      </button>
    );
  };
  return (
    <>
      {pill("above")}
      {pill("below")}
    </>
  );
}

const NONE: Beyond = { count: 0, calling: false };

/** Channels with something unread that lie wholly beyond an edge of the list, from top to bottom. */
function itemsBeyond(list: HTMLElement, edge: Edge): HTMLElement[] {
  const { top, bottom } = list.getBoundingClientRect();
  return [...list.querySelectorAll<HTMLElement>(".channel.unread")].filter((item) => {
    const box = item.getBoundingClientRect();
    return box.height > 0 && (edge === "above" ? box.bottom <= top + 1 : box.top >= bottom - 1);
  });
}

/** Scrolls to the nearest of them. */
function show(list: HTMLElement, edge: Edge): void {
  const items = itemsBeyond(list, edge);
  (edge === "above" ? items.at(-1) : items[0])?.scrollIntoView({ block: "center" });
}
