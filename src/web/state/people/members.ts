/**
 * Whether the members of the open channel are shown. Where they lie over the
 * channel, the browser's back button closes them, as it does whatever else
 * fills a phone's screen.
 *
 * @module
 */
import { computed, effect, signal } from "@preact/signals";
import { onBack, route, stepBack, stepOver } from "../shell/route.ts";

export const membersShown = signal(false);

/** Up to here they lie over the channel instead of beside it; the style sheet knows the same width. */
const OVERLAY = matchMedia("(max-width: 1080px)");

export function showMembers(): void {
  membersShown.value = true;
  if (OVERLAY.matches) stepOver(() => membersShown.peek());
}

/** False when there was nothing to hide, or nothing under it. */
export function hideMembers({ onlyOverlay = false } = {}): boolean {
  if (!membersShown.peek() || (onlyOverlay && !OVERLAY.matches)) return false;
  membersShown.value = false;
  stepBack();
  return true;
}

onBack(() => {
  if (OVERLAY.matches) membersShown.value = false;
});

const channelId = computed(() => route.value.channelId);
effect(() => {
  void channelId.value;
  if (OVERLAY.matches) membersShown.value = false;
});
