/**
 * The load generator's process: reads its job from the file that it is given,
 * prints the result as one line of JSON.
 *
 * @module
 */
import { broadcast, type BroadcastJob } from "./broadcast.ts";
import { closeAll, connectAll } from "./connection.ts";
import { durable, type DurableJob } from "./durable.ts";

/** Holds connections until a byte comes on standard input. */
export interface IdleJob {
  readonly kind: "idle";
  readonly socketUrl: string;
  readonly tokens: readonly string[];
}

export type Job = BroadcastJob | DurableJob | IdleJob;

async function idle({ socketUrl, tokens }: IdleJob): Promise<{ connections: number }> {
  const sockets = await connectAll(socketUrl, tokens);
  console.log(JSON.stringify({ connections: sockets.length }));
  await Deno.stdin.read(new Uint8Array(1));
  await closeAll(sockets);
  return { connections: sockets.length };
}

function run(job: Job): Promise<unknown> {
  switch (job.kind) {
    case "broadcast":
      return broadcast(job);
    case "durable":
      return durable(job);
    case "idle":
      return idle(job);
  }
}

if (import.meta.main) {
  console.log(JSON.stringify(await run(JSON.parse(Deno.readTextFileSync(Deno.args[0]!)))));
}
