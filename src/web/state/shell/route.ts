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

/** State of a step in the history that only closes what lies over the channel. */
const OVER = { over: true };

/** The page itself has asked for a step back, which has not happened yet. */
let leaving = false;
/** What is to be done to the history after that step; before it, the step would undo it. */
const afterwards: (() => void)[] = [];
const backs = new Set<() => void>();

addEventListener("popstate", () => {
  if (leaving && afterwards.length > 0) {
    leaving = false;
    for (const change of afterwards.splice(0)) change();
    return;
  }
  if (!leaving) { for (const hear of backs) hear(); }
  leaving = false;
  route.value = parse(location.hash);
});

/** Hears that the user has gone back or forward, or has followed a link. */
export function onBack(hear: () => void): void {
  backs.add(hear);
}

/** Something lies over the channel now: the browser's back button closes it. `wanted` is asked when it is done. */
export function stepOver(wanted: () => boolean): void {
  changeHistory(() => {
    if (wanted()) history.pushState(OVER, "", location.href);
  });
}

/** What lay over the channel was closed otherwise: the step that would have closed it is taken back. */
export function stepBack(): void {
  if (leaving || !history.state?.over) return;
  leaving = true;
  history.back();
}

function changeHistory(change: () => void): void {
  if (leaving) afterwards.push(change);
  else change();
}

/** Opens a channel; the browser's back button leads to where one was. */
export function goTo(channelId: number, { messageSeq = 0, replace = false } = {}): void {
  const next = { channelId, messageSeq };
  const hash = hashOf(next);
  changeHistory(() => {
    if (replace || history.state?.over) history.replaceState(null, "", hash);
    else if (hash !== location.hash) history.pushState(null, "", hash);
  });
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

/** Where an address leads within this page; undefined when it leads elsewhere. */
export function routeWithin({ origin, pathname, search, hash }: URL): Route | undefined {
  const here = origin === location.origin && pathname === location.pathname && search === location.search;
  if (!here || inviteIn(hash) !== "") return undefined;
  const route = parse(hash);
  return route.channelId > 0 ? route : undefined;
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
