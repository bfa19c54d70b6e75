/** `rookery serve`: runs the server until a signal ends it. @module */
import { type App, startApp } from "../app.ts";
import { type Config, helpText, localUrl, readConfig, usable } from "../config.ts";
import { Logger } from "../logger.ts";
import { explainFolder } from "../store/mod.ts";
import { VERSION } from "../version.ts";
import { Hangups, Reloader } from "./reload.ts";
import { writeServerFile } from "./server_file.ts";
import type { Subcommand } from "./subcommand.ts";

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
    const log = new Logger({ level: config.logLevel });
    await using app = await startServing(config, log);
    await writeServerFile(config.data, { url: app.localUrl, publicUrl: app.url, pid: Deno.pid })
      .catch((error) => Promise.reject(explainFolder(error, config.data)));
    await closeSandbox(
      config.data,
      [...reading.files, config.tlsCert, config.tlsKey].filter((path) => path !== undefined),
    );
    // Before the announcement: whoever waits for it may send a signal at once.
    const signal = signalled();
    const reloader = new Reloader({ app, config, sources, log });
    hangups.follow(() => void reloader.reload());
    announce(app, config);
    const reason = await Promise.race([signal, hangups.terminalGone, app.core.fatal]);
    if (reason instanceof Error) {
      log.error("The store has failed: stopping", { error: reason.message });
      return 1;
    }
    log.info("Stopping", { signal: reason });
    return 0;
  },
};

async function startServing(config: Config, log: Logger): Promise<App> {
  try {
    return await startApp(config, log);
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

function announce(app: App, config: Config): void {
  console.log(`Rookery ${VERSION} is listening on ${app.url}`);
  if (app.metricsPort !== undefined) {
    console.log(`Metrics: ${localUrl(config.metricsHost, app.metricsPort)}/metrics`);
  }
  console.log(`Data: ${config.data}`);
  if (app.ownerLink === undefined) return;
  console.log(`\nNobody owns this server yet. This link makes you its owner, once:\n\n  ${app.ownerLink}\n`);
  console.log(`In a terminal: deno task chat '${app.ownerLink}'`);
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
