/**
 * Whether the members of the open channel are shown. Where they lie over the
 * channel, the browser's back button closes them, as it does whatever else
 * fills a phone's screen.
 *
 * @module
 */
import { computed, effect, signal } from "@preact/signals";
import { OVER, route } from "./route.ts";

export const membersShown = signal(false);

/** Up to here they lie over the channel instead of beside it; the style sheet knows the same width. */
const OVERLAY = matchMedia("(max-width: 1080px)");

/** A step back was asked for and has not happened yet. */
let leaving = false;

export function showMembers(): void {
  membersShown.value = true;
  if (OVERLAY.matches && !leaving) history.pushState(OVER, "", location.href);
}

/** False when there was nothing to hide, or nothing under it. */
export function hideMembers({ onlyOverlay = false } = {}): boolean {
  if (!membersShown.peek() || (onlyOverlay && !OVERLAY.matches)) return false;
  membersShown.value = false;
  if (history.state?.over && !leaving) {
    leaving = true;
    history.back();
  }
  return true;
}

addEventListener("popstate", () => {
  if (!OVERLAY.matches) return;
  if (!leaving) membersShown.value = false;
  else if (membersShown.peek()) history.pushState(OVER, "", location.href);
  leaving = false;
});

const channelId = computed(() => route.value.channelId);
effect(() => {
  void channelId.value;
  if (OVERLAY.matches) membersShown.value = false;
});
