/**
 * IP addresses in one canonical form, and ranges of them.
 *
 * One address has many spellings: IPv4 also stands inside of IPv6 (`::ffff:192.0.2.1`, which is what a socket on `::`
 * sees), and IPv6 has zeros, capitals and zones that may be left out. Whoever compares or counts addresses compares
 * what {@link IpAddress.parse} makes of them.
 *
 * @module
 */
import ipaddr from "ipaddr.js";

/** An IPv6 address with an IPv4 tail has 45 characters; what is left is for a zone. */
const CHARS_MAX = 64;
/** The bits of `::ffff:0:0/96`, in which IPv4 is written as IPv6. */
const MAPPED_BITS = 96;
const BITS = /^\d{1,3}$/;

/** An address without a zone; IPv4 that is written as IPv6 is IPv4. */
export class IpAddress {
  /** The canonical spelling: `192.0.2.1`, `2001:db8::1`. */
  readonly text: string;
  readonly #parsed: ipaddr.IPv4 | ipaddr.IPv6;

  private constructor(parsed: ipaddr.IPv4 | ipaddr.IPv6) {
    this.#parsed = parsed;
    this.text = parsed.toString();
  }

  /** Undefined for everything that is no address; IPv4 is four decimal numbers and nothing else. */
  static parse(text: string): IpAddress | undefined {
    if (text.length > CHARS_MAX) return undefined;
    const zone = text.indexOf("%");
    const bare = zone > 0 ? text.slice(0, zone) : text;
    if (!bare.includes(":")) {
      return ipaddr.IPv4.isValidFourPartDecimal(bare) ? new IpAddress(ipaddr.IPv4.parse(bare)) : undefined;
    }
    return ipaddr.IPv6.isValid(bare) ? new IpAddress(ipaddr.process(bare)) : undefined;
  }

  get isIpv6(): boolean {
    return this.#parsed.kind() === "ipv6";
  }

  /** Whether it is this machine's own. */
  get isLoopback(): boolean {
    return this.#parsed.range() === "loopback";
  }

  /** The network of this many bits that it lies in, in canonical spelling: `2001:db8::/64`. */
  network(bits: number): string {
    const kind = this.isIpv6 ? ipaddr.IPv6 : ipaddr.IPv4;
    return `${kind.networkAddressFromCIDR(`${this.text}/${bits}`)}/${bits}`;
  }

  /** Whether it lies in the network of this many bits around `other`. */
  shares(other: IpAddress, bits: number): boolean {
    const [mine, its] = [this.#parsed, other.#parsed];
    if (mine instanceof ipaddr.IPv4) return its instanceof ipaddr.IPv4 && mine.match(its, bits);
    return its instanceof ipaddr.IPv6 && mine.match(its, bits);
  }
}

/** One address, or a network by its prefix (RFC 4632): `10.0.0.0/8`, `2001:db8::/32`. */
export class IpRange {
  /** The canonical spelling; a single address stands without its bits. */
  readonly text: string;
  readonly #address: IpAddress;
  readonly #bits: number;

  private constructor(address: IpAddress, bits: number) {
    this.#address = address;
    this.#bits = bits;
    const whole = bits === (address.isIpv6 ? 128 : 32);
    this.text = whole ? address.text : address.network(bits);
  }

  /** Undefined for everything that is neither an address nor a network. */
  static parse(text: string): IpRange | undefined {
    const slash = text.indexOf("/");
    const spelled = slash < 0 ? text : text.slice(0, slash);
    const address = IpAddress.parse(spelled);
    if (!address) return undefined;
    const most = address.isIpv6 ? 128 : 32;
    if (slash < 0) return new IpRange(address, most);
    const given = text.slice(slash + 1);
    if (!BITS.test(given)) return undefined;
    const bits = Number(given) - (!address.isIpv6 && spelled.includes(":") ? MAPPED_BITS : 0);
    return bits >= 0 && bits <= most ? new IpRange(address, bits) : undefined;
  }

  contains(address: IpAddress): boolean {
    return address.shares(this.#address, this.#bits);
  }
}
