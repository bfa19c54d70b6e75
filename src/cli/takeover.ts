/** Taking over from a running server, and waiting to be taken over. @module */
import type { App } from "../app.ts";
import type { Config } from "../config.ts";
import type { Logger } from "../logger.ts";
import { CAN_SHARE_PORTS } from "../server/listener.ts";
import { schemasOf } from "../store/mod.ts";
import { Door } from "../takeover/door.ts";
import { HandoverRefused, Heir } from "../takeover/heir.ts";
import { Holder } from "../takeover/holder.ts";
import { type Place, PROTOCOL } from "../takeover/message.ts";
import { sweepSockets } from "../takeover/sockets.ts";
import { VERSION } from "../version.ts";
import { readServerFile } from "./server_file.ts";

/** Another heir has failed by then, or has taken over. */
const BUSY_MS = 5000;
const AGAIN_MS = 50;

/** Asks the server that has the folder; undefined when none answers to that. Throws {@link HandoverRefused}. */
export async function knock({ data }: Config): Promise<Heir | undefined> {
  const untilMs = performance.now() + BUSY_MS;
  let refused: { readonly door: string; readonly error: HandoverRefused } | undefined;
  for (;;) {
    const door = (await readServerFile(data))?.takeover;
    // The other heir serves: whoever wanted the same at the same time has what they wanted.
    if (refused && door !== refused.door) throw refused.error;
    if (door === undefined) return undefined;
    try {
      return await Heir.knock(`${data}/${door}`, { version: VERSION, pid: Deno.pid });
    } catch (error) {
      if (!(error instanceof HandoverRefused && error.busy) || performance.now() > untilMs) throw error;
      refused = { door, error };
    }
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}

/**
 * The settings to take over with: where any port would do it is the holder's,
 * to which its clients come back. Throws what would fail later, before
 * anything was disturbed: {@link HandoverRefused}, Deno.errors for a port that
 * cannot be had, UnusableDatabase for data of a newer Rookery.
 */
export function settingsOfHeir(
  config: Config,
  { heir: { holder }, log }: { heir: Heir; log: Logger },
): Config {
  const { there, ours } = schemasOf(config.data);
  if (there < ours) {
    log.report("schema_migrates", { from: there, to: ours });
  }
  const port = config.port === 0 ? holder.port : config.port;
  if (port !== holder.port) {
    Deno.listen({ hostname: config.host, port }).close();
  } else if (!CAN_SHARE_PORTS) {
    throw new HandoverRefused(
      "Two servers cannot share a port here: stop the other one first, or choose another --port",
    );
  }
  return { ...config, port };
}

/**
 * Opens the socket at which this server waits for its heir. Undefined, with a
 * warning, where that cannot be. Throws {@link HandoverRefused} when the
 * present holder belongs to another user, whose files this one would mix with its own.
 */
export async function openDoor(
  { data }: Config,
  { log, heir, operatorSocket }: {
    readonly log: Logger;
    readonly heir: Heir | undefined;
    /** Name of this server's own, which may be there already. */
    readonly operatorSocket: string;
  },
): Promise<Door | undefined> {
  const holder = heir && await readServerFile(data);
  const living = holder?.takeover;
  let door: Door;
  try {
    door = Door.open(data);
  } catch (error) {
    log.report("takeover_impossible", { error });
    return undefined;
  }
  try {
    if (living !== undefined) refuseForeign(door, await Deno.stat(`${data}/${living}`));
    await sweepSockets(data, [living, holder?.operator, door.name, operatorSocket]);
    return door;
  } catch (error) {
    door[Symbol.dispose]();
    throw error;
  }
}

function refuseForeign(door: Door, { uid }: Deno.FileInfo): void {
  if (uid === door.uid) return;
  throw new HandoverRefused(`The running server belongs to the user ${uid}: run this one as that user`);
}

/** Waits at the door until it is disposed. */
export function waitForHeirs(
  door: Door,
  { app, place, log }: { readonly app: App; readonly place: Place; readonly log: Logger },
): Holder {
  return new Holder({
    listener: door.listener,
    self: { type: "hello", protocol: PROTOCOL, version: VERSION, pid: Deno.pid, ...place },
    estate: app.folder,
    log,
  });
}
