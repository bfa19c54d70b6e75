/**
 * Restores a backup with --force, and is killed right before its Nth change of a
 * name in the folder. Prints what it was about to do; nothing when it came to its end.
 */
import { restoreBackup } from "../../src/store/mod.ts";

const [backup, folder, fatal] = Deno.args;
let changes = 0;

for (const name of ["link", "rename", "remove"] as const) {
  const change = Deno[name] as (...args: (string | URL)[]) => Promise<void>;
  Object.defineProperty(Deno, name, {
    value: (...args: string[]) => {
      if (!args.some((path) => String(path).startsWith(`${folder}/`))) return change(...args);
      if (++changes < Number(fatal)) return change(...args);
      Deno.stdout.writeSync(new TextEncoder().encode([name, ...args].join(" ")));
      Deno.kill(Deno.pid, "SIGKILL");
      return new Promise(() => {});
    },
  });
}

await restoreBackup(backup!, folder!, { force: true, endSessions: false });
// The cleaning up of workers does not count.
Deno.exit(0);
