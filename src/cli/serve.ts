/** `rookery serve`: runs the server until a signal or its successor ends it. @module */
import { type App, startApp, type StartOptions } from "../app.ts";
import { type Config, type ConfigSources, helpText, localUrl, readConfig, usable } from "../config.ts";
import { Logger } from "../logger.ts";
import { explainFolder, FolderInUse } from "../store/mod.ts";
import type { Heir } from "../takeover/heir.ts";
import type { Succession } from "../takeover/holder.ts";
import { VERSION } from "../version.ts";
import { explainListening, folderInUse } from "./listening_error.ts";
import { Hangups, Reloader } from "./reload.ts";
import { closeSandbox, readFile } from "./sandbox.ts";
import { draftServerFile } from "./server_file.ts";
import type { Subcommand } from "./subcommand.ts";
import { knock, openDoor, settingsOfHeir, waitForHeirs } from "./takeover.ts";

/** Whoever has the folder may be about to end, or to begin. */
const PATIENCE_MS = 5000;
const KNOCK_AGAIN_MS = 100;

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
    const start: Start = {
      config,
      sources,
      files: [...reading.files, config.tlsCert, config.tlsKey].filter((path) => path !== undefined),
      hangups,
      log: new Logger({ level: config.logLevel }),
    };
    return config.takeover ? await takeOver(start) : await serveFolder(start);
  },
};

/** What a server begins with. */
interface Start {
  readonly config: Config;
  readonly sources: ConfigSources;
  /** What SIGHUP reads again. */
  readonly files: readonly string[];
  readonly hangups: Hangups;
  readonly log: Logger;
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
  const { config: wanted, sources, files, hangups, log } = start;
  const config = heir ? settingsFor(heir, wanted, log) : wanted;
  const { promise: opened, resolve: open } = Promise.withResolvers<void>();
  // An heir knows that its folder is there, and is refused early when its holder belongs to another user.
  using early = heir && await openDoor(config, { log, heir });
  await using app = await startServing(config, log, {
    opened,
    ...(heir ? { turn: () => heir.take(), shared: true } : {}),
  });
  using door = heir ? early : await openDoor(config, { log, heir });
  const place = { host: config.host, port: app.port };
  using holder = door && waitForHeirs(door, { app, place, log });
  const publish = await draftServerFile(config.data, {
    url: app.localUrl,
    publicUrl: app.url,
    pid: Deno.pid,
    ...(door ? { takeover: door.name } : {}),
  }).catch((error) => Promise.reject(explainFolder(error, config.data)));
  await heir?.done();
  await publish();
  await closeSandbox(config.data, files);
  open();
  // Before the announcement: whoever waits for it may send a signal at once.
  const signal = signalled();
  const reloader = new Reloader({ app, config: wanted, sources, log });
  hangups.follow(() => void reloader.reload());
  announce(app, config, heir);
  const never = new Promise<never>(() => {});
  const ends = [signal, hangups.terminalGone, app.core.fatal, holder?.over ?? never];
  return endOf(app, log, await Promise.race(ends));
}

/** What is said and done at the end; returns the exit code. */
function endOf(app: App, log: Logger, reason: Deno.Signal | Error | Succession): number {
  if (reason instanceof Error) {
    log.error("The store has failed: stopping", { error: reason.message });
    return 1;
  }
  if (typeof reason === "string") {
    log.info("Stopping", { signal: reason });
    return 0;
  }
  if ("error" in reason) {
    log.error("The data folder was not given back: stopping", { error: reason.error.message });
    return 1;
  }
  log.info("Another server has taken over: stopping", { pid: reason.by.pid, tookMs: reason.tookMs });
  app.leave();
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
  console.log(`Rookery ${VERSION} is listening on ${app.url}`);
  if (heir) console.log(`Taken over from process ${heir.holder.pid}, Rookery ${heir.holder.version}`);
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
