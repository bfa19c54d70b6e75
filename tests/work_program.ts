/** Started by work.ts: gives texts from its input to a function, and prints how much work each was. @module */
import { Session } from "node:inspector";
import { searchesOf } from "./searches.ts";

interface Coverage {
  readonly result: readonly {
    readonly url: string;
    readonly functions: readonly { readonly ranges: readonly { readonly count: number }[] }[];
  }[];
}

const session = new Session();
session.connect();

function post(method: string, parameters: object = {}): Promise<unknown> {
  return new Promise((resolve, reject) =>
    session.post(method, parameters, (error, result) => error ? reject(error) : resolve(result))
  );
}

const [module, name] = Deno.args;
const run: (text: string) => unknown = (await import(module!))[name!];
const texts: string[] = JSON.parse(await new Response(Deno.stdin.readable).text());
await post("Profiler.enable");
await post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
const work: number[] = [];
for (const text of texts) {
  await post("Profiler.takePreciseCoverage");
  const { looked } = searchesOf(() => run(text));
  const { result } = await post("Profiler.takePreciseCoverage") as Coverage;
  const ranges = result.filter(({ url }) => url.includes("/src/") || url === module)
    .flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges));
  work.push(ranges.reduce((sum, { count }) => sum + count, looked));
}
session.disconnect();
console.log(JSON.stringify(work));
