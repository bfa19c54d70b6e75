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
  const host = request.headers.get("host");
  // The scheme is the proxy's affair; host and port have to be the very same.
  return host !== null && (origin === `http://${host}` || origin === `https://${host}`);
}
