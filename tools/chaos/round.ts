/** One round: everybody talks, a fault strikes, everybody comes to rest, everything is compared. @module */
import type { Device } from "../demo/cast.ts";
import type { Finding } from "../demo/findings.ts";
import { settle } from "../demo/settle.ts";
import { examineData, examineServer } from "./examine.ts";
import { type Fault, wait } from "./faults/fault.ts";
import type { World } from "./world.ts";

/** Numbers that only grow. */
export interface Tally {
  readonly sent: number;
  readonly acknowledged: number;
  readonly refused: number;
  readonly delivered: number;
  /** Times that a client saw a number missing in a stream. */
  readonly gaps: number;
  readonly reconnects: number;
  readonly reloads: number;
}

export interface Round {
  readonly fault: string;
  /** Whether the server felt it; a full disk may find room enough in the log. */
  readonly felt: boolean;
  /** From the end of the fault until everybody was back, seconds. */
  readonly backS: number;
  readonly tally: Tally;
  readonly findings: readonly Finding[];
}

const BEFORE_MS = 500;
const AFTER_MS = 800;

export async function playRound(
  world: World,
  fault: Fault,
  { signal, patienceMs }: { signal: AbortSignal; patienceMs: number },
): Promise<Round> {
  const { devices, host, place } = world;
  const before = tallyOf(devices);
  const talk = world.talk();
  await wait(BEFORE_MS, signal);
  const felt = await fault.strike(world.arena);
  const endMs = performance.now();
  await wait(patienceMs, signal, () => world.live === devices.length);
  const backS = (performance.now() - endMs) / 1000;
  await wait(AFTER_MS, signal);
  const unwell = await examineServer(host.url, devices, signal);
  await talk.end();
  await settle(devices, signal, { patienceMs });
  signal.throwIfAborted();
  const findings = [...unwell, ...examineData(place.data, devices)];
  const after = tallyOf(devices);
  const tally = Object.fromEntries(
    Object.keys(before).map((name) => [name, after[name as keyof Tally] - before[name as keyof Tally]]),
  ) as unknown as Tally;
  return { fault: fault.name, felt, backS, tally, findings };
}

function tallyOf(devices: readonly Device[]): Tally {
  const sum = (count: (device: Device) => number) =>
    devices.reduce((total, device) => total + count(device), 0);
  const commands = (wanted: string) =>
    sum(({ ledger }) => ledger.commands.filter(({ status }) => status === wanted).length);
  return {
    sent: sum(({ ledger }) => ledger.commands.length),
    acknowledged: commands("acknowledged"),
    refused: commands("refused"),
    delivered: sum(({ ledger }) => ledger.delivered),
    gaps: sum(({ client }) => client.stats.gaps),
    reconnects: sum(({ client }) => Math.max(0, client.stats.connections - 1)),
    reloads: sum(({ client }) => client.stats.reloads),
  };
}
