/**
 * Whether each visitor counts as one. Rookery tells nobody what address it
 * takes them for; but it allows each address only so many requests without a session.
 *
 * @module
 */
import { type Finding, ok, problem, unknown } from "../finding.ts";
import { ask, reasonOf, type Target } from "./target.ts";

const CHECK = "visitors";
const AT_ONCE = 16;
/** Servers may be told to allow more than is decent to try. */
const REQUESTS_MAX = 1500;

/**
 * Sends requests that claim to come from ever other addresses, until they are
 * turned away as one visitor's. `localAddress` is this side's of a connection to the proxy.
 */
export async function examineVisitors(target: Target, localAddress: string | undefined): Promise<Finding> {
  const { base, burst, perSecond } = target;
  let sent = 0;
  const startMs = performance.now();
  const allowed = () => burst + perSecond * ((performance.now() - startMs) / 1000);
  // The server refills while it is asked: it has to be asked a good deal faster.
  const enough = () => sent > allowed() * 1.5 + 50 || sent >= REQUESTS_MAX;
  let limited: boolean;
  try {
    limited = await turnsAway(
      base,
      () => enough() ? undefined : { "x-forwarded-for": `203.0.113.${sent++ % 250}` },
    );
    if (limited) return await judgeRealAddress(target, localAddress);
  } catch (error) {
    return unknown(CHECK, `Could not be tried: ${reasonOf(error)}`, "See above");
  }
  if (sent <= allowed() * 1.2 + 20) {
    return unknown(
      CHECK,
      "Could not be tried: the way is too slow, or the server allows too much",
      "Try it from a machine nearby",
    );
  }
  return problem(
    CHECK,
    "Whoever sends X-Forwarded-For passes as another: guessing passwords cannot be slowed down",
    "Let the proxy replace that header (nginx: proxy_set_header X-Forwarded-For $remote_addr), not append to it, " +
      "and let --trusted-proxies name proxies only",
  );
}

/** All claims counted as one address. If that is the proxy's own, it is turned away without the proxy, too. */
async function judgeRealAddress(
  { direct, burst }: Target,
  localAddress: string | undefined,
): Promise<Finding> {
  const own = direct && new URL(direct).hostname.replace(/^\[|\]$/g, "");
  if (!direct || localAddress === undefined || localAddress === own) {
    return ok(
      CHECK,
      "Nobody can pass as another by X-Forwarded-For (whether the proxy tells addresses at all shows only on the server's " +
        "machine, with a public --url)",
    );
  }
  // Fewer than one who was not here before may send, and more than come back in that time.
  let left = Math.floor(burst / 2);
  return await turnsAway(direct, () => left-- > 0 ? {} : undefined)
    ? problem(
      CHECK,
      "All people count as one address, the proxy's: one who guesses passwords keeps everybody out",
      "Let the proxy send X-Forwarded-For, and name it in --trusted-proxies",
    )
    : ok(CHECK, "Each visitor counts as one, and nobody can pass as another by X-Forwarded-For");
}

/** Sends requests with these headers until Rookery turns one away for coming too often, or there are no more. */
async function turnsAway(
  base: string,
  next: () => Record<string, string> | undefined,
): Promise<boolean> {
  let limited = false;
  const visitor = async () => {
    for (let headers = next(); headers && !limited; headers = next()) {
      const response = await ask(`${base}/api/v1/GetServerInfo`, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: "{}",
      });
      const text = await response.text();
      if (response.status === 429 && /RESOURCE_EXHAUSTED/.test(text)) limited = true;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, visitor));
  return limited;
}
