/** The same load on several servers, one after the other. @module */
import { type ChatLoad, runChat } from "./chat_run.ts";
import type { Row } from "./row.ts";
import type { Setting } from "./setting.ts";
import type { Target } from "./target.ts";

/** A row for each server; one that cannot be had on this machine has none. */
export async function* runBeside(
  start: readonly (() => Promise<Target | undefined>)[],
  load: (target: Target) => ChatLoad,
  setting: Setting,
): AsyncGenerator<Row> {
  for (const startOne of start) {
    await using target = await startOne();
    if (target) yield await runChat(load(target), setting);
  }
}
