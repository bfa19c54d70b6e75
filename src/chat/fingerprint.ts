/**
 * Whether a command that comes again under its key is the same one. What it said is compared by a short keyed hash beside
 * the key, since texts change and passwords are kept nowhere.
 *
 * @module
 */
import type { CommandBody } from "./command.ts";

/** Values of the lower part, which is the content's hash; the upper part says with which secret it was made. */
const HASHES = 2 ** 32;

/** Of these not even a hash is kept. */
const SECRETS: ReadonlySet<string> = new Set(["password", "oldPassword", "newPassword"]);

/**
 * What the command says, as text; the same by both doors and in both encodings. What has its default value is left out,
 * so that fields of later versions change nothing.
 */
export function contentOf({ case: name, value }: CommandBody): string {
  let content: string = name;
  for (const field of Object.keys(value).sort()) {
    const said = (value as Record<string, unknown>)[field];
    if (field.startsWith("$") || SECRETS.has(field) || isDefault(said)) continue;
    // With its length a text cannot look like the field behind it.
    content += typeof said === "string"
      ? ` ${field} ${said.length}:${said}`
      : ` ${field} ${JSON.stringify(said)}`;
  }
  return content;
}

function isDefault(value: unknown): boolean {
  return !value || (Array.isArray(value) && value.length === 0);
}

/**
 * Whether two fingerprints are those of different commands. Keys of earlier versions have none, and those made with
 * another secret say nothing.
 */
export function contradicts(one: number | undefined, other: number | undefined): boolean {
  if (one === undefined || other === undefined || one === other) return false;
  return Math.floor(one / HASHES) === Math.floor(other / HASHES);
}

/** A fingerprint of two parts: 20 bits that name the secret, 32 of the hash. */
export function fingerprintOf(secretId: number, hash: number): number {
  return (secretId >>> 0) % 2 ** 20 * HASHES + (hash >>> 0);
}
