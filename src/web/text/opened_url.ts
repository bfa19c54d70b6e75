/** What a link of a message opens. @module */
import { withScheme } from "../../text/address.ts";

const CHARS_MAX = 2048;

/** The address of a link as it is opened; undefined when it is none, or deceives about where it leads. */
export function openedUrl(address: string): URL | undefined {
  const url = withScheme(address);
  if (url.length > CHARS_MAX || !URL.canParse(url)) return undefined;
  const parsed = new URL(url);
  // Before an @ stands a name that looks like a host.
  return parsed.username || parsed.password ? undefined : parsed;
}

/** Whether the words of a link name the host that it leads to. */
export function namesHost(words: string, { host }: URL): boolean {
  const rest = words.toLowerCase().replace(/^https?:\/\//, "");
  return rest.startsWith(host) && !/^[\p{L}\p{N}.-]/u.test(rest.slice(host.length));
}
