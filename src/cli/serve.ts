/** `rookery serve`: runs the server until a signal or its successor ends it. @module */
import { type App, startApp, type StartOptions } from "../app.ts";
import { type Config, helpText, loadConfig } from "../config.ts";
import { Logger } from "../logger.ts";
import { explainFolder, FolderInUse } from "../store/mod.ts";
import type { Heir } from "../takeover/heir.ts";
import type { Succession } from "../takeover/holder.ts";
import { VERSION } from "../version.ts";
import { draftServerFile, localUrl } from "./server_file.ts";
import type { Subcommand } from "./subcommand.ts";
import { knock, openDoor, settingsOfHeir, waitForHeirs } from "./takeover.ts";

/** Whoever has the folder may be about to end, or to begin. */
const PATIENCE_MS = 5000;
const KNOCK_AGAIN_MS = 100;

export const serve: Subcommand = {
  name: "serve",
  summary: "Run the server (the default)",
  help: () =>
    "Usage: rookery serve [options]\n\n" +
    "Runs the server until SIGINT or SIGTERM, or until another one takes over.\n\n" + helpText(),
  async run(args) {
    const config = loadConfig({ args, env: Deno.env.get, readFile: Deno.readTextFileSync });
    const log = new Logger({ level: config.logLevel });
    return config.takeover ? await takeOver(config, log) : await serveFolder(config, log);
  },
};

/** Serves in the place of the server that has the folder, or as the only one when there is none. */
async function takeOver(config: Config, log: Logger): Promise<number> {
  const untilMs = performance.now() + PATIENCE_MS;
  for (;;) {
    using heir = await knock(config);
    try {
      return await serveFolder(heir ? settingsFor(heir, config, log) : config, log, heir);
    } catch (error) {
      await heir?.failed((error as Error).message);
      const soon = error instanceof FolderInUse && !heir && performance.now() < untilMs;
      if (!soon) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, KNOCK_AGAIN_MS));
  }
}

/** Serves until the end; returns the exit code. */
async function serveFolder(config: Config, log: Logger, heir?: Heir): Promise<number> {
  const { promise: opened, resolve: open } = Promise.withResolvers<void>();
  // An heir knows that its folder is there, and is refused early when its holder belongs to another user.
  using early = heir && await openDoor(config, { log, heir });
  await using app = await startServing(config, log, {
    opened,
    ...(heir ? { turn: () => heir.take(), shared: true } : {}),
  });
  using door = heir ? early : await openDoor(config, { log, heir });
  const url = localUrl(config.host, app.port);
  const place = { host: config.host, port: app.port };
  using holder = door && waitForHeirs(door, { app, place, log });
  const publish = await draftServerFile(config.data, {
    url,
    publicUrl: app.url,
    pid: Deno.pid,
    ...(door ? { takeover: door.name } : {}),
  }).catch((error) => Promise.reject(explainFolder(error, config.data)));
  await heir?.done();
  await publish();
  await closeSandbox();
  open();
  // Before the announcement: whoever waits for it may send a signal at once.
  const signal = signalled();
  announce(app, config, heir);
  const never = new Promise<never>(() => {});
  return await endOf(app, log, await Promise.race([signal, app.core.fatal, holder?.over ?? never]));
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

/** What to change when a server cannot listen; any other error as it is. */
function explainListening(error: unknown, { host, port }: Config): unknown {
  if (error instanceof Deno.errors.AddrInUse) {
    return new Error(`Port ${port} is in use: choose another with --port`);
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return new Error(`Port ${port} is for the system's own servers: choose one over 1023 with --port`);
  }
  if (error instanceof Deno.errors.AddrNotAvailable) {
    return new Error(`Address ${host} is none of this machine's: choose another with --host`);
  }
  return error;
}

function folderInUse({ data, takeover }: Config): FolderInUse {
  return new FolderInUse(
    takeover
      ? `The data folder ${data} is in use by a server of an older version, or by another command: ` +
        "stop it, or wait for its end, then start this one"
      : `The data folder ${data} is in use: stop the other Rookery first, add --takeover to take its place, ` +
        "or choose another folder",
  );
}

/** The data folder is open; from here on nobody needs files outside the program's own folders. */
async function closeSandbox(): Promise<void> {
  await Deno.permissions.revoke({ name: "read", path: "/" });
  await Deno.permissions.revoke({ name: "write", path: "/" });
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
