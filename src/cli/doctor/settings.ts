/** Versions and settings. @module */
import type { Config } from "../../config.ts";
import { followerFiles, LITTLE_LAG, newestTimeOf, schemaOf, sqliteVersion } from "../../store/mod.ts";
import { VERSION } from "../../version.ts";
import { type Finding, messageOf, ok, problem, warning } from "./finding.ts";

/** A clock that is kept right by small steps. */
const AHEAD_MS = 60_000;
const DENO = "2.9";

export function examineVersions(): Finding {
  const { deno } = Deno.version;
  const found = `Rookery ${VERSION}, Deno ${deno}, SQLite ${sqliteVersion()}`;
  return deno.startsWith(`${DENO}.`)
    ? ok("versions", found)
    : warning("versions", found, `Rookery is tested with Deno ${DENO}: use that`);
}

/** The folder's database, before anything is opened for writing. */
export async function examineSchema(folder: string): Promise<Finding> {
  try {
    const schema = await schemaOf(folder);
    if (!schema) return ok("database", "There is none yet");
    const { version, newest } = schema;
    return version === newest ? ok("database", `Its schema is ${version}, the one of this version`) : warning(
      "database",
      `Its schema is ${version}; this version brings it to ${newest} when it starts, and there is no way back`,
      "Make a backup first: rookery backup FOLDER",
    );
  } catch (error) {
    return problem(
      "database",
      messageOf(error),
      "rookery verify examines it; rookery restore puts a backup in its place",
    );
  }
}

/** Whether the newest events say a time that is yet to come; undefined where there are none, or none can be read. */
export async function examineTimes(folder: string): Promise<Finding | undefined> {
  const newestMs = await newestTimeOf(folder).catch(() => undefined);
  if (!newestMs) return undefined;
  const newest = new Date(newestMs).toISOString().slice(0, 16).replace("T", " ");
  return newestMs - Date.now() > AHEAD_MS
    ? warning(
      "times",
      `The newest event is of ${newest} UTC, which is yet to come: the clock was ahead, and until then everything gets that time`,
      'docs/operations.md, "the clock was ahead", is the way back',
    )
    : ok("times", `The newest event is of ${newest} UTC`);
}

/** How far those are that follow the log; nothing when none has ever run. */
export async function examineFollowers(
  folder: string,
  { running }: { readonly running: boolean },
): Promise<Finding[]> {
  // A log that cannot be read is told of with the database.
  const files = await followerFiles(folder).catch(() => []);
  return files.map(({ name, position, head }) => {
    const check = "followers";
    if (position === undefined) {
      return warning(
        check,
        `${name} cannot be read, or belongs to another log`,
        "The next start makes it anew",
      );
    }
    const found = `${name} has seen ${position} of ${head} changes`;
    return running && head - position > LITTLE_LAG
      ? warning(
        check,
        `${found}: it is catching up, or fails`,
        "The log of the server says why: follower_failing",
      )
      : ok(check, found);
  });
}

/** Settings that are allowed, and yet hardly meant. */
export function examineSettings(config: Config): Finding[] {
  const check = "settings";
  const findings: Finding[] = [];
  const own = isOwn(config.host);
  if (config.url?.startsWith("https:") && config.trustedProxies.length === 0 && !terminatesTls(config)) {
    findings.push(warning(
      check,
      "--url is https, so there is a proxy, but --trusted-proxies is empty: all people count as one address",
      "Set --trusted-proxies to the address from which the proxy connects, for instance 127.0.0.1",
    ));
  }
  if (!own && config.trustedProxies.length === 0 && !terminatesTls(config)) {
    findings.push(warning(
      check,
      `The server listens on ${config.host} for everybody, without encryption and without a proxy`,
      "Fine in a home or an office; for the internet see SECURITY.md, and: rookery example caddy",
    ));
  }
  if (config.metricsPort !== undefined && !isOwn(config.metricsHost)) {
    findings.push(warning(
      check,
      `Metrics are told to everybody who reaches ${config.metricsHost} port ${config.metricsPort}`,
      "Leave --metrics-host at 127.0.0.1, or let a firewall guard that port",
    ));
  }
  return findings.length > 0 ? findings : [ok(check, "They can be read, and fit together")];
}

function isOwn(host: string): boolean {
  return host === "localhost" || host === "::1" || host.startsWith("127.");
}

/** Whether the server itself speaks TLS. */
function terminatesTls(config: Config): boolean {
  return "tlsCert" in config && config.tlsCert !== undefined;
}
