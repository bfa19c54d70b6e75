/** `rookery serve`: runs the server until a signal ends it. @module */
import { type App, startApp } from "../app.ts";
import { type Config, type ConfigSources, helpText, localUrl, readConfig, usable } from "../config.ts";
import { Logger } from "../logger.ts";
import { explainFolder } from "../store/mod.ts";
import { VERSION } from "../version.ts";
import { Hangups, Reloader } from "./reload.ts";
import { writeServerFile } from "./server_file.ts";
import type { Subcommand } from "./subcommand.ts";
import { telemetryIsOn } from "./telemetry.ts";
import { type Uncaught, watchUncaught } from "./uncaught.ts";

export const serve: Subcommand = {
  name: "serve",
  summary: "Run the server (the default)",
  help: () =>
    `Usage: rookery serve [options]

Runs the server until SIGINT or SIGTERM. SIGHUP makes it read its settings again.

${helpText()}`,
  async run(args) {
    using hangups = new Hangups();
    const sources = { args, env: Deno.env.get, readFile };
    const reading = readConfig(sources);
    const config = usable(reading);
    const { logLevel: level, logFormat: format, logRequests: requests } = config;
    const log = new Logger({ level, format, requests, console: telemetryIsOn() });
    using uncaught = watchUncaught(log);
    const { files } = reading;
    const code = await serveUntilEnd({ config, files, sources, log, uncaught, hangups });
    log.report("stopped", { exit_code: code, uptime_s: Math.round(performance.now() / 1000) });
    // Whoever does not read what is logged must not keep a server alive that has nothing left to do.
    if (!await log.drain(DRAIN_LOG_MS)) Deno.exit(code);
    return code;
  },
};

const DRAIN_LOG_MS = 1000;

/** What a server is started with. */
interface Start {
  readonly config: Config;
  /** Paths of the files with settings. */
  readonly files: readonly string[];
  readonly sources: ConfigSources;
  readonly log: Logger;
  readonly uncaught: Uncaught;
  readonly hangups: Hangups;
}

/** Returns the exit code. */
async function serveUntilEnd({ config, files, sources, log, uncaught, hangups }: Start): Promise<number> {
  await using app = await startServing(config, log, uncaught);
  await writeServerFile(config.data, { url: app.localUrl, publicUrl: app.url, pid: Deno.pid })
    .catch((error) => Promise.reject(explainFolder(error, config.data)));
  await closeSandbox(
    config.data,
    [...files, config.tlsCert, config.tlsKey].filter((path) => path !== undefined),
  );
  // Before the announcement: whoever waits for it may send a signal at once.
  const signal = signalled();
  const reloader = new Reloader({ app, config, sources, log });
  hangups.follow(() => void reloader.reload());
  announce(app, config);
  const { host } = config;
  const { url, port, metricsPort: metrics_port } = app;
  log.report("listening", { version: VERSION, pid: Deno.pid, url, host, port, metrics_port });
  const repeating = uncaught.tooMany.then((error) => {
    log.report("errors_repeat", { error: error.message });
    return error;
  });
  const failed = app.core.fatal.then((error) => {
    log.report("store_failed", { error: error.message });
    return error;
  });
  const reason = await Promise.race([signal, hangups.terminalGone, failed, repeating]);
  if (reason instanceof Error) return 1;
  log.report("stopping", { signal: reason });
  return 0;
}

async function startServing(config: Config, log: Logger, uncaught: Uncaught): Promise<App> {
  try {
    return await startApp(config, log, { uncaught: uncaught.counts });
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) {
      throw new Error(`Port ${config.port} is in use: choose another with --port`);
    }
    if (error instanceof Deno.errors.PermissionDenied) {
      throw new Error(
        `Port ${config.port} is for the system's own servers: choose one over 1023 with --port`,
      );
    }
    if (error instanceof Deno.errors.AddrNotAvailable) {
      throw new Error(`Address ${config.host} is none of this machine's: choose another with --host`);
    }
    throw error;
  }
}

/** The text of a file; says what to do when the sandbox has no room for it any more. */
function readFile(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
    throw new Error("the server gave back the right to read files that it was not started with: restart it");
  }
}

/**
 * From here on nobody needs files outside the program's own folders, except those that SIGHUP reads again. A worker
 * that takes the place of one that died loads its source and opens the database anew.
 */
async function closeSandbox(data: string, stillReadable: readonly string[]): Promise<void> {
  const source = new URL("..", import.meta.url).pathname;
  // What lies below the grant is a grant of its own once it was asked for, and outlives it.
  for (const path of [source, ...stillReadable]) await Deno.permissions.request({ name: "read", path });
  for (const name of ["read", "write"] as const) {
    await Deno.permissions.request({ name, path: data });
    await Deno.permissions.revoke({ name, path: "/" });
  }
}

/** Not by `console`: the link is a secret, and what goes there is exported where OpenTelemetry is on. */
function announce(app: App, config: Config): void {
  const lines = [`Rookery ${VERSION} is listening on ${app.url}`];
  if (app.metricsPort !== undefined) {
    lines.push(`Metrics: ${localUrl(config.metricsHost, app.metricsPort)}/metrics`);
  }
  lines.push(`Data: ${config.data}`);
  if (app.ownerLink !== undefined) {
    lines.push(
      `\nNobody owns this server yet. This link makes you its owner, once:\n\n  ${app.ownerLink}\n`,
      `In a terminal: deno task chat '${app.ownerLink}'`,
    );
  }
  const text = new TextEncoder().encode(lines.map((line) => `${line}\n`).join(""));
  try {
    for (let left = text; left.length > 0;) left = left.subarray(Deno.stdout.writeSync(left));
  } catch {
    // Standard output is closed: nobody wants to know.
  }
}

/** The first signal that asks for an end; the next one then has its usual force. */
function signalled(): Promise<Deno.Signal> {
  const signals: readonly Deno.Signal[] = ["SIGINT", "SIGTERM"];
  return new Promise((resolve) => {
    const listeners = signals.map((signal) => {
      const listener = () => {
        for (const [other, registered] of listeners) Deno.removeSignalListener(other, registered);
        resolve(signal);
      };
      Deno.addSignalListener(signal, listener);
      return [signal, listener] as const;
    });
  });
}
