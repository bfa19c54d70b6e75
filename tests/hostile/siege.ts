/** Attacks on one server while two others talk over it. @module */
import { ok } from "node:assert/strict";
import { Bystanders } from "./bystanders.ts";
import { type Account, Target, type TargetOptions } from "./target.ts";

export interface Siege {
  readonly target: Target;
  readonly port: number;
  readonly bystanders: Bystanders;
  /** An account of one's own for each attack. */
  readonly mallory: Account;
  readonly owner: Account;
  /** Fails if the bystanders have noticed anything up to now. */
  undisturbed(): Promise<void>;
}

export type Attack = (siege: Siege) => Promise<void>;

export interface SiegeOptions extends TargetOptions {
  /** How much more memory the server may use after each attack than before all of them, MiB. */
  readonly growthMiB?: number;
}

/** V8 leaves garbage lying about for as long as it does not need the room. */
const GROWTH_MIB = 160;
const LOOK_MS = 20;

/**
 * Runs the attacks one after the other. After each the bystanders must have got every message in time and
 * in order, and the server's memory must be within bounds; at the end it must stop well, with a clean log.
 */
export function siege(
  name: string,
  attacks: Readonly<Record<string, Attack>>,
  options: SiegeOptions = {},
): void {
  if (Deno.build.os !== "linux") {
    console.log(`SKIPPED: ${name}: memory is read from /proc, which only Linux has`);
  }
  const ignore = Deno.build.os !== "linux";
  Deno.test({ name, ignore }, async (t) => {
    await using target = await Target.start(options);
    const owner = await target.owner();
    await using bystanders = await Bystanders.start(target);
    const beforeMiB = target.memoryMiB();
    const { growthMiB = GROWTH_MIB } = options;
    for (const [attack, run] of Object.entries(attacks)) {
      // The bystanders talk on, across the steps.
      const fn = async () => {
        const mallory = await target.person();
        const undisturbed = () => bystanders.undisturbed();
        await run({ target, port: target.port, bystanders, mallory, owner, undisturbed });
        await bystanders.undisturbed();
        const grownMiB = Math.round(target.memoryMiB() - beforeMiB);
        ok(grownMiB < growthMiB, `Memory grew by ${grownMiB} MiB`);
      };
      await t.step({ name: attack, fn, sanitizeOps: false, sanitizeResources: false });
    }
  });
}

/**
 * Fails unless memory stays within `growthMiB` during the attack, and the same attack a second time, or at worst a third
 * or fourth, leaves it as the one before did.
 */
export async function plateaus(
  { target }: Pick<Siege, "target">,
  attack: () => Promise<void>,
  { growthMiB, againMiB }: { growthMiB: number; againMiB: number },
): Promise<void> {
  const beforeMiB = target.memoryMiB();
  const left: number[] = [];
  for (let again = 0; again < 4; again++) {
    const peakMiB = await peakDuring(target, attack) - beforeMiB;
    left.push(Math.round(target.memoryMiB() - beforeMiB));
    ok(peakMiB < growthMiB, `Memory grew by ${Math.round(peakMiB)} MiB`);
    if (again > 0 && left.at(-1)! - left.at(-2)! < againMiB) return;
  }
  ok(false, `Memory grows with every attack: ${left.join(", ")} MiB`);
}

/** The most memory that was seen while it lasted. */
async function peakDuring(target: Target, attack: () => Promise<void>): Promise<number> {
  let peakMiB = 0;
  const look = () => peakMiB = Math.max(peakMiB, target.memoryMiB());
  const timer = setInterval(look, LOOK_MS);
  await attack().finally(() => clearInterval(timer));
  look();
  return peakMiB;
}
