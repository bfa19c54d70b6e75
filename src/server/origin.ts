/**
 * Which pages may act with a user's cookie. A page of another site must
 * neither open a socket (cross-site WebSocket hijacking) nor send commands.
 *
 * @module
 */

/** Whether the request comes from this server's own pages or an allowed origin. */
export function originAllowed(request: Request, allowed: readonly string[]): boolean {
  const origin = request.headers.get("origin");
  if (origin === null) return false;
  if (allowed.includes(origin)) return true;
  // In HTTP/2 the host stands in :authority alone (RFC 9113, section 8.3.1), which the runtime puts into the URL.
  const host = request.headers.get("host") ?? new URL(request.url).host;
  // The scheme is the proxy's affair; host and port have to be the very same.
  return origin === `http://${host}` || origin === `https://${host}`;
}
