/**
 * A load generator's process: takes its job from standard input and tells what
 * came of it on standard output (protocol.ts).
 *
 * @module
 */
import type { Job } from "../protocol.ts";
import { abuse } from "./abuse_job.ts";
import { chat } from "./chat_job.ts";
import { durable } from "./durable_job.ts";
import { handover } from "./handover_job.ts";
import { idle } from "./idle_job.ts";
import { resume } from "./resume_job.ts";
import { Stdio } from "./stdio.ts";

function run(job: Job, stdio: Stdio): Promise<unknown> {
  switch (job.kind) {
    case "chat":
      return chat(job, stdio);
    case "durable":
      return durable(job, stdio);
    case "idle":
      return idle(job, stdio);
    case "handover":
      return handover(job, stdio);
    case "resume":
      return resume(job, stdio);
    case "abuse":
      return abuse(job, stdio);
  }
}

if (import.meta.main) {
  const stdio = new Stdio();
  stdio.say({ type: "done", result: await run(await stdio.job(), stdio) });
  // Whatever is still open, the laboratory has what it wanted.
  Deno.exit(0);
}
