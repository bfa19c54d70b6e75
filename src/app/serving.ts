/** A server that runs: it follows other settings, and stops in good order. @module */
import type { Config } from "../config.ts";
import type { Tls } from "../config/tls.ts";
import type { Server } from "../server/server.ts";
import type { ServedFolder } from "../takeover/estate.ts";
import type { Place } from "../takeover/message.ts";
import { type Core, roomOf } from "./core.ts";
import type { Readiness } from "./readiness.ts";

/** How long a stop waits for peers to take what they were sent. */
export const STOP_MS = 3000;
/** The same when another process listens as well: the sooner this one does not, the fewer find it there. */
const LEAVE_MS = 75;
/** Clients come back spread over this time. */
const SPREAD_MS = 2000;

export interface ServingParts {
  readonly core: Core;
  readonly folder: ServedFolder;
  readonly server: Server;
  readonly readiness: Readiness;
  readonly tls: Tls | undefined;
}

export class Serving implements AsyncDisposable {
  readonly #parts: ServingParts;
  #tls: Tls | undefined;
  #left = false;

  constructor(parts: ServingParts) {
    this.#parts = parts;
    this.#tls = parts.tls;
  }

  /** Follows other settings and another certificate; tells whether that changed. */
  async configure(config: Config, tls: Tls | undefined): Promise<boolean> {
    const { core, server, readiness } = this.#parts;
    const renewed = tls !== undefined && (tls.cert !== this.#tls?.cert || tls.key !== this.#tls.key);
    if (renewed) await server.renew(tls);
    if (renewed) this.#tls = tls;
    const { limits, registration, name, hosts, origins, trustedProxies, hstsDays } = config;
    core.chat.configure({ limits, registration, configuredName: name });
    const certificateNames = tls?.names;
    server.configure({ limits, hosts, origins, trustedProxies, hstsDays, certificateNames });
    readiness.limits = limits;
    core.store.watchDisk(roomOf(limits));
    return renewed;
  }

  /** Another process serves now, there if that is known: the clients are sent there. */
  leave(place?: Place): void {
    this.#left = true;
    const { server } = this.#parts;
    server.drain({ replaced: server.at(place) });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { core: { chat }, folder, server } = this.#parts;
    server.drain();
    folder.close();
    await chat.close();
    if (this.#left) {
      chat.closeAll("Another server takes over: reconnect", { fromMs: LEAVE_MS, toMs: SPREAD_MS });
    } else chat.closeAll("The server stops: reconnect", { fromMs: 0, toMs: SPREAD_MS });
    await server.close(this.#left ? LEAVE_MS : STOP_MS);
  }
}
