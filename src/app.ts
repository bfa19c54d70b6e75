/**
 * The composition root: a whole server, put together from its parts.
 *
 *     app/core.ts          the chat on its data folder: what every subcommand needs
 *     app/serving.ts       what follows other settings, and stops in good order
 *     app/readiness.ts     what keeps the whole from being ready
 *     app/authenticate.ts  who holds a token
 *     app/invite_links.ts  links by which people come in, the owner's first
 *
 * @module
 */
import { authenticate } from "./app/authenticate.ts";
import { type Core, handedOver, openCore } from "./app/core.ts";
import { inviteLink, ownerInviteCode } from "./app/invite_links.ts";
import { Readiness } from "./app/readiness.ts";
import { Serving, STOP_MS } from "./app/serving.ts";
import { addressGroup } from "./auth/address_group.ts";
import { type Config, publicUrl } from "./config.ts";
import { readTls, reportAge, type Tls } from "./config/tls.ts";
import { contractFiles } from "./contract_files.ts";
import type { Logger } from "./logger.ts";
import { LoopDelay } from "./metrics/loop_delay.ts";
import { Metrics } from "./metrics/metrics.ts";
import type { UncaughtCounts } from "./metrics/sources.ts";
import { Description } from "./server/pages/description.ts";
import { listenForMetrics } from "./server/metrics_listener.ts";
import { CHECKS } from "./server/readiness.ts";
import { Server } from "./server/server.ts";
import { within } from "./server/requests/in_flight_requests.ts";
import { WebClient } from "./server/pages/web_client.ts";
import type { FollowerEntry } from "./store/mod.ts";
import { ServedFolder } from "./takeover/estate.ts";
import type { Place } from "./takeover/message.ts";
import { VERSION } from "./version.ts";
import { webFiles } from "./web_files.ts";

/** How a server starts, and what happens to the process around it. */
export interface StartOptions {
  /** Resolves when the server that has the data folder has let go of it for this one. */
  readonly turn?: (() => Promise<void>) | undefined;
  /** That server may listen on the same ports. */
  readonly shared?: boolean;
  /** Requests are answered from then on; at once when absent. */
  readonly opened?: Promise<void>;
  /** Name of the Unix socket in the data folder that takes the operator's commands; none when absent. */
  readonly operatorSocket?: string;
  /** What follows the log. */
  readonly followers?: readonly FollowerEntry[] | undefined;
  /** Errors that nobody caught since the start, by kind; for the metrics. */
  readonly uncaught?: UncaughtCounts;
}

/** A running server. Disposing stops it gracefully. */
export interface App extends AsyncDisposable {
  readonly core: Core;
  /** What it can hand over to another process. */
  readonly folder: ServedFolder;
  /** Port that it listens on. */
  readonly port: number;
  /** Address for people and links. */
  readonly url: string;
  /** Link that makes its first user the owner; undefined when the server has one. */
  readonly ownerLink: string | undefined;
  /** Whether the operator's commands reach it. */
  readonly takesOperator: boolean;
  /** Port of the metrics; undefined when they are off. */
  readonly metricsPort: number | undefined;
  /**
   * Follows other settings, and another certificate if it is another; what
   * needs a restart stays as it was. Tells whether the certificate changed.
   * Rejects before anything has changed when the certificate cannot be used.
   */
  configure(config: Config, tls: Tls | undefined): Promise<boolean>;
  /**
   * Another process serves now, there if that is known: this one takes no
   * commands and shows no metrics any more, and disposing sends the clients there.
   */
  leave(place?: Place): void;
}

/**
 * Starts a server. Throws what {@link openCore} throws, ConfigError when its
 * certificate cannot be used, and Deno.errors when it cannot listen.
 */
export async function startApp(config: Config, log: Logger, options: StartOptions = {}): Promise<App> {
  const {
    turn,
    followers,
    shared = false,
    opened,
    operatorSocket,
    uncaught = { unhandled_rejection: 0, uncaught_error: 0 },
  } = options;
  await using cleanup = new AsyncDisposableStack();
  const tls = readTls(config, Deno.readTextFileSync);
  // The metrics go last, so that the end can be watched; unless a successor shows its own.
  const last = cleanup.use(new AsyncDisposableStack());
  const loop = cleanup.use(new LoopDelay());
  const metrics = config.metricsPort === undefined ? undefined : new Metrics(loop);
  // Workers start now: once the sandbox is closed, a program in one file could not load them.
  const web = await WebClient.of(await webFiles());
  const description = await Description.of(await contractFiles());
  const core = cleanup.use(
    await openCore(config, log, { eagerPasswords: true, metrics, watchDisk: true, turn, followers }),
  );
  const folder = new ServedFolder({ chat: core.chat, store: handedOver(core) });
  let dead: Error | undefined;
  core.fatal.then((error) => dead = error);
  const readiness = cleanup.use(
    new Readiness({
      limits: config.limits,
      log,
      store: core.store,
      followers: core.followers,
      loop,
      folder,
      dead: () => dead,
    }),
  );
  // The owner's link exists before anybody can connect, so there is no unclaimed moment.
  const ownerCode = await ownerInviteCode(core);
  const server = new Server({
    ...config,
    chat: core.chat,
    log,
    tls,
    certificateNames: tls?.names,
    publicUrl: (port) => publicUrl(config, port),
    operatorSocket: operatorSocket === undefined ? undefined : `${config.data}/${operatorSocket}`,
    version: VERSION,
    web,
    description,
    opened,
    shared,
    authenticate: (token, from) => authenticate(core, token, from),
    addressGroup,
    failing: () => readiness.failing(),
    notes: () => readiness.notes(),
  });
  const serving = cleanup.use(new Serving({ core, folder, server, readiness, tls }));
  const { throttle: logins } = core;
  const sources = { ...core, server, logins, log, uncaught, checks: CHECKS, version: VERSION };
  const listener = metrics && listenForMetrics({
    host: config.metricsHost,
    port: config.metricsPort!,
    shared,
    log,
    render: () => metrics.render(sources),
  });
  let left: Promise<void> | undefined;
  last.defer(() => left ?? listener?.close(STOP_MS));
  const url = publicUrl(config, server.port);
  if (tls) reportAge(tls, log);
  const owned = cleanup.move();
  return {
    core,
    folder,
    port: server.port,
    url,
    takesOperator: server.takesOperator,
    ownerLink: ownerCode && inviteLink(url, ownerCode),
    metricsPort: listener?.port,
    configure: (config, next) => serving.configure(config, next),
    leave(place) {
      left = listener && within(STOP_MS, listener.leave());
      serving.leave(place);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
