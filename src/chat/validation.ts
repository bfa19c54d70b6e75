/**
 * What names and texts may look like.
 *
 * Login names are ASCII, so nobody can look like somebody else. What is a display
 * name, a channel's name or an emoji in every script stands in src/text.
 *
 * @module
 */
import { channelNameFault, foldChannelName } from "../text/channel_name.ts";
import { displayNameFault, foldDisplayName } from "../text/display_name.ts";
import { hasControls } from "../text/controls.ts";
import { canonicalEmoji } from "../text/emoji.ts";
import { COMPOSED } from "./bounds.ts";
import type { CommandCase } from "./command.ts";
import { invalid } from "./error.ts";
import type { Limits } from "./limits.ts";

const NAME = /^[a-z0-9][a-z0-9._-]*$/;
const KEY = /^[\x21-\x7e]+$/;
// Embeddings, overrides and isolates, which reorder what stands around them.
const REORDERING = /[\u202a-\u202e\u2066-\u2069]/;
// Nothing of it can be seen; some letters and signs of Unicode are drawn as nothing (src/text/hidden.ts).
const BLANK =
  /^[\s\p{Default_Ignorable_Code_Point}\ufff9-\ufffb\u2800\u{1107f}\u{13441}\u{13442}\u{16fe4}\u{1d159}]*$/u;

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

/** Refuses anything but a login name: 2 to 32 of a-z 0-9 . _ - and none that means something else in a mention. */
export function checkUserName(name: string, limits: Limits): void {
  if (name.length < limits.nameCharsMin || name.length > limits.nameCharsMax || !NAME.test(name)) {
    invalid(
      `Name not allowed: use ${limits.nameCharsMin} to ${limits.nameCharsMax} of a-z 0-9 . _ - and begin with a letter or digit`,
    );
  }
  if (RESERVED.has(name)) invalid("Name not allowed: it is reserved for mentions");
}

/** Names that would be taken for a mention of everybody. */
const RESERVED = new Set(["channel", "all", "everyone", "here"]);

/** Channel's name in its stored form. */
export function normalChannelName(name: string, limits: Limits): string {
  const { nameCharsMin: min, nameCharsMax: max } = limits;
  const folded = foldName(name, limits);
  const fault = channelNameFault(folded, { min, max });
  return fault === undefined ? folded : invalid(`Channel name not allowed: ${fault}`);
}

/** The beginning of a name, as it is looked for. */
export function foldName(beginning: string, { nameCharsMax }: Limits): string {
  if (beginning.length > COMPOSED * nameCharsMax) {
    invalid(`Name too long: at most ${nameCharsMax} characters`);
  }
  return foldChannelName(beginning);
}

/** Display name in its stored form; it may be empty. */
export function normalDisplayName(name: string, limits: Limits): string {
  return normalShownName(name, { what: "Display name", bytesMax: limits.displayNameBytes });
}

/** The server's name in its stored form; it may be empty. */
export function normalServerName(name: string, limits: Limits): string {
  return normalShownName(name, { what: "Server name", bytesMax: limits.displayNameBytes });
}

function normalShownName(name: string, rule: TextRule): string {
  checkBytes(name, rule);
  const folded = foldDisplayName(name);
  checkBytes(folded, rule);
  const fault = displayNameFault(folded);
  return fault === undefined ? folded : invalid(`${rule.what} not allowed: ${fault}`);
}

/** Refuses message texts that show nothing, are overlong or invalid. */
export function checkMessageText(text: string, limits: Limits): void {
  checkText(text, { what: "Message", bytesMax: limits.messageBytes });
  if (BLANK.test(text)) invalid("Message not sent: it is empty");
}

/** Refuses texts with control characters or lone surrogates, and overlong ones. */
export function checkText(text: string, rule: TextRule): void {
  checkBytes(text, rule);
  if (hasControls(text)) invalid(`${rule.what} not allowed: it has control characters`);
  if (!text.isWellFormed()) invalid(`${rule.what} not allowed: it is not valid Unicode`);
}

/** Refuses texts that are not one line, or that change the direction of what stands beside them. */
export function checkLine(text: string, rule: TextRule): void {
  checkText(text, rule);
  if (/[\r\n\t\u2028\u2029]/.test(text)) invalid(`${rule.what} not allowed: it must be one line`);
  if (REORDERING.test(text)) invalid(`${rule.what} not allowed: it has direction characters`);
}

/** A reaction in its stored form: one emoji, or a :short_name:. */
export function normalEmoji(emoji: string, limits: Limits): string {
  checkLine(emoji, { what: "Emoji", bytesMax: limits.emojiBytes });
  return canonicalEmoji(emoji) ?? invalid("Reaction not allowed: send one emoji or a :shortcode:");
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

/** Refuses passwords that bcrypt would cut or that are too easy to try out. It is their NFC that is hashed. */
export function checkPassword(password: string, limits: Limits): void {
  const { passwordBytesMin: min, passwordBytesMax: max } = limits;
  // bounded: in the same line
  const bytes = password.length > COMPOSED * max ? Infinity : utf8Length(password.normalize("NFC"));
  if (bytes < min || bytes > max) invalid(`Password not allowed: use ${min} to ${max} bytes`);
  if (password.includes("\0")) invalid("Password not allowed: it has a NUL character");
}
