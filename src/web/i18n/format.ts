/** Times, numbers and lists as people of the language write them. @module */
import { isolated } from "../text/names.ts";
import { type Language, language } from "./language.ts";

/** The browser's own variant of the language, en-GB say, has its own way to write times. */
function localeOf(spoken: Language): string {
  return navigator.languages.find((tag) => tag.toLowerCase().split("-")[0] === spoken) ?? spoken;
}

/** Makes a formatter once for each language: they are expensive. */
function perLanguage<T>(make: (locale: string) => T): () => T {
  const made = new Map<Language, T>();
  return () => {
    const spoken = language.value;
    let formatter = made.get(spoken);
    if (!formatter) made.set(spoken, formatter = make(localeOf(spoken)));
    return formatter;
  };
}

export const collator = perLanguage((locale) =>
  new Intl.Collator(locale, { numeric: true, sensitivity: "base" })
);
const numbers = perLanguage((locale) => new Intl.NumberFormat(locale));
const lists = perLanguage((locale) => new Intl.ListFormat(locale, { style: "long", type: "conjunction" }));
const clock = perLanguage((locale) => new Intl.DateTimeFormat(locale, { timeStyle: "short" }));
const datedClock = perLanguage((locale) =>
  new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" })
);
const days = perLanguage((locale) =>
  new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long" })
);
const daysOfYears = perLanguage((locale) =>
  new Intl.DateTimeFormat(locale, { weekday: "short", day: "numeric", month: "long", year: "numeric" })
);
const moments = perLanguage((locale) =>
  new Intl.DateTimeFormat(locale, { dateStyle: "long", timeStyle: "short" })
);
const relative = perLanguage((locale) => new Intl.RelativeTimeFormat(locale, { numeric: "auto" }));

export function formatNumber(value: number): string {
  return numbers().format(value);
}

/** Beyond this, how many there are makes no difference. */
const COUNT_MAX = 99;

/** A number that has little room. */
export function formatCount(value: number): string {
  return value > COUNT_MAX ? `${formatNumber(COUNT_MAX)}+` : formatNumber(value);
}

/** Of names, or whatever else people have written. */
export function formatList(items: readonly string[]): string {
  return lists().format(items.map(isolated));
}

/** Hour and minute. */
export function formatTime(timeMs: number): string {
  return clock().format(timeMs);
}

/** Day and time in full. */
export function formatMoment(timeMs: number): string {
  return moments().format(timeMs);
}

/** Hour and minute, with the day unless it is today. */
export function formatSince(timeMs: number, nowMs: number = Date.now()): string {
  return (dayNumber(timeMs) === dayNumber(nowMs) ? clock() : datedClock()).format(timeMs);
}

/** "today", "yesterday", or the day. */
export function formatDay(timeMs: number, nowMs: number = Date.now()): string {
  const days_ = dayNumber(timeMs) - dayNumber(nowMs);
  if (days_ === 0 || days_ === -1) return capital(relative().format(days_, "day"));
  const sameYear = new Date(timeMs).getFullYear() === new Date(nowMs).getFullYear();
  return (sameYear ? days() : daysOfYears()).format(timeMs);
}

/** How long ago, roughly. */
export function formatAgo(timeMs: number, nowMs: number = Date.now()): string {
  const minutes = Math.round((timeMs - nowMs) / 60_000);
  if (minutes > -60) return relative().format(minutes, "minute");
  if (minutes > -60 * 24) return relative().format(Math.round(minutes / 60), "hour");
  return relative().format(Math.round(minutes / 60 / 24), "day");
}

/** Number of the day on the user's calendar; equal for moments of one day. */
export function dayNumber(timeMs: number): number {
  const date = new Date(timeMs);
  return Math.round(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 86_400_000);
}

function capital(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}
