/** Somebody who does one thing to a server as hard as they can, while others chat. @module */
import type { AbuseJob, AbuseResult } from "../protocol.ts";
import { Arena } from "./attacks/arena.ts";
import { ATTACKS } from "./attacks/mod.ts";
import { delay, nowUs } from "./clock.ts";
import type { Stdio } from "./stdio.ts";

export async function abuse(job: AbuseJob, stdio: Stdio): Promise<AbuseResult> {
  const arena = new Arena(job);
  stdio.say({ type: "ready", connectMs: 0 });
  await delay((await stdio.go() - nowUs()) / 1000);
  arena.begin();
  const numbers = await ATTACKS[job.attack](arena) ?? {};
  return { ...arena.answers, numbers };
}
