/** The faults that can be had on this machine. @module */
import type { FaultName } from "../options.ts";
import { fillable, type PlaceKind } from "../place.ts";
import { backup } from "./backup.ts";
import { clockFault, findLibrary, MovableClock } from "./clock.ts";
import { descriptorLimit, descriptors } from "./descriptors.ts";
import { disk } from "./disk.ts";
import { output } from "../output.ts";
import type { Fault, Outfit } from "./fault.ts";
import { kill } from "./kill.ts";
import { stop } from "./stop.ts";
import { takeover } from "./takeover.ts";
import { MORTAL_SERVER, workers } from "./workers.ts";

export interface Arsenal extends AsyncDisposable {
  readonly faults: readonly Fault[];
  /** Where the data of one world after the other lies. */
  readonly places: readonly PlaceKind[];
  readonly outfit: Outfit;
  /** What is done, or why it cannot be done, in words. */
  readonly notes: readonly string[];
}

/** Looks for what the faults take. Faults that cannot be had here are in the notes. */
export async function gatherArsenal(names: readonly FaultName[], clients: number): Promise<Arsenal> {
  const wanted = new Set(names);
  const faults: Fault[] = [];
  const notes: string[] = [];
  const env: Record<string, string> = {};
  await using cleanup = new AsyncDisposableStack();
  if (wanted.has("kill")) faults.push(kill);
  if (wanted.has("stop")) faults.push(stop);
  if (wanted.has("takeover")) faults.push(takeover);
  if (wanted.has("workers")) {
    faults.push(workers);
    notes.push(`workers: the server is started by ${MORTAL_SERVER}, where a signal kills a thread`);
  }
  if (wanted.has("backup")) faults.push(backup);
  const places = wanted.has("disk") ? await fillable() : [];
  if (places.length > 0) {
    faults.push(disk);
    const ways = { tmpfs: "a tmpfs is filled", limit: "files may not grow (RLIMIT_FSIZE)", plain: "" };
    notes.push(`disk: ${places.map((kind) => ways[kind]).join(", in every other world ")}`);
  } else if (wanted.has("disk")) {
    notes.push("disk: skipped, because a tmpfs cannot be mounted and there is no prlimit");
  }
  const shell = await output("sh", "-c", "ulimit -n") !== undefined;
  if (wanted.has("descriptors") && shell) {
    faults.push(descriptors);
    notes.push(`descriptors: the server has ${descriptorLimit(clients)}`);
  } else if (wanted.has("descriptors")) {
    notes.push("descriptors: skipped, because there is no sh to set a limit");
  }
  const library = wanted.has("clock") ? findLibrary() : undefined;
  if (library) {
    const folder = await Deno.makeTempDir({ prefix: "rookery-chaos-clock-" });
    cleanup.defer(() => Deno.remove(folder, { recursive: true }));
    const clock = new MovableClock(`${folder}/offset`, library);
    Object.assign(env, clock.env);
    faults.push(clockFault(clock));
    notes.push(`clock: ${library}`);
  } else if (wanted.has("clock")) {
    notes.push("clock: skipped, because there is no libfaketime (Debian: apt install libfaketime)");
  }
  const owned = cleanup.move();
  return {
    faults,
    places: places.length > 0 ? places : ["plain"],
    outfit: {
      ...(wanted.has("workers") ? { entry: MORTAL_SERVER } : {}),
      wrapper: shell ? wrapper(wanted, clients) : [],
      env,
      traces: (pid) => library ? MovableClock.traces(pid) : [],
    },
    notes,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** A shell that sets limits and then becomes the server. */
function wrapper(wanted: ReadonlySet<FaultName>, clients: number): string[] {
  const limits: string[] = [];
  // By default a process that writes too large a file does not get an error but dies.
  if (wanted.has("disk")) limits.push("trap '' XFSZ");
  if (wanted.has("descriptors")) limits.push(`ulimit -n ${descriptorLimit(clients)}`);
  return limits.length === 0 ? [] : ["sh", "-c", `${limits.join("; ")}; exec "$@"`, "sh"];
}
