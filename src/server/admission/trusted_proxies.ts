/** Where a request comes from. @module */
import { IpAddress, IpRange } from "../../ip_address.ts";

/** More proxies than this stand behind one another nowhere. */
const HOPS_MAX = 32;
/** An address in brackets with its port. */
const HOP_CHARS = 72;
const PORT = /^\d{1,5}$/;

/** The proxies whose word about who comes is believed. */
export class TrustedProxies {
  readonly #ranges: readonly IpRange[];

  /** Takes addresses and networks; what is neither counts for nothing. */
  constructor(texts: readonly string[]) {
    this.#ranges = texts.map((text) => IpRange.parse(text)).filter((range) => range !== undefined);
  }

  includes(address: IpAddress): boolean {
    return this.#ranges.some((range) => range.contains(address));
  }

  /**
   * The peer itself, or, when it is one of these proxies, the last address in X-Forwarded-For that is none of them.
   * Where the header ends, or has something that is no address (`unknown`, `_name`), the proxy that wrote it stands for
   * whoever came to it. The header is read from its end, and no further than needed.
   */
  addressOf(request: Request, peer: IpAddress): IpAddress {
    let address = peer;
    let rest = this.includes(peer) ? request.headers.get("x-forwarded-for") : null;
    for (let hops = 0; rest !== null && hops < HOPS_MAX; hops++) {
      const comma: number = rest.lastIndexOf(",");
      const hop = hopOf(rest.slice(comma + 1).trim());
      if (!hop) return address;
      address = hop;
      if (!this.includes(hop)) return address;
      rest = comma < 0 ? null : rest.slice(0, comma);
    }
    return address;
  }
}

/** The address in one part of X-Forwarded-For, which may have a port behind it: `192.0.2.1:80`, `[2001:db8::1]:80`. */
function hopOf(text: string): IpAddress | undefined {
  if (text.length > HOP_CHARS) return undefined;
  const end = text.startsWith("[") ? text.indexOf("]") + 1 : portOf(text);
  if (end === 0) return undefined;
  const behind = text.slice(end);
  if (behind !== "" && !(behind.startsWith(":") && PORT.test(behind.slice(1)))) return undefined;
  return IpAddress.parse(text.startsWith("[") ? text.slice(1, end - 1) : text.slice(0, end));
}

/** Where an address without brackets ends: at its only colon, since IPv6 has several. */
function portOf(text: string): number {
  const colon = text.indexOf(":");
  return colon > 0 && colon === text.lastIndexOf(":") ? colon : text.length;
}
