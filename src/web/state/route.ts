/** Which channel is open, as the address bar says it. @module */
import { signal } from "@preact/signals";

export interface Route {
  /** 0 when none is open. */
  readonly channelId: number;
  /** Message to go to; 0 for wherever reading was left. */
  readonly messageSeq: number;
}

export const route = signal<Route>({ channelId: 0, messageSeq: 0 });
route.value = parse(location.hash);

addEventListener("popstate", () => route.value = parse(location.hash));

/** State of a step in the history that only closes what lies over the channel. */
export const OVER = { over: true };

/** Opens a channel; the browser's back button leads to where one was. */
export function goTo(channelId: number, { messageSeq = 0, replace = false } = {}): void {
  const next = { channelId, messageSeq };
  const hash = hashOf(next);
  if (replace || history.state?.over) history.replaceState(null, "", hash);
  else if (hash !== location.hash) history.pushState(null, "", hash);
  route.value = next;
}

/** Code of the invite link in the address bar; empty when there is none. */
export function inviteIn(hash: string): string {
  return new URLSearchParams(hash.slice(1)).get("invite") ?? "";
}

/** What stands in the address bar gives way to what is open. */
export function restoreAddress(): void {
  history.replaceState(null, "", hashOf(route.peek()));
}

/** The address of a message, for others. */
export function messageLink(channelId: number, messageSeq: number): string {
  return new URL(hashOf({ channelId, messageSeq }), location.href).href;
}

function hashOf({ channelId, messageSeq }: Route): string {
  if (channelId === 0) return location.pathname + location.search;
  return messageSeq === 0 ? `#channel=${channelId}` : `#channel=${channelId}&message=${messageSeq}`;
}

function parse(hash: string): Route {
  // An invite leads to no channel: what is open stays open.
  if (inviteIn(hash) !== "") return route.peek();
  const parameters = new URLSearchParams(hash.slice(1));
  return { channelId: numberOf(parameters.get("channel")), messageSeq: numberOf(parameters.get("message")) };
}

function numberOf(text: string | null): number {
  return /^\d{1,10}$/.test(text ?? "") ? Number(text) : 0;
}
