/** One server on one folder with its clients, for as long as a handful of rounds. @module */
import { Actor, type Stage } from "../demo/actor.ts";
import { type Device, gatherCast } from "../demo/cast.ts";
import type { Corpus } from "../demo/corpus.ts";
import { Host } from "../demo/host.ts";
import { openPlaces } from "../demo/places.ts";
import type { Random } from "../demo/random.ts";
import { Writer } from "../demo/writer.ts";
import { type Arena, type Outfit, wait } from "./faults/fault.ts";
import { openPlace, type Place, type PlaceKind } from "./place.ts";
import { SeverableSockets } from "./severable_sockets.ts";

export interface WorldOptions {
  readonly place: PlaceKind;
  readonly outfit: Outfit;
  readonly clients: number;
  readonly random: Random;
  readonly corpus: Corpus;
  /** Ends waiting and talking. */
  readonly signal: AbortSignal;
  /** How long the last answers may take. */
  readonly patienceMs: number;
}

/** Talks under way. */
export interface Talk {
  /** Sends nothing more; resolves when everything is answered, or nothing was for too long. */
  end(): Promise<void>;
}

/** Disposing kills the server, closes the clients and removes the folder. */
export class World implements AsyncDisposable {
  readonly place: Place;
  readonly host: Host;
  readonly devices: readonly Device[];
  readonly #options: WorldOptions;
  readonly #sockets: SeverableSockets;
  readonly #stage: Stage;
  readonly #cleanup: AsyncDisposableStack;
  #talking: Promise<unknown> = Promise.resolve();

  private constructor(
    options: WorldOptions,
    parts: Pick<World, "place" | "host" | "devices"> & { sockets: SeverableSockets; stage: Stage },
    cleanup: AsyncDisposableStack,
  ) {
    this.#options = options;
    this.place = parts.place;
    this.host = parts.host;
    this.devices = parts.devices;
    this.#sockets = parts.sockets;
    this.#stage = parts.stage;
    this.#cleanup = cleanup;
  }

  /** Starts the server and gathers everybody. Throws when that does not work. */
  static async open(options: WorldOptions): Promise<World> {
    const { random, signal, outfit } = options;
    await using cleanup = new AsyncDisposableStack();
    const place = cleanup.use(await openPlace(options.place));
    const devices: Device[] = [];
    // The server goes first, so that nobody can join while the clients are being closed.
    cleanup.defer(async () => void await Promise.all(devices.map(({ client }) => client.close())));
    const pids: number[] = [];
    cleanup.defer(() => removeTraces(pids.flatMap(outfit.traces)));
    const host = cleanup.use(
      await Host.start({ ...outfit, data: place.data, onBegin: (pid) => pids.push(pid) }),
    );
    const sockets = new SeverableSockets();
    const { url: base, ownerLink } = host;
    const { WebSocket } = sockets;
    const gathered = gatherCast(devices, {
      base,
      ownerLink,
      count: options.clients,
      random: random.fork(),
      WebSocket,
    });
    await Promise.race([gathered, host.crashed, aborted(signal)]);
    await Promise.race([openPlaces(devices, random.fork()), host.crashed, aborted(signal)]);
    const { limits } = devices[0]!.client.replica;
    const stage: Stage = {
      writer: new Writer(options.corpus, random.fork(), { limitBytes: limits!.messageBytes }),
      names: [...new Set(devices.map(({ userName }) => userName))],
      userIds: [...new Set(devices.map(({ userId }) => userId))],
      emoji: options.corpus.emoji,
      signal,
      messagesLeft: 0,
    };
    return new World(options, { place, host, devices, sockets, stage }, cleanup.move());
  }

  get arena(): Arena {
    const { random, signal } = this.#options;
    return {
      host: this.host,
      place: this.place,
      sockets: this.#sockets,
      random: random.fork(),
      signal,
      live: () => this.live,
      stored: () =>
        this.devices.flatMap(({ ledger }) =>
          ledger.commands.flatMap(({ stored }) => stored && stored.seq > 0 ? [stored] : [])
        ),
      acknowledged: () => this.devices.reduce((sum, { ledger }) => sum + ledger.acknowledged, 0),
    };
  }

  /** Devices that are connected and have everything that they missed. */
  get live(): number {
    return this.devices.filter(({ client }) => client.state.name === "live").length;
  }

  /** Commands without an answer. */
  get unanswered(): number {
    return this.devices.reduce((sum, { client }) => sum + client.pending().length, 0);
  }

  /** Everybody talks until told otherwise. */
  talk(): Talk {
    const stage = this.#stage;
    const { random, signal, patienceMs } = this.#options;
    stage.messagesLeft = Infinity;
    let answered = false;
    const actors = this.devices.map((device) => new Actor(device, stage, random.fork()).run());
    this.#talking = Promise.all(actors).then(() => answered = true);
    return {
      end: async () => {
        stage.messagesLeft = 0;
        await wait(patienceMs, signal, () => answered);
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stage.messagesLeft = 0;
    await this.#cleanup.disposeAsync();
    // Nothing waits for an answer any more.
    await this.#talking;
  }
}

async function removeTraces(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await Deno.remove(path).catch((error) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    });
  }
}

/** Rejects with the signal's reason when it aborts. */
export function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
