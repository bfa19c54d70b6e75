/** What lies over the chat: at most one dialog, one emoji picker. @module */
import { signal } from "@preact/signals";
import type { VNode } from "preact";

/** Draws the open dialog. */
export const dialog = signal<(() => VNode) | undefined>(undefined);

export function closeDialog(): void {
  dialog.value = undefined;
}

export interface Picking {
  /** Where the button is that opened it. */
  readonly anchor: DOMRect;
  readonly choose: (emoji: string) => void;
  /** Gets the focus back. */
  readonly opener: HTMLElement | null;
}

export const picking = signal<Picking | undefined>(undefined);

/** Lets the user pick an emoji beside an element. */
export function pickEmoji(opener: HTMLElement, choose: (emoji: string) => void): void {
  picking.value = { anchor: opener.getBoundingClientRect(), choose, opener };
}
