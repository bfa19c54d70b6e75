/**
 * The one place where everything is put together.
 *
 *     openCore  data folder, password workers and chat: what every subcommand needs
 *     App       the core behind a listener: what `serve` and the tests run
 *
 * @module
 */
import { Readiness } from "./app/readiness.ts";
import { addressGroup } from "./auth/address_group.ts";
import { BucketThrottle } from "./auth/login_throttle.ts";
import { PasswordPool } from "./auth/password_pool.ts";
import { ServerSecrets } from "./auth/secrets.ts";
import { loadServerSecret } from "./auth/server_secret.ts";
import { Chat, commandOf } from "./chat/chat.ts";
import type { Limits } from "./chat/limits.ts";
import { OPERATOR, type Principal, ServerRole } from "./chat/model.ts";
import { systemClock } from "./clock.ts";
import { type Config, localUrl, publicUrl } from "./config.ts";
import { readTls, reportAge, type Tls } from "./config/tls.ts";
import type { Logger } from "./logger.ts";
import { LoopDelay } from "./metrics/loop_delay.ts";
import { Metrics } from "./metrics/metrics.ts";
import type { UncaughtCounts } from "./metrics/sources.ts";
import { isLoopback } from "./server/address.ts";
import { listenForMetrics } from "./server/metrics_listener.ts";
import { CHECKS } from "./server/readiness.ts";
import { LOOPBACK, Server } from "./server/server.ts";
import { WebClient } from "./server/web_client.ts";
import { type DiskRoom, explainFolder, openStore, type SqliteStore } from "./store/mod.ts";
import { ServedFolder } from "./takeover/estate.ts";
import { VERSION } from "./version.ts";
import { webFiles } from "./web_files.ts";
import { ENCODERS } from "./wire/server_codec.ts";

/** The chat on its data folder, without a listener. */
export interface Core extends AsyncDisposable {
  readonly chat: Chat;
  readonly store: SqliteStore;
  readonly passwords: PasswordPool;
  readonly secrets: ServerSecrets;
  readonly throttle: BucketThrottle;
  /** Settles when nothing can be stored any more; the server has to be started again. */
  readonly fatal: Promise<Error>;
}

/** A whole school signs in from one address in the morning; guessing is slowed per account. */
const ADDRESS_LOGINS = { burst: 500, refillMs: 500 };

/**
 * Opens the data folder and starts the chat on it. Throws FolderInUse when
 * another server has the folder, UnusableDatabase when it is not ours,
 * UnusableFolder when it cannot be read and written.
 */
