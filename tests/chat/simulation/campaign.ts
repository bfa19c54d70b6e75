/** Many worlds, one after the other. @module */
import type { Mutation } from "./faulty_writer.ts";
import { Violation } from "./witness.ts";
import { World } from "./world.ts";

/** Lives through one seed. Throws Violation, with the seed, when a promise is broken. */
export async function live(seed: number, mutation: Mutation = "none"): Promise<World> {
  const world = new World(seed, mutation);
  try {
    await world.run();
  } catch (error) {
    if (error instanceof Violation) throw new Violation(`seed ${seed}, ${error.message}`);
    throw new Error(`seed ${seed} broke the simulation`, { cause: error });
  }
  return world;
}

/** How often everything has happened. */
export class Totals {
  readonly counts: Record<string, number> = {};

  add(world: World): void {
    const all = [
      world.counts,
      world.server.counts,
      world.server.writer.counts,
      ...world.devices.map(({ client }) => client.counts),
      ...world.sdkDevices.map(({ counts }) => counts),
    ];
    for (const counts of all) {
      for (const [name, value] of Object.entries(counts)) {
        this.counts[name] = (this.counts[name] ?? 0) + value;
      }
    }
  }
}
