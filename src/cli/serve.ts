/** `rookery serve`: runs the server until a signal or its successor ends it. @module */
import { type App, startApp, type StartOptions } from "../app.ts";
import { type Config, type ConfigSources, helpText, localUrl, readConfig, usable } from "../config.ts";
import { Logger } from "../logger.ts";
import { explainFolder, FolderInUse } from "../store/mod.ts";
import type { Heir } from "../takeover/heir.ts";
import type { Succession } from "../takeover/holder.ts";
import { socketName } from "../takeover/sockets.ts";
import { VERSION } from "../version.ts";
import { explainListening, folderInUse } from "./listening_error.ts";
import { Hangups, Reloader } from "./reload.ts";
import { closeSandbox, readFile } from "./sandbox.ts";
import { saySecret } from "./say.ts";
import { draftServerFile } from "./server_file.ts";
import type { Subcommand } from "./subcommand.ts";
import { knock, openDoor, settingsOfHeir, waitForHeirs } from "./takeover.ts";
import { telemetryIsOn } from "./telemetry.ts";
import { TooManyErrors, type Uncaught, watchUncaught } from "./uncaught.ts";

/** Whoever has the folder may be about to end, or to begin. */
const PATIENCE_MS = 5000;
const KNOCK_AGAIN_MS = 100;
const DRAIN_LOG_MS = 1000;

export const serve: Subcommand = {
  name: "serve",
  summary: "Run the server (the default)",
  help: () =>
    `Usage: rookery serve [options]

Runs the server until SIGINT or SIGTERM, or until another one takes over. SIGHUP makes it read its settings again.

${helpText()}`,
  async run(args) {
    using hangups = new Hangups();
    const sources = { args, env: Deno.env.get, readFile };
    const reading = readConfig(sources);
    const config = usable(reading);
    const { logLevel: level, logFormat: format, logRequests: requests } = config;
    const log = new Logger({ level, format, requests, console: telemetryIsOn() });
    using uncaught = watchUncaught(log);
    const files = [...reading.files, config.tlsCert, config.tlsKey].filter((path) => path !== undefined);
    const start: Start = { config, files, sources, log, uncaught, hangups };
    const code = config.takeover ? await takeOver(start) : await serveFolder(start);
    log.report("stopped", { exit_code: code, uptime_s: Math.round(performance.now() / 1000) });
    // Whoever does not read what is logged must not keep a server alive that has nothing left to do.
    if (!await log.drain(DRAIN_LOG_MS)) Deno.exit(code);
    return code;
  },
};

/** What a server begins with. */
interface Start {
  readonly config: Config;
  /** What SIGHUP reads again. */
  readonly files: readonly string[];
  readonly sources: ConfigSources;
  readonly log: Logger;
  readonly uncaught: Uncaught;
  readonly hangups: Hangups;
}

/** Serves in the place of the server that has the folder, or as the only one when there is none. */
async function takeOver(start: Start): Promise<number> {
  const untilMs = performance.now() + PATIENCE_MS;
  for (;;) {
    using heir = await knock(start.config);
    try {
      return await serveFolder(start, heir);
    } catch (error) {
      await heir?.failed((error as Error).message);
      const soon = error instanceof FolderInUse && !heir && performance.now() < untilMs;
      if (!soon) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, KNOCK_AGAIN_MS));
  }
}

/** Serves until the end; returns the exit code. */
async function serveFolder(start: Start, heir?: Heir): Promise<number> {
  const { config: wanted, files, sources, log, uncaught, hangups } = start;
  const config = heir ? settingsFor(heir, wanted, log) : wanted;
  const { promise: opened, resolve: open } = Promise.withResolvers<void>();
  // An heir knows that its folder is there, and is refused early when its holder belongs to another user.
  const operatorSocket = socketName("operator");
  using early = heir && await openDoor(config, { log, heir, operatorSocket });
  await using app = await startServing(config, log, {
    opened,
    operatorSocket,
    uncaught: uncaught.counts,
    ...(heir ? { turn: () => heir.take(), shared: true } : {}),
  });
  using door = heir ? early : await openDoor(config, { log, heir, operatorSocket });
  const place = { host: config.host, port: app.port };
  using holder = door && waitForHeirs(door, { app, place, log });
  const publish = await draftServerFile(config.data, {
    publicUrl: app.url,
    ...(config.tlsCert === undefined ? { url: localUrl(config.host, app.port) } : {}),
    port: app.port,
    pid: Deno.pid,
    ...(app.takesOperator ? { operator: operatorSocket } : {}),
    ...(door ? { takeover: door.name } : {}),
  }).catch((error) => Promise.reject(explainFolder(error, config.data)));
  await heir?.done(place);
  await publish();
  await closeSandbox(config.data, files);
  open();
  // Before the announcement: whoever waits for it may send a signal at once.
  const signal = signalled();
  const reloader = new Reloader({ app, config: wanted, sources, log });
  hangups.follow(() => void reloader.reload());
  announce(app, config, heir);
  report(app, config, { log, heir });
  const never = new Promise<never>(() => {});
  const ends = [signal, hangups.terminalGone, app.core.fatal, uncaught.tooMany, holder?.over ?? never];
  return endOf(app, log, await Promise.race(ends));
}

function report(
  app: App,
  { host }: Config,
  { log, heir }: { readonly log: Logger; readonly heir: Heir | undefined },
): void {
  const { url, port, metricsPort: metrics_port } = app;
  log.report("listening", { version: VERSION, pid: Deno.pid, url, host, port, metrics_port });
  if (heir) log.report("taken_over", { pid: heir.holder.pid, version: heir.holder.version });
}

/** What is said and done at the end; returns the exit code. */
function endOf(app: App, log: Logger, reason: Deno.Signal | Error | Succession): number {
  if (reason instanceof Error) {
    log.report(reason instanceof TooManyErrors ? "errors_repeat" : "store_failed", { error: reason.message });
    return 1;
  }
  if (typeof reason === "string") {
    log.report("stopping", { signal: reason });
    return 0;
  }
  if ("error" in reason) {
    log.report("folder_lost", { error: reason.error.message });
    return 1;
  }
  log.report("handed_over", { pid: reason.by.pid, version: reason.by.version, duration_ms: reason.tookMs });
  app.leave(reason.place);
  return 0;
}

async function startServing(config: Config, log: Logger, options: StartOptions): Promise<App> {
  try {
    return await startApp(config, log, options);
  } catch (error) {
    throw error instanceof FolderInUse ? folderInUse(config) : explainListening(error, config);
  }
}

function settingsFor(heir: Heir, config: Config, log: Logger): Config {
  try {
    return settingsOfHeir(config, { heir, log });
  } catch (error) {
    throw explainListening(error, config);
  }
}

function announce(app: App, config: Config, heir: Heir | undefined): void {
  const lines = [`Rookery ${VERSION} is listening on ${app.url}`];
  if (heir) lines.push(`Taken over from process ${heir.holder.pid}, Rookery ${heir.holder.version}`);
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
  saySecret(lines.join("\n"));
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
