/**
 * What names and texts may look like.
 *
 * Login names are ASCII, so nobody can look like somebody else; display names
 * follow the Nickname profile of RFC 8266 as far as it can be done without
 * tables, with bidi controls and invisible characters refused.
 *
 * @module
 */
import type { CommandCase } from "./command.ts";
import { invalid } from "./error.ts";
import type { Limits } from "./limits.ts";

const NAME = /^[a-z0-9][a-z0-9._-]*$/;
const KEY = /^[\x21-\x7e]+$/;
// Controls, bidi marks and isolates, zero-width and other invisible letters, tags, unassigned-like fillers.
const DECEPTIVE =
  /[\p{Cc}\p{Cs}\p{Co}\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffc\u{e0000}-\u{e0fff}]/u;
// deno-lint-ignore no-control-regex
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;
// Embeddings, overrides and isolates, which reorder what stands around them.
const REORDERING = /[\u202a-\u202e\u2066-\u2069]/;
// Nothing of it can be seen; the braille blank is a letter for Unicode, and blank.
const BLANK = /^[\s\p{Default_Ignorable_Code_Point}\ufff9-\ufffb\u2800]*$/u;
// Beyond the recommended set, single pictographs without their variation selector are in use.
const EMOJI = /^(?:\p{RGI_Emoji}|\p{Extended_Pictographic}\ufe0f?|:[a-z0-9_+\-]{1,28}:)$/v;

/** What a text has to keep. */
interface TextRule {
  /** What it is, to begin a sentence with. */
  readonly what: string;
  readonly bytesMax: number;
}

/**
 * Refuses an overlong text. Length in UTF-16 units is asked first, since UTF-8 takes at least a byte for each: so is
 * nothing but a bounded text counted, and looked at by what follows.
 */
function checkBytes(text: string, { what, bytesMax }: TextRule): void {
  if (text.length > bytesMax || utf8Length(text) > bytesMax) {
    invalid(`${what} too long: at most ${bytesMax} bytes`);
  }
}

/** Bytes that a string takes in UTF-8. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    bytes += unit < 0x800 ? 1 : 2;
    if (unit >= 0xd800 && unit <= 0xdbff) i++;
  }
  return bytes;
}

/** Refuses anything but a login or channel name: 2 to 32 of a-z 0-9 . _ - */
export function checkName(name: string, limits: Limits): void {
  if (name.length < limits.nameCharsMin || name.length > limits.nameCharsMax || !NAME.test(name)) {
    invalid(
      `Name not allowed: use ${limits.nameCharsMin} to ${limits.nameCharsMax} of a-z 0-9 . _ - and begin with a letter or digit`,
    );
  }
}

/** Names that would be taken for a mention of everybody. */
const RESERVED = new Set(["channel", "all", "everyone", "here"]);

/** Refuses user names that mean something else in a mention. */
export function checkUserName(name: string, limits: Limits): void {
  checkName(name, limits);
  if (RESERVED.has(name)) invalid("Name not allowed: it is reserved for mentions");
}

/** Display name in its stored form: NFKC, spaces trimmed and collapsed (RFC 8266, section 2). */
export function normalDisplayName(name: string, limits: Limits): string {
  const rule = { what: "Display name", bytesMax: limits.displayNameBytes };
  checkBytes(name, rule);
  // bounded: just now
  const normal = name.normalize("NFKC").replace(/\p{Zs}+/gu, " ").trim();
  checkBytes(normal, rule);
  if (DECEPTIVE.test(normal)) {
    invalid("Display name not allowed: it has control, direction or invisible characters");
  }
  return normal;
}

/** Refuses message texts that show nothing, are overlong or invalid. */
export function checkMessageText(text: string, limits: Limits): void {
  checkText(text, { what: "Message", bytesMax: limits.messageBytes });
  if (BLANK.test(text)) invalid("Message not sent: it is empty");
}

/** Refuses texts with control characters or lone surrogates, and overlong ones. */
export function checkText(text: string, rule: TextRule): void {
  checkBytes(text, rule);
  if (CONTROL.test(text)) invalid(`${rule.what} not allowed: it has control characters`);
  if (!text.isWellFormed()) invalid(`${rule.what} not allowed: it is not valid Unicode`);
}

/** Refuses texts that are not one line, or that change the direction of what stands beside them. */
export function checkLine(text: string, rule: TextRule): void {
  checkText(text, rule);
  if (/[\r\n\t\u2028\u2029]/.test(text)) invalid(`${rule.what} not allowed: it must be one line`);
  if (REORDERING.test(text)) invalid(`${rule.what} not allowed: it has direction characters`);
}

/** Refuses whatever cannot be an emoji: too long, empty, or with spaces and plain letters only. */
export function checkEmoji(emoji: string, limits: Limits): void {
  checkLine(emoji, { what: "Emoji", bytesMax: limits.emojiBytes });
  if (!EMOJI.test(emoji)) {
    invalid("Reaction not allowed: send one emoji or a :shortcode:");
  }
}

/** Refuses keys that are not printable ASCII of bounded length; an empty key is no key. */
export function checkKey(key: string, limits: Limits): void {
  if (key !== "" && (key.length > limits.keyBytes || !KEY.test(key))) {
    invalid(`Key not allowed: use 1 to ${limits.keyBytes} printable ASCII characters`);
  }
}

/**
 * The key as the store holds it: a key belongs to one kind of command, so the
 * same key with another kind is another name. No client can send the line break.
 */
export function storedKey(command: CommandCase, key: string): string {
  // Messages are most of all keys, and their index stays small.
  return key === "" || command === "sendMessage" ? key : `${command}\n${key}`;
}

/** Refuses passwords that bcrypt would cut or that are too easy to try out. */
export function checkPassword(password: string, limits: Limits): void {
  const bytes = password.length > limits.passwordBytesMax ? Infinity : utf8Length(password);
  if (bytes < limits.passwordBytesMin || bytes > limits.passwordBytesMax) {
    invalid(`Password not allowed: use ${limits.passwordBytesMin} to ${limits.passwordBytesMax} bytes`);
  }
  if (password.includes("\0")) invalid("Password not allowed: it has a NUL character");
}