export async function openCore(
  config: Config,
  log: Logger,
  options: {
    readonly eagerPasswords?: boolean;
    readonly metrics?: Metrics | undefined;
    /** Look whether the disk has room. */
    readonly watchDisk?: boolean;
    readonly turn?: (() => Promise<void>) | undefined;
  } = {},
): Promise<Core> {
  const { promise: fatal, resolve: onFatal } = Promise.withResolvers<Error>();
  await using cleanup = new AsyncDisposableStack();
  const { metrics, eagerPasswords: eager = false, watchDisk = false, turn } = options;
  const room = watchDisk ? roomOf(config.limits) : undefined;
  const onCommit = (commands: number, tookMs: number) => metrics?.committed(commands, tookMs);
  const unusable = (error: unknown) => Promise.reject(explainFolder(error, config.data));
  const onReplace = (reason: string) => log.report("writer_replaced", { reason });
  const callbacks = { onFatal, onReplace, onCommit, room, turn };
  const store = cleanup.use(await openStore(config.data, callbacks).catch(unusable));
  const secrets = new ServerSecrets(await loadServerSecret(config.data).catch(unusable));
  const onDone = (tookMs: number) => metrics?.hashed(tookMs);
  const passwords = cleanup.use(
    new PasswordPool({ clock: systemClock, cost: config.bcryptCost, log, eager, onDone }),
  );
  const throttle = new BucketThrottle({ clock: systemClock, address: ADDRESS_LOGINS });
  const chat = new Chat({
    reader: store,
    writer: store,
    passwords,
    secrets,
    throttle,
    clock: systemClock,
    log,
    encoders: ENCODERS,
    limits: config.limits,
    registration: config.registration,
    serverName: config.name,
    version: VERSION,
    onFatal(error) {
      log.report("core_failed", { error });
      onFatal(error instanceof Error ? error : new Error(String(error)));
    },
  });
  cleanup.defer(() => chat.close());
  const owned = cleanup.move();
  return {
    chat,
    store,
    passwords,
    secrets,
    throttle,
    fatal,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function roomOf({ diskRoomBytes: bytes, diskCheckMs: checkMs }: Limits): DiskRoom {
  return { bytes, checkMs };
}

/** How long a stop waits for peers to take what they were sent. */
const STOP_MS = 3000;
/** The same when another process listens as well: the sooner this one does not, the fewer find it there. */
const LEAVE_MS = 75;
/** Clients come back spread over this time. */
const SPREAD_MS = 2000;

/** How a server starts, and what happens to the process around it. */
export interface StartOptions {
  /** Resolves when the server that has the data folder has let go of it for this one. */
  readonly turn?: (() => Promise<void>) | undefined;
  /** That server may listen on the same ports. */
  readonly shared?: boolean;
  /** Requests are answered from then on; at once when absent. */
  readonly opened?: Promise<void>;
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
  /** Address at which this machine reaches it by plain HTTP. */
  readonly localUrl: string;
  /** Port of the metrics; undefined when they are off. */
  readonly metricsPort: number | undefined;
  /**
   * Follows other settings, and another certificate if it is another; what
   * needs a restart stays as it was. Tells whether the certificate changed.
   * Rejects before anything has changed when the certificate cannot be used.
   */
  configure(config: Config, tls: Tls | undefined): Promise<boolean>;
  /** Another process serves now: disposing sends the clients there. */
  leave(): void;
}

/**
 * Starts a server. Throws what {@link openCore} throws, ConfigError when its
 * certificate cannot be used, and Deno.errors when it cannot listen.
 */
export async function startApp(config: Config, log: Logger, options: StartOptions = {}): Promise<App> {
  const { turn, shared = false, opened, uncaught = { unhandled_rejection: 0, uncaught_error: 0 } } = options;
  await using cleanup = new AsyncDisposableStack();
  let tls = readTls(config, Deno.readTextFileSync);
  // The metrics go last, so that the end can be watched.
  const last = cleanup.use(new AsyncDisposableStack());
  const loop = cleanup.use(new LoopDelay());
  const metrics = config.metricsPort === undefined ? undefined : new Metrics(loop);
  // Workers start now: once the sandbox is closed, a program in one file could not load them.
  const web = await WebClient.of(await webFiles());
  const core = cleanup.use(
    await openCore(config, log, { eagerPasswords: true, metrics, watchDisk: true, turn }),
  );
  const folder = new ServedFolder({ chat: core.chat, store: core.store });
  let dead: Error | undefined;
  core.fatal.then((error) => dead = error);
  const { store } = core;
  const readiness = cleanup.use(
    new Readiness({ limits: config.limits, log, store, loop, folder, dead: () => dead }),
  );
  // The owner's link exists before anybody can connect, so there is no unclaimed moment.
  const ownerCode = await ownerInviteCode(core);
  const server = new Server({
    ...config,
    chat: core.chat,
    log,
    tls,
    version: VERSION,
    web,
    opened,
    shared,
    authenticate: (token, peer) => authenticate(core, { token, peer, host: config.host }),
    addressGroup,
    failing: () => readiness.failing(),
  });
  let left = false;
  cleanup.defer(async () => {
    server.drain();
    folder.close();
    await core.chat.close();
    if (left) {
      core.chat.closeAll("Another server takes over: reconnect", { fromMs: LEAVE_MS, toMs: SPREAD_MS });
    } else core.chat.closeAll("The server stops: reconnect", { fromMs: 0, toMs: SPREAD_MS });
    await server.close(left ? LEAVE_MS : STOP_MS);
  });
  const { throttle: logins } = core;
  const sources = { ...core, server, logins, log, uncaught, checks: CHECKS, version: VERSION };
  const listener = metrics && listenForMetrics({
    host: config.metricsHost,
    port: config.metricsPort!,
    shared,
    log,
    render: () => metrics.render(sources),
  });
  last.defer(() => listener?.close(STOP_MS));
  const url = publicUrl(config, server.port);
  if (tls) reportAge(tls, log);
  const owned = cleanup.move();
  return {
    core,
    folder,
    port: server.port,
    url,
    localUrl: server.localPort === undefined
      ? localUrl(config.host, server.port)
      : localUrl(LOOPBACK, server.localPort),
    ownerLink: ownerCode && inviteLink(url, ownerCode),
    metricsPort: listener?.port,
    async configure(config, next) {
      const renewed = next !== undefined && (next.cert !== tls?.cert || next.key !== tls.key);
      if (renewed) await server.renew(next);
      if (renewed) tls = next;
      const { limits, registration, name, origins, trustedProxies, hstsDays } = config;
      core.chat.configure({ limits, registration, serverName: name });
      server.configure({ limits, name, origins, trustedProxies, hstsDays });
      readiness.limits = limits;
      store.watchDisk(roomOf(limits));
      return renewed;
    },
    leave: () => left = true,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Where an invite code is entered. The secret stands behind #, which browsers never send. */
export function inviteLink(url: string, code: string): string {
  return `${url}/#invite=${code}`;
}

/** Who holds a token. The operator's is believed on this machine alone. */
function authenticate(
  core: Core,
  { token, peer, host }: { token: string; peer: string; host: string },
): Principal | undefined {
  // From this machine: over loopback, or over the one address that the server listens on.
  if ((isLoopback(peer) || peer === host) && core.secrets.isOperatorToken(token)) return OPERATOR;
  return core.chat.authenticate(token);
}

/** Code of the one-time owner invite; undefined once there is an owner. */
async function ownerInviteCode({ chat, store, secrets }: Core): Promise<string | undefined> {
  if (store.ownerCount() > 0) return undefined;
  const open = store.invites().find((invite) =>
    invite.role === ServerRole.OWNER && invite.usesLeft > 0 && invite.expiresMs === 0
  );
  if (open) return secrets.inviteCode(open.id);
  const claim = commandOf({
    case: "createInvite",
    value: { role: ServerRole.OWNER, uses: 1, validS: 0, channelIds: [], untilOwned: true },
  });
  const result = await chat.execute(claim, { principal: OPERATOR });
  if (result.case === "invite") return result.value.code;
  throw new Error(result.case === "error" ? result.value.message : "No owner link could be made");
}
