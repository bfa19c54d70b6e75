/** What is on this machine is asked without a proxy. @module */

const LOOPBACK = ["localhost", "127.0.0.0/8", "::1"];
/** Deno reads either, once, before the first request. */
const VARIABLES = ["NO_PROXY", "no_proxy"] as const;

/**
 * Keeps HTTP_PROXY and its like from this machine's own addresses, for fetch and WebSocket of this process. Does nothing
 * where the sandbox keeps the variables away: only the server runs so, and it asks nobody.
 */
export function exemptLoopback(): void {
  for (const variable of VARIABLES) {
    if (Deno.permissions.querySync({ name: "env", variable }).state !== "granted") return;
  }
  const given = VARIABLES.map((name) => Deno.env.get(name)).find((value) => value);
  const list = [...(given ? [given] : []), ...LOOPBACK].join(",");
  for (const name of VARIABLES) Deno.env.set(name, list);
}
