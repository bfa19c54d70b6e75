/** The chat on its data folder, with its workers and without a listener: what every subcommand needs. @module */
import { BucketThrottle } from "../auth/login_throttle.ts";
import { PasswordPool } from "../auth/password_pool.ts";
import { ServerSecrets } from "../auth/secrets.ts";
import { loadServerSecret } from "../auth/server_secret.ts";
import { Chat } from "../chat/chat.ts";
import type { Limits } from "../chat/limits.ts";
import { systemClock } from "../clock.ts";
import type { Config } from "../config.ts";
import type { Logger } from "../logger.ts";
import type { Metrics } from "../metrics/metrics.ts";
import {
  type DiskRoom,
  explainFolder,
  type FollowerEntry,
  Followers,
  type Oddity,
  openStore,
  type SqliteStore,
} from "../store/mod.ts";
import { VERSION } from "../version.ts";
import { ENCODERS } from "../wire/server_codec.ts";
import { AllowanceFile } from "./allowance_file.ts";

/** The chat on its data folder, without a listener. */
export interface Core extends AsyncDisposable {
  readonly chat: Chat;
  readonly store: SqliteStore;
  readonly followers: Followers;
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
    /** What follows the log. */
    readonly followers?: readonly FollowerEntry[] | undefined;
  } = {},
): Promise<Core> {
  const { promise: fatal, resolve: onFatal } = Promise.withResolvers<Error>();
  await using cleanup = new AsyncDisposableStack();
  const { metrics, eagerPasswords: eager = false, watchDisk = false, turn } = options;
  const room = watchDisk ? roomOf(config.limits) : undefined;
  const onCommit = (commands: number, tookMs: number) => {
    metrics?.committed(commands, tookMs);
    followers.wake();
  };
  const unusable = (error: unknown) => Promise.reject(explainFolder(error, config.data));
  const onReplace = (reason: string) => log.report("writer_replaced", { reason });
  const onOddity = ({ file, owner, found, next }: Oddity) =>
    log.report("folder_odd", { file, owner, reason: found, next });
  const callbacks = { onFatal, onReplace, onCommit, onOddity, room, turn };
  const store = cleanup.use(await openStore(config.data, callbacks).catch(unusable));
  // Nothing is committed before this line.
  const followers = cleanup.use(
    new Followers(options.followers ?? [], {
      folder: config.data,
      head: () => store.lastPosition,
      held: () => store.diskLow !== undefined,
      log,
    }),
  );
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
    configuredName: config.name,
    version: VERSION,
    disk: store.disk,
    allowanceStore: new AllowanceFile(config.data, { disk: store.disk, log }),
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
    followers,
    passwords,
    secrets,
    throttle,
    fatal,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** The store as it is handed over: its followers close their files before the folder is let go of. */
export function handedOver({ store, followers }: Core): Pick<SqliteStore, "letGo" | "takeBack"> {
  return {
    async letGo() {
      await followers.suspend();
      try {
        await store.letGo();
      } catch (error) {
        followers.resume();
        throw error;
      }
    },
    async takeBack() {
      const folder = await store.takeBack();
      if (folder === "ours") followers.resume();
      return folder;
    },
  };
}

/** How much room the disk should have, and how often it is looked at. */
export function roomOf({ diskRoomBytes: bytes, diskCheckMs: checkMs }: Limits): DiskRoom {
  return { bytes, checkMs };
}
