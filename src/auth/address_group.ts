/** Which addresses count as one visitor, and which visitors are neighbours. @module */

const BITS_PER_WORD = 16;
/** What a provider has, what a large customer has, and what every customer has. */
const IPV6_NETWORKS = [32, 48, 64];

/**
 * The key of an IP address for counting: IPv4 as it is (also when written as
 * IPv6), IPv6 cut to its /64 network, since one customer owns all of that.
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
  const mapped = /^(?:::ffff:)?(\d+\.\d+\.\d+)\.\d+$/i.exec(address);
  if (mapped) return [`${mapped[1]}.0/24`, address.slice(address.lastIndexOf(":") + 1)];
  const words = wordsOf(address);
  if (!words) return [address.slice(0, 64)];
  return IPV6_NETWORKS.map((bits) => `${words.slice(0, bits / BITS_PER_WORD).join(":")}::/${bits}`);
}

/** The first words of an IPv6 address, without leading zeros; undefined for anything else. */
function wordsOf(address: string): string[] | undefined {
  const plain = address.split("%")[0]!.toLowerCase();
  if (!/^[0-9a-f:]+(?:\.\d+\.\d+\.\d+)?$/.test(plain) || !plain.includes(":")) return undefined;
  const [head = "", tail] = plain.split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const words = [...before, ...Array<string>(zeros).fill("0"), ...after];
  return words.slice(0, 4).map((word) => word.replace(/^0+(?=.)/, ""));
}
