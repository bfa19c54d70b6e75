/** Which addresses count as one visitor. @module */

/**
 * The key of an IP address for counting: IPv4 as it is (also when written as
 * IPv6), IPv6 cut to its /64 network, since one customer owns all of that.
 * Anything else is returned unchanged, cut to 64 characters.
 */
export function addressGroup(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped) return mapped[1]!;
  const plain = address.split("%")[0]!.toLowerCase();
  if (!/^[0-9a-f:]+(?:\.\d+\.\d+\.\d+)?$/.test(plain) || !plain.includes(":")) return address.slice(0, 64);
  const [head = "", tail] = plain.split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const groups = [...before, ...Array<string>(zeros).fill("0"), ...after];
  return groups.slice(0, 4).map((group) => group.replace(/^0+(?=.)/, "")).join(":") + "::/64";
}
