/** No more files and sockets for the process: the listener dies, and comes back. */
import { match, ok } from "node:assert/strict";
import { Bystanders } from "./bystanders.ts";
import { Peer } from "./peer.ts";
import { Target } from "./target.ts";

/** What the program itself has open is below 100. */
const DESCRIPTORS = 160;
const WAIT_MS = 30_000;

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(2000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

async function eventually(what: string, condition: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + WAIT_MS;
  while (!await condition()) {
    if (performance.now() > deadline) throw new Error(`Not within ${WAIT_MS} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

Deno.test("running out of descriptors ends neither the listener nor the sockets that are open", async () => {
  await using target = await Target.start({ descriptors: DESCRIPTORS });
  // An operator has to hear of it.
  target.mayLogErrors = true;
  await target.owner();
  await using bystanders = await Bystanders.start(target);
  for (let round = 0; round < 2; round++) {
    const crowd: Peer[] = [];
    try {
      const failures = () => target.output.split("Listener failed").length;
      const before = failures();
      await eventually("the listener fails", async () => {
        for (let at = 0; at < 20 && crowd.length < 2 * DESCRIPTORS; at++) {
          const peer = await Peer.connect(target.port).catch(() => undefined);
          if (peer) crowd.push(peer);
        }
        return failures() > before;
      });
      await bystanders.undisturbed();
    } finally {
      for (const peer of crowd) peer[Symbol.dispose]();
    }
    await eventually("the listener is back", () => answers(target.url));
    ok((await target.person()).token);
    await bystanders.undisturbed();
  }
  match(target.output, /Listener failed/);
});
