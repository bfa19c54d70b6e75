/** Kinds of option values: how each is written and what is allowed. @module */
import { isIP } from "node:net";
import { IpAddress, IpRange } from "../ip_address.ts";

/** Labels of letters, digits, hyphens and underscores (which some networks have), 253 characters at most. */
const HOST_NAME = /^(?=.{1,253}$)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63}){0,126}$/i;

/** Reads and writes one kind of value. */
export interface Kind<T> {
  /** Stands for the value in the help. */
  readonly placeholder: string;
  /** What a value must be; completes "must be …". */
  readonly what: string;
  /** Undefined when the text is no such value. */
  fromText(text: string): T | undefined;
  /** The same value as text; undefined when JSON's type is wrong. */
  textOfJson(json: unknown): string | undefined;
  /** The value as the file holds it. */
  toJson(value: NonNullable<T>): unknown;
  /** What a flag without a value means; undefined when it needs one. */
  readonly alone?: string;
}

function textOfString(json: unknown): string | undefined {
  return typeof json === "string" ? json : undefined;
}

export function text(placeholder: string, maxChars: number): Kind<string> {
  return {
    placeholder,
    what: `1–${maxChars} characters without control characters`,
    fromText(text) {
      const trimmed = text.trim();
      const fits = trimmed.length >= 1 && trimmed.length <= maxChars && !/\p{Cc}/u.test(trimmed);
      return fits ? trimmed : undefined;
    },
    textOfJson: textOfString,
    toJson: (value) => value,
  };
}

/** Where to listen; an IPv6 address also in brackets, as it stands in a URL. */
export const host: Kind<string> = {
  ...text("ADDRESS", 255),
  what: "an address or a host name without a port, like 127.0.0.1, ::1 or chat.example.com",
  fromText(given) {
    const trimmed = given.trim();
    const bare = trimmed.startsWith("[") && trimmed.endsWith("]") ? trimmed.slice(1, -1) : trimmed;
    if (isIP(bare) !== 0) return isIP(bare) === 4 && bare !== trimmed ? undefined : bare;
    return trimmed === bare && /^[\w.-]{1,255}$/.test(trimmed) ? trimmed : undefined;
  },
};

export function whole(min: number, max: number): Kind<number> {
  return {
    placeholder: "N",
    what: `a whole number from ${min} to ${max}`,
    fromText(text) {
      if (!/^\d{1,9}$/.test(text.trim())) return undefined;
      const value = Number(text);
      return value >= min && value <= max ? value : undefined;
    },
    textOfJson: (json) => typeof json === "number" ? String(json) : undefined,
    toJson: (value) => value,
  };
}

/** One of a few words, each standing for a value. */
export function choice<T>(values: Readonly<Record<string, T>>): Kind<T> {
  const words = Object.keys(values);
  return {
    placeholder: words.join("|"),
    what: `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`,
    fromText: (text) => Object.hasOwn(values, text) ? values[text] : undefined,
    textOfJson: textOfString,
    toJson: (value) => words.find((word) => values[word] === value),
  };
}

/** A switch: true or false in the file, and a flag that needs no value. */
export const onOff: Kind<boolean> = {
  placeholder: "[on|off]",
  what: "on or off",
  fromText: (text) =>
    text === "on" || text === "true" ? true : text === "off" || text === "false" ? false : undefined,
  textOfJson: (json) => typeof json === "boolean" ? String(json) : textOfString(json),
  toJson: (value) => value,
  alone: "on",
};

/** Words separated by commas, or an array of strings in the file; `item` gives back the normal form of one. */
function list(
  placeholder: string,
  what: string,
  item: (text: string) => string | undefined,
): Kind<readonly string[]> {
  return {
    placeholder,
    what,
    fromText(text) {
      const items = text.split(",").map((part) => part.trim()).filter((part) => part !== "").map(item);
      return items.every((value) => value !== undefined) ? Object.freeze([...new Set(items)]) : undefined;
    },
    textOfJson(json) {
      const strings = Array.isArray(json) && json.every((part) => typeof part === "string");
      return strings ? json.join(",") : textOfString(json);
    },
    toJson: (value) => value,
  };
}

export const origins = list("ORIGIN,…", "origins like https://chat.example.com, separated by commas", origin);

export const addressRanges = list(
  "ADDRESS,…",
  "IP addresses and networks like 10.0.0.0/8, separated by commas",
  (text) => IpRange.parse(text)?.text,
);

/** Without a port: the name alone is what a stranger cannot have. */
export const hostNames = list(
  "NAME,…",
  "host names or addresses without a port, like chat.local, separated by commas",
  (text) => HOST_NAME.test(text) ? text.toLowerCase() : IpAddress.parse(text)?.text,
);

export const url: Kind<string | undefined> = {
  placeholder: "URL",
  what: "an address like https://chat.example.com or https://example.com/chat",
  fromText: address,
  textOfJson: textOfString,
  toJson: (value) => value,
};

/** Path of a file or folder. */
export function path(placeholder: string): Kind<string> {
  return { ...text(placeholder, 4096), what: "a path of 1–4096 characters without control characters" };
}

/** Scheme, host and port; undefined for anything that has more, or is not for the web. */
function origin(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.protocol !== "http:" && url.protocol !== "https:") return undefined;
  return url.href === `${url.origin}/` ? url.origin : undefined;
}

/** Without a slash at the end; a proxy may serve the chat below a path. */
function address(text: string): string | undefined {
  const url = URL.parse(text);
  if (!url || origin(url.origin) === undefined || url.username || url.search || url.hash) return undefined;
  return url.origin + url.pathname.replace(/(?<!\/)\/+$/, "");
}
