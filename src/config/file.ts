/** The file of settings: one JSON object by the options' names. @module */
import { suggestion } from "../nearest.ts";
import { reasonOf } from "./config_error.ts";
import { type Notes, readNoted } from "./given.ts";
import { parseJsonc } from "./jsonc.ts";
import { LIMITS_OPTION, OPTIONS } from "./options.ts";

/** Values by key; none, and noted, when the file cannot be used. */
export function readSettingsFile(path: string, notes: Notes): Record<string, unknown> {
  const text = readNoted(path, notes);
  if (text === undefined) return {};
  let json: unknown;
  try {
    json = parseJsonc(text);
  } catch (error) {
    notes.problems.push(`Cannot read ${path}: ${reasonOf(error)}`);
    return {};
  }
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    notes.problems.push(`${path} must hold one JSON object like { "port": 8080 }`);
    return {};
  }
  const known = [...OPTIONS, LIMITS_OPTION].map((option) => option.name as string);
  for (const key of Object.keys(json)) {
    if (known.includes(key)) continue;
    notes.problems.push(`Unknown key ${JSON.stringify(key)} in ${path}${suggestion(key, known)}`);
  }
  return json as Record<string, unknown>;
}
