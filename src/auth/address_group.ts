/** Which addresses count as one visitor, and which visitors are neighbours. @module */
import { IpAddress } from "../ip_address.ts";

const CHARS_MAX = 64;
const IPV4_BITS = 24;
/** What a provider has, what a large customer has, and what every customer has. */
const IPV6_BITS = [32, 48, 64];

/**
 * The key of an IP address for counting: IPv4 as it is (also when written as IPv6), IPv6 cut to its /64 network.
 * Anything else is returned unchanged, cut to 64 characters.
 */
export function addressGroup(address: string): string {
  return addressPath(address).at(-1)!;
}

/**
 * The networks that an address lies in, widest first, the last one its {@link addressGroup}: /24 of IPv4; /32 and /48 of
 * IPv6, of which one customer can have thousands of /64.
 */
export function addressPath(address: string): string[] {
  const parsed = IpAddress.parse(address);
  if (!parsed) return [address.slice(0, CHARS_MAX)];
  return parsed.isIpv6
    ? IPV6_BITS.map((bits) => parsed.network(bits))
    : [parsed.network(IPV4_BITS), parsed.text];
}
