/** The "limits" of a config file. @module */
import { DEFAULT_LIMITS, type Limits } from "../chat/limits.ts";
import { ConfigError, suggestion } from "./config_error.ts";

const BCRYPT_BYTES = 72;

/**
 * The default limits with those of the file in their place: an object of
 * positive whole numbers by the names of {@link Limits}. Throws ConfigError
 * for anything else, and for limits that contradict each other.
 */
export function overrideLimits(json: unknown, file: string): Limits {
  if (json === undefined) return DEFAULT_LIMITS;
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw new ConfigError(`"limits" in ${file} must be an object like { "messageBytes": 16384 }`);
  }
  const names = Object.keys(DEFAULT_LIMITS);
  for (const [name, value] of Object.entries(json)) {
    if (!names.includes(name)) {
      throw new ConfigError(`Unknown limit ${JSON.stringify(name)} in ${file}${suggestion(name, names)}`);
    }
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new ConfigError(
        `Limit "${name}" in ${file} must be a positive whole number, not ${JSON.stringify(value)}`,
      );
    }
  }
  const limits = Object.freeze({ ...DEFAULT_LIMITS, ...json });
  checkTogether(limits, file);
  return limits;
}

function checkTogether(limits: Limits, file: string): void {
  const pairs: [keyof Limits, keyof Limits][] = [
    ["messageBytes", "frameBytes"],
    ["frameBytes", "unsentBytes"],
    ["unsentBytes", "unsentBytesTotal"],
    ["passwordBytesMin", "passwordBytesMax"],
    ["nameCharsMin", "nameCharsMax"],
    ["heartbeatMs", "idleMs"],
  ];
  for (const [lower, upper] of pairs) {
    if (limits[lower] <= limits[upper]) continue;
    throw new ConfigError(
      `Limit "${lower}" (${limits[lower]}) in ${file} must not be over "${upper}" (${limits[upper]})`,
    );
  }
  if (limits.passwordBytesMax > BCRYPT_BYTES) {
    throw new ConfigError(
      `Limit "passwordBytesMax" in ${file} must not be over ${BCRYPT_BYTES}: bcrypt reads no further`,
    );
  }
}
