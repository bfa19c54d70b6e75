/** What a request asks for. @module */

/** Letters, digits and what stands between them in names, addresses and ports; nothing that ends a host in a URL. */
const HOST = /^[a-z0-9._:[\]-]*$/i;

/**
 * The path of a request's address; undefined when the address is none. Deno puts what the peer sent as its host
 * in front of the path, so that a host with a slash would be another path.
 */
export function pathOf(request: Request): string | undefined {
  if (!HOST.test(request.headers.get("host") ?? "")) return undefined;
  // Nothing is an address of the asterisk of OPTIONS, or of the target of CONNECT.
  return URL.parse(request.url)?.pathname;
}
