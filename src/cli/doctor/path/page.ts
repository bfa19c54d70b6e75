/** What a browser gets first: encryption, the page, its headers, and nothing that it should not get. @module */
import { isIP } from "node:net";
import { connect as connectTls, type PeerCertificate } from "node:tls";
import { serverInfo } from "../../../client/mod.ts";
import { VERSION } from "../../../version.ts";
import { neutralLine } from "../../chat/text.ts";
import { type Finding, ok, problem, unknown, warning } from "../finding.ts";
import { isReady, whyNotReady } from "../readiness.ts";
import { ANSWER_MS, ask, reasonOf, type Target } from "./target.ts";

const DAY_MS = 24 * 3600 * 1000;
const RENEW_DAYS = 14;
/** More of somebody else's words is not shown. */
const LOCATION_CHARS = 200;
/** The Date header counts in whole seconds, and answers take time. */
const CLOCK_MS = 5000;

/** Undefined stands for an address that does not answer at all; the finding says why. */
export async function examineAnswer({ base }: Target): Promise<{ finding: Finding; reached: boolean }> {
  try {
    const response = await ask(`${base}/healthz`);
    await response.body?.cancel();
    const elsewhere = leadsElsewhere(base, response);
    if (elsewhere) return { reached: false, finding: elsewhere };
  } catch (error) {
    return {
      reached: false,
      finding: problem("address", `${base} does not answer: ${reasonOf(error)}`, adviceFor(error)),
    };
  }
  const { protocol, hostname } = new URL(base);
  if (protocol === "https:") return { reached: true, finding: await examineCertificate(base) };
  const own = hostname === "localhost" || hostname.startsWith("127.") || hostname === "[::1]";
  return {
    reached: true,
    finding: own ? ok("address", `${base} answers, without encryption, on this machine`) : warning(
      "address",
      `${base} is not encrypted: whoever is in between reads passwords and messages`,
      "Let a proxy encrypt: rookery example caddy, or nginx",
    ),
  };
}

/** Clients follow no redirect: what a command has in it must not go where its sender did not send it. */
function leadsElsewhere(base: string, { status, headers }: Response): Finding | undefined {
  const location = headers.get("location");
  if (status < 300 || status >= 400 || location === null) return undefined;
  const target = URL.parse(location, `${base}/healthz`);
  if (!target || !/^https?:$/.test(target.protocol)) {
    return problem(
      "address",
      `${base} answers with status ${status} and leads to ${
        neutralLine(location.slice(0, LOCATION_CHARS))
      }, which is no address`,
      "Look at the proxy's redirects",
    );
  }
  target.search = target.hash = "";
  const there = target.href.replace(/\/healthz\/?$/, "").replace(/(?<!\/)\/+$/, "").slice(0, LOCATION_CHARS);
  return problem(
    "address",
    `${base} answers with status ${status} and leads to ${neutralLine(there)}, which programs do not follow`,
    /\/healthz\/?$/.test(target.pathname)
      ? `Examine that address, and give it to people and as --url: rookery doctor --url ${neutralLine(there)}`
      : "That is no server of ours, perhaps a login of the proxy: let it pass this address on to Rookery",
  );
}

function adviceFor(error: unknown): string {
  const reason = reasonOf(error);
  if (/CaUsedAsEndEntity/.test(reason)) {
    return "The certificate is an authority's, which nobody takes for a server's: let the authority sign one for this name";
  }
  if (/InvalidContentType|InvalidMessage|wrong version|corrupt message/i.test(reason)) {
    return "What listens there speaks no TLS: is it the port of plain HTTP? Use http://, or the proxy's port";
  }
  if (/BadSignature|BadEncoding|UnsupportedCritical|UnsupportedSignature/.test(reason)) {
    return "The certificate cannot be read or does not fit its chain: get a new one";
  }
  if (/UnknownIssuer/.test(reason)) {
    return "The certificate comes from nobody whom browsers trust: get one from Let's Encrypt (Caddy does it by itself); " +
      "is the chain complete (fullchain.pem)? For an authority of your own start this with DENO_CERT=FILE";
  }
  if (/Expired|NotValidYet/.test(reason)) {
    return "Renew the certificate, and see why that does not happen by itself";
  }
  if (/NotValidForName|not valid for name/.test(reason)) {
    return "The certificate is for another name: get one for this one";
  }
  if (/dns error|lookup|resolve/i.test(reason)) return "The name has no address: see to its DNS record";
  if (/refused/i.test(reason)) {
    return "Nobody listens there: start the proxy, open the firewall, forward the port";
  }
  return "Start the server and the proxy; look at the proxy's error log";
}

async function examineCertificate(base: string): Promise<Finding> {
  const validTo = await certificateEnd(new URL(base)).catch(() => undefined);
  if (!validTo) {
    return ok("address", `${base} answers; its certificate is valid (until when cannot be seen from here)`);
  }
  const days = Math.floor((validTo - Date.now()) / DAY_MS);
  const found = `${base} answers; its certificate is valid for ${days} more days`;
  return days < RENEW_DAYS
    ? warning(
      "address",
      found,
      "It should have been renewed by now: look at what does that (certbot renew --dry-run)",
    )
    : ok("address", found);
}

