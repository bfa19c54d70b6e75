/** Limits that are set: by "limits" in the file, by variable, by flag. @module */
import {
  DEFAULT_LIMITS,
  LIMIT_MAX,
  LIMIT_NAMES,
  type LimitName,
  LIMITS,
  type Limits,
} from "../chat/limits.ts";
import { suggestion } from "../nearest.ts";
import type { Given, Origin } from "./given.ts";

/** Limits, each with where it comes from; those that are not there are the defaults. */
export interface LimitSettings {
  readonly limits: Limits;
  readonly origins: ReadonlyMap<LimitName, Origin>;
}

/** The default limits with the given ones in their place, the last first. Notes what makes no sense. */
export function overrideLimits(given: readonly Given[], problems: string[]): LimitSettings {
  const limits: Record<LimitName, number> = { ...DEFAULT_LIMITS };
  const origins = new Map<LimitName, Origin>();
  for (const part of given) {
    const where = part.origin.kind === "file" ? ` in ${part.origin.where}` : ` (${part.origin.where})`;
    for (const [name, value] of entriesOf(part, problems)) {
      if (!isLimit(name)) {
        problems.push(`Unknown limit ${JSON.stringify(name)}${where}${suggestion(name, LIMIT_NAMES)}`);
        continue;
      }
      const wrong = wrongWith(name, value);
      if (wrong !== undefined) {
        problems.push(`Limit "${name}"${where} ${wrong}`);
      } else {
        limits[name] = value as number;
        origins.set(name, part.origin);
      }
    }
  }
  problems.push(...contradictions(limits));
  return { limits: Object.freeze(limits), origins };
}

/** Undefined for what the limit may be. */
function wrongWith(name: LimitName, value: unknown): string | undefined {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 1) {
    return `must be a positive whole number, not ${JSON.stringify(value)}`;
  }
  const { min = 1, max = LIMIT_MAX, because } = LIMITS[name];
  if (value >= min && value <= max) return undefined;
  const bound = value < min ? `under ${min}` : `over ${max}`;
  return `must not be ${bound}, and is ${value}${because === undefined ? "" : `: ${because}`}`;
}

function isLimit(name: string): name is LimitName {
  return Object.hasOwn(DEFAULT_LIMITS, name);
}

function entriesOf(given: Given, problems: string[]): [name: string, value: unknown][] {
  if ("json" in given) {
    const { json, origin } = given;
    if (typeof json === "object" && json !== null && !Array.isArray(json)) return Object.entries(json);
    problems.push(`"limits" in ${origin.where} must be an object like { "messageBytes": 16384 }`);
    return [];
  }
  const words = given.text.split(",").map((word) => word.trim()).filter((word) => word !== "");
  return words.map((word) => {
    const [, name = "", value = ""] = /^([^=]*)(?:=([^]*))?$/.exec(word)!;
    return [name.trim(), /^\s*\d{1,15}\s*$/.test(value) ? Number(value) : value];
  });
}

function contradictions(limits: Limits): string[] {
  const pairs: [LimitName, LimitName][] = [
    ["messageBytes", "frameBytes"],
    ["frameBytes", "unsentBytes"],
    ["unsentBytes", "unsentBytesTotal"],
    ["passwordBytesMin", "passwordBytesMax"],
    ["nameCharsMin", "nameCharsMax"],
    ["heartbeatMs", "idleMs"],
  ];
  return pairs.filter(([lower, upper]) => limits[lower] > limits[upper]).map(([lower, upper]) =>
    `Limit "${lower}" (${limits[lower]}) must not be over "${upper}" (${limits[upper]})`
  );
}
