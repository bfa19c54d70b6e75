/** F6: from part to part of the screen. @module */

/** A part of the screen, and what in it gets the focus: the first of these that there is. */
const REGIONS: readonly (readonly [region: string, ...stops: string[]])[] = [
  [".sidebar", ".channel[tabindex='0']", ".me"],
  [".scroller", ".message[tabindex='0']"],
  [".desk", "#composer"],
  [".members", ".member[tabindex='0']", "button"],
];

/** Moves the focus to the next part that can be seen, or to the one before. */
export function stepRegion(by: 1 | -1): void {
  const at = REGIONS.findIndex(([region]) => document.activeElement?.closest(region));
  // From nowhere the first step leads to the first part, or to the last.
  const start = at < 0 && by < 0 ? 0 : at;
  for (let i = 1; i <= REGIONS.length; i++) {
    const [region, ...stops] = REGIONS[(start + by * i + 2 * REGIONS.length) % REGIONS.length]!;
    const found = stops.map((stop) => document.querySelector<HTMLElement>(`${region} ${stop}`));
    const target = found.find((element) => element?.checkVisibility());
    if (target) return target.focus();
  }
}
