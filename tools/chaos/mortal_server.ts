/**
 * The server as main.ts starts it, but that a signal kills one of its
 * workers: SIGUSR1 one for passwords, SIGUSR2 the one that writes.
 *
 * @module
 */
import { MortalWorkers } from "./mortal_workers.ts";

const VICTIMS = { SIGUSR1: "password_worker", SIGUSR2: "writer_worker" } as const;

const workers = new MortalWorkers();
for (const [signal, name] of Object.entries(VICTIMS)) {
  Deno.addSignalListener(signal as Deno.Signal, () => {
    if (!workers.kill(name)) console.error(`There is no ${name} to kill`);
  });
}
const { runCommand } = await import("../../src/cli/mod.ts");
// Listeners for signals do not keep a program alive.
Deno.exitCode = await runCommand(Deno.args);
