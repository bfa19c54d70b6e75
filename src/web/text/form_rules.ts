/** What is wrong with what was typed into a form, so that the field can name it. @module */
import { channelNameFault as refusedBecause, foldChannelName } from "../../text/channel_name.ts";
import { displayNameFault, foldDisplayName } from "../../text/display_name.ts";
import { withoutJoiners } from "../../text/joiners.ts";
import type { Key } from "../i18n/catalogue.ts";

export interface Fault {
  /** The text that names it. */
  readonly key: Key;
  readonly values?: Readonly<Record<string, string | number>>;
  /** It may be no fault any more when more is typed: it is named when the field is left. */
  readonly late?: boolean;
}

const [NAME_MIN, NAME_MAX] = [2, 32];
/** A server may be told another bound; it says so itself then. */
const SHOWN_BYTES_MAX = 128;
/** The server keeps them for mentions of everybody. */
const RESERVED = new Set(["all", "channel", "everyone", "here"]);

/** The first fault of a login name; undefined when there is none, or nothing yet. */
export function loginNameFault(name: string): Fault | undefined {
  if (RESERVED.has(name)) return { key: "faultReserved", values: { name } };
  return nameFault(name, /[^a-z0-9._-]/u, "faultLetters");
}

/** The first fault of a channel's name, which may be of any script. */
export function channelNameFault(name: string): Fault | undefined {
  const folded = foldedChannelName(name);
  const fault = nameFault(withoutJoiners(folded), /[^\p{L}\p{M}\p{N}._-]/u, "faultCharacter");
  if (fault || folded === "") return fault;
  return refusedBecause(folded, { min: NAME_MIN, max: NAME_MAX }) ? { key: "faultMixed" } : undefined;
}

/** The form in which the server would store the name. */
export function foldedChannelName(name: string): string {
  // One letter may take four units; what is longer is too long however it is folded.
  return foldChannelName(name.slice(0, 4 * NAME_MAX));
}

/** The server's name follows the rules of display names. */
export function serverNameFault(name: string): Fault | undefined {
  if (bytesOf(name) > SHOWN_BYTES_MAX) return { key: "faultLongName" };
  return displayNameFault(foldDisplayName(name)) ? { key: "faultInvisible" } : undefined;
}

/** Passwords are measured in bytes of UTF-8. */
export function passwordFault(password: string, [min, max]: readonly [number, number]): Fault | undefined {
  const bytes = bytesOf(password);
  if (bytes > max) return { key: "passwordTooLong", values: { max } };
  return bytes > 0 && bytes < min ? { key: "faultShort", values: { min }, late: true } : undefined;
}

function nameFault(name: string, strange: RegExp, key: Key): Fault | undefined {
  if (name === "") return undefined;
  if (/\s/.test(name)) return { key: "faultSpaces" };
  const character = strange.exec(name)?.[0];
  if (character) return { key, values: { character } };
  if (/^[._-]/.test(name)) return { key: "faultStart" };
  const { length } = [...name];
  if (length > NAME_MAX) return { key: "faultLong", values: { max: NAME_MAX } };
  return length < NAME_MIN ? { key: "faultShort", values: { min: NAME_MIN }, late: true } : undefined;
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}
