/** Lets everybody come to rest, so that there is something to compare. @module */
import type { Device } from "./cast.ts";

const SETTLE_MS = 60_000;
const LOOK_MS = 50;

/**
 * Resolves when everybody is live, has every answer, and has been given what
 * was published; after a minute, or `patienceMs`, in any case, and then the comparison tells
 * what is missing. Every other client scrolls back to the beginning.
 */
export async function settle(
  devices: readonly Device[],
  signal: AbortSignal,
  { patienceMs = SETTLE_MS }: { patienceMs?: number } = {},
): Promise<void> {
  const endMs = performance.now() + patienceMs;
  while (!signal.aborted && performance.now() < endMs && !atRest(devices)) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  // Frames come in order: behind the answer to a ping, nothing sent before it is on its way.
  await Promise.allSettled(devices.map(({ client }) => client.call("ping", {})));
  if (signal.aborted) return;
  await Promise.allSettled(devices.filter((_, index) => index % 4 < 2).map(scrollBack));
}

/** Everybody is live and unburdened, and has seen as much of each stream as anybody else. */
function atRest(devices: readonly Device[]): boolean {
  const heads = new Map<number, number>();
  for (const { client } of devices) {
    if (client.state.name !== "live" || client.pending().length > 0) return false;
    for (const { stream, seq } of client.resumePoint().cursors) {
      const head = heads.get(stream);
      if (head !== undefined && head !== seq) return false;
      heads.set(stream, seq);
    }
  }
  return true;
}

/** Fetches all older messages, page by page, as somebody does who reads everything. */
async function scrollBack({ client }: Device): Promise<void> {
  for (const [channelId, state] of client.replica.channels) {
    while (state.floorSeq > 0) {
      const { floorSeq } = state;
      await client.history(channelId, { before: floorSeq + 1 });
      if (state.floorSeq === floorSeq) break;
    }
  }
}
