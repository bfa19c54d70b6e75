/** The file of settings: one JSON object by the options' names. @module */
import { quoted, suggestion } from "../nearest.ts";
import { reasonOf } from "./config_error.ts";
import { type Notes, readNoted } from "./given.ts";
import { doubledKeys, parseJsonc } from "./jsonc.ts";
import { LIMITS_OPTION, OPTIONS } from "./options.ts";

/** Values by key; none, and noted, when the file cannot be used. */
export function readSettingsFile(path: string, notes: Notes): Record<string, unknown> {
  // Editors of Windows put a mark in front, which belongs to the encoding and not to the text.
  const text = readNoted(path, notes)?.replace(/^\ufeff/, "");
  if (text === undefined) return {};
  if (text.includes("\0")) {
    notes.problems.push(`Cannot read ${path}: it is not UTF-8, but probably UTF-16; save it as UTF-8`);
    return {};
  }
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
  for (const key of doubledKeys(text)) {
    notes.problems.push(`Key ${quoted(key)} stands twice in ${path}: leave one of them`);
  }
  const known = [...OPTIONS, LIMITS_OPTION].map((option) => option.name as string);
  for (const key of Object.keys(json)) {
    if (known.includes(key)) continue;
    notes.problems.push(`Unknown key ${JSON.stringify(key)} in ${path}${suggestion(key, known)}`);
  }
  return json as Record<string, unknown>;
}