/** Milliseconds since 1970 UTC. The connection itself is not judged: fetch has done that. */
async function certificateEnd({ hostname, port }: URL): Promise<number | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
  const host = hostname.replace(/^\[|\]$/g, "");
  const socket = connectTls({
    host,
    port: Number(port || 443),
    // Names only (RFC 6066, section 3).
    ...(isIP(host) ? {} : { servername: host }),
    rejectUnauthorized: false,
  }, () => {
    const { valid_to } = socket.getPeerCertificate() as Partial<PeerCertificate>;
    const endMs = Date.parse(valid_to ?? "");
    resolve(Number.isNaN(endMs) ? undefined : endMs);
  });
  socket.on("error", reject);
  socket.setTimeout(ANSWER_MS, () => reject(new Error("No answer")));
  return await promise.finally(() => socket.destroy());
}

/** The page, the API behind it, and their headers. */
export async function examinePage(target: Target): Promise<Finding[]> {
  const { base } = target;
  const startMs = Date.now();
  const response = await ask(`${base}/`);
  const tookMs = Date.now() - startMs;
  const text = await response.text();
  const findings = [
    judgePage(base, { response, text }),
    await examineApi(target),
    ...judgeClock(response, startMs + tookMs / 2, tookMs),
  ];
  if (base.startsWith("https:") && !response.headers.has("strict-transport-security")) {
    findings.push(warning(
      "headers",
      "Strict-Transport-Security is missing: a browser's first visit may begin without encryption",
      'Let the proxy add: Strict-Transport-Security "max-age=31536000"',
    ));
  }
  return findings;
}

function judgePage(base: string, { response, text }: { response: Response; text: string }): Finding {
  const policy = response.headers.get("content-security-policy") ?? "";
  const type = response.headers.get("content-type") ?? "";
  if (response.status === 421) return unknownName(base, text);
  if (response.status !== 200 || !type.startsWith("text/html")) {
    const location = response.headers.get("location");
    return problem(
      "page",
      `${base}/ answers with status ${response.status}${
        location ? ` and leads to ${neutralLine(location)}` : ""
      }`,
      "Let the proxy pass this address on to Rookery; below a path it has to take the path away",
    );
  }
  if (!/require-trusted-types-for/.test(policy) && !/was not built/.test(text)) {
    return problem(
      "page",
      `${base}/ is a page, but not Rookery's as it is sent: its content policy is missing or another`,
      "Is it the right address? Else let the proxy leave Content-Security-Policy alone",
    );
  }
  return /was not built/.test(text)
    ? warning("page", "The web client was not built", "deno task web, then start the server again")
    : ok("page", `${base}/ is the web client, with its content policy`);
}

/** By the words of the answer, Rookery's own is told from a proxy's. */
function unknownName(base: string, text: string): Finding {
  const { hostname } = new URL(base);
  const name = hostname.replace(/^\[|\]$/g, "");
  const [, ours] = /^This chat is at (\S+)\n$/.exec(text) ?? [];
  if (ours === undefined && !/^This server does not know the name/.test(text)) {
    return problem(
      "page",
      `${base}/ answers with status 421: what stands in front of Rookery has no site of the name ${name}`,
      `Set up ${name} in the proxy; has it a certificate for this name of its own?`,
    );
  }
  const known = ours === undefined
    ? ""
    : `, and takes ${neutralLine(ours.slice(0, LOCATION_CHARS))} for its address`;
  return problem(
    "page",
    `${base}/ answers with status 421: the server does not know the name ${name}${known}`,
    `If people use this address, start the server with --url ${base}; if it is one of several, with --hosts ${name}. ` +
      "Or let the proxy pass on the Host that it was asked for",
  );
}

async function examineApi({ base }: Target): Promise<Finding> {
  try {
    const { version } = await serverInfo(base, { format: "json", signal: AbortSignal.timeout(ANSWER_MS) });
    const same = version === VERSION;
    const found = `${base}/api/v1/ is Rookery ${neutralLine(version)}`;
    return same
      ? ok("API", found)
      : warning("API", `${found}; this program is ${VERSION}`, "Examine with the same version");
  } catch (error) {
    return problem(
      "API",
      `POST ${base}/api/v1/… fails: ${reasonOf(error)}`,
      "Let the proxy pass everything below the address on, and POST too",
    );
  }
}

function judgeClock({ headers }: Response, nowMs: number, tookMs: number): Finding[] {
  const there = Date.parse(headers.get("date") ?? "");
  if (Number.isNaN(there)) return [];
  const differenceMs = Math.abs(there - nowMs);
  const found = `The clocks here and there differ by ${Math.round(differenceMs / 1000)} s`;
  return differenceMs > CLOCK_MS + tookMs
    ? [warning("clock there", found, "One of them is wrong: timedatectl on both machines tells which")]
    : [ok("clock there", found)];
}

/** What is for the operator only. */
export async function examineDoors({ base }: Target): Promise<Finding[]> {
  const findings: Finding[] = [];
  const ready = await ask(`${base}/readyz`);
  const text = await ready.text();
  if (ready.status === 503) {
    findings.push(
      problem(
        "ready",
        `${base}/readyz: ${whyNotReady(text)}`,
        "docs/operations.md says what to do; the server's log has more",
      ),
    );
  } else {
    findings.push(
      ready.ok && isReady(text) ? ok("ready", `${base}/readyz is ready`) : unknown(
        "ready",
        `${base}/readyz is not passed on`,
        "Fine, if something on the server's own machine watches it",
      ),
    );
  }
  const metrics = await ask(`${base}/metrics`);
  if (/^rookery_/m.test(await metrics.text())) {
    findings.push(problem(
      "metrics",
      `${base}/metrics can be read by everybody: counts tell when people talk, and how many`,
      "Do not pass that path or the metrics port on",
    ));
  }
  return findings;
}
