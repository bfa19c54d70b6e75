/** `deno task simulate`: the core under as many seeds as one likes. Needs no permission. @module */
import { parseArgs } from "node:util";
import { live, Totals } from "./campaign.ts";

const HELP = `Usage: deno task simulate [options]

Lets seeded users, devices and mishaps loose on the core, and holds everything
that is stored, answered and delivered against the promises in SPEC.md. The
same seed does the same for ever. Exits with 1 when a promise was broken.

  --seeds N   How many (default 1000)
  --from S    The first one (default 0)
  --bail      Stop at the first that fails
  --help      Print this`;

const SHOWN_FAILURES = 20;
const TOLD_EVERY_MS = 5000;

interface Campaign {
  readonly seeds: number;
  readonly from: number;
  readonly bail: boolean;
}

/** Undefined when help was asked for. Throws TypeError. */
function parse(args: string[]): Campaign | undefined {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  const { values } = parseArgs({ args, options: { seeds: text, from: text, bail: flag, help: flag } });
  if (values.help) return undefined;
  const whole = (name: "seeds" | "from", otherwise: number): number => {
    const number = Number(values[name] ?? otherwise);
    if (Number.isInteger(number) && number >= 0 && number < 2 ** 32) return number;
    throw new TypeError(`--${name} takes a whole number, not ${values[name]}`);
  };
  return { seeds: whole("seeds", 1000), from: whole("from", 0), bail: values.bail ?? false };
}

/** True when every seed kept the promises. */
async function simulate({ seeds, from, bail }: Campaign): Promise<boolean> {
  const totals = new Totals();
  const failures: string[] = [];
  const startMs = performance.now();
  let toldMs = startMs;
  for (let seed = from; seed < from + seeds; seed++) {
    await live(seed).then((world) => totals.add(world), (error: Error) => failures.push(describe(error)));
    if (bail && failures.length > 0) break;
    if (performance.now() < toldMs + TOLD_EVERY_MS) continue;
    toldMs = performance.now();
    console.error(`${seed - from + 1} of ${seeds} seeds, ${failures.length} failed`);
  }
  const seconds = (performance.now() - startMs) / 1000;
  for (const [name, count] of Object.entries(totals.counts)) {
    console.log(`${String(count).padStart(12)}  ${name}`);
  }
  for (const failure of failures.slice(0, SHOWN_FAILURES)) console.log(failure);
  console.log(
    `${seeds} seeds from ${from} in ${seconds.toFixed(1)} s (${(seeds / seconds).toFixed(0)} a second): ` +
      (failures.length === 0 ? "every promise was kept" : `${failures.length} failed`),
  );
  return failures.length === 0;
}

function describe(error: Error): string {
  const { cause } = error;
  return `${error.message}${cause instanceof Error ? `\n${cause.stack}` : ""}`;
}

try {
  const campaign = parse(Deno.args);
  if (!campaign) console.log(HELP);
  else if (!await simulate(campaign)) Deno.exitCode = 1;
} catch (error) {
  console.error(`simulate: ${(error as Error).message} (see --help)`);
  Deno.exitCode = 2;
}
