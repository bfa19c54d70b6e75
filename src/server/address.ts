/** Where a request comes from. @module */

/**
 * The peer's address, or, behind a trusted proxy, the last address in
 * X-Forwarded-For that is not such a proxy itself.
 */
export function addressOf(request: Request, peer: string, trusted: readonly string[]): string {
  if (!trusted.includes(peer)) return peer;
  const hops = (request.headers.get("x-forwarded-for") ?? "").split(",").map((hop) => hop.trim());
  return hops.reverse().find((hop) => hop !== "" && !trusted.includes(hop)) ?? peer;
}

/** Whether the address is this machine's own. */
export function isLoopback(address: string): boolean {
  return address === "::1" || address.startsWith("127.") || address.startsWith("::ffff:127.");
}
