/** What the subcommands on a data folder have in common. @module */
import { folderConfig, type FolderFlags } from "./operator.ts";
import { Interrupted } from "./prompter.ts";

/** Lines for --help. */
export const DATA_HELP = `  --data FOLDER   The server's data folder (default ./data) [ROOKERY_DATA]
  --config FILE   The server's settings [ROOKERY_CONFIG]`;

export const DATA_FLAGS = { data: "text", config: "text" } as const;

/** The folder that flags, environment and file say. Throws ConfigError for bad settings. */
export function dataFolder(flags: FolderFlags): string {
  return folderConfig(flags).data;
}

/** Aborts with Interrupted when the person or the system wants an end. */
export function interruption(): Disposable & { readonly signal: AbortSignal } {
  const controller = new AbortController();
  const signals: readonly Deno.Signal[] = ["SIGINT", "SIGTERM", "SIGHUP"];
  const listener = () => controller.abort(new Interrupted("Interrupted"));
  for (const name of signals) Deno.addSignalListener(name, listener);
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      for (const name of signals) Deno.removeSignalListener(name, listener);
    },
  };
}

/** "1 user", "1,234 users". */
export function amount(count: number, thing: string): string {
  return `${count.toLocaleString("en-US")} ${thing}${count === 1 ? "" : "s"}`;
}

/** Bytes in the unit that suits them. */
export function size(bytes: number): string {
  const units = ["bytes", "KB", "MB", "GB", "TB"];
  let unit = 0;
  let value = bytes;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}
