/** What differs between the settings that hold and those that are wanted. @module */
import { LIMIT_NAMES, type LimitName, LIMITS } from "../chat/limits.ts";
import type { Config } from "../config.ts";
import { type AnyOption, LIMITS_OPTION, OPTIONS, type Settings, shownValue } from "./options.ts";

/** One setting with both values as people see them. */
export interface Change {
  readonly setting: string;
  readonly from: string;
  readonly to: string;
}

export interface Changes {
  /** The wanted settings as far as a running server can follow them. */
  readonly next: Config;
  readonly followed: readonly Change[];
  /** What holds only after a restart. */
  readonly waiting: readonly Change[];
}

/** Compares setting by setting and limit by limit. */
export function changesBetween(now: Config, wanted: Config): Changes {
  const followed: Change[] = [];
  const waiting: Change[] = [];
  const kept: Record<string, unknown> = {};
  // A listener cannot begin or cease to speak TLS.
  const tlsStays = (now.tlsCert === undefined) === (wanted.tlsCert === undefined);
  for (const option of OPTIONS) {
    const [before, after] = [now[option.key], wanted[option.key]];
    if (isSame(before, after)) continue;
    const live = option.live && (tlsStays || !TLS_KEYS.has(option.key));
    (live ? followed : waiting).push(changeOf(option, before, after));
    if (!live) kept[option.key] = before;
  }
  const limits: Record<LimitName, number> = { ...wanted.limits };
  for (const name of LIMIT_NAMES) {
    const [before, after] = [now.limits[name], wanted.limits[name]];
    if (before === after) continue;
    const setting = `${LIMITS_OPTION.name}.${name}`;
    (LIMITS[name].fixed ? waiting : followed).push({ setting, from: String(before), to: String(after) });
    if (LIMITS[name].fixed) limits[name] = before;
  }
  const next = Object.freeze({ ...wanted, ...kept, limits: Object.freeze(limits) });
  return { next, followed, waiting };
}

const TLS_KEYS: ReadonlySet<keyof Settings> = new Set(["tlsCert", "tlsKey"]);

function changeOf(option: AnyOption, from: Settings[keyof Settings], to: Settings[keyof Settings]): Change {
  return { setting: option.name, from: shownValue(option, from), to: shownValue(option, to) };
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
