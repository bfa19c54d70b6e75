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
  return `${name} ${JSON.stringify(plain(value as Record<string, unknown>))}`;
}

function plain(value: Record<string, unknown>): [name: string, value: unknown][] {
  return Object.keys(value).sort()
    .filter((name) => !name.startsWith("$") && !SECRETS.has(name) && !isDefault(value[name]))
    .map((name) => [name, value[name]]);
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
