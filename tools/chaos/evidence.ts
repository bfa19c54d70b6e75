/** Keeps what somebody needs who looks into a failure. @module */
import type { Finding } from "../demo/findings.ts";
import type { World } from "./world.ts";

interface Failure {
  readonly findings: readonly Finding[];
  readonly broken: string | undefined;
  readonly seed: number;
}

/** Kills the server and copies its data, its log, the findings and what each client held; returns the folder. */
export async function keepEvidence(world: World, { findings, broken, seed }: Failure): Promise<string> {
  const records = world.devices.map(({ ledger }) => ledger.record());
  await world.host.kill();
  const folder = await Deno.makeTempDir({ prefix: "rookery-chaos-failed-" });
  await Deno.mkdir(`${folder}/data`);
  for await (const { name, isFile } of Deno.readDir(world.place.data)) {
    if (isFile) await Deno.copyFile(`${world.place.data}/${name}`, `${folder}/data/${name}`);
  }
  const lines = findings.map(({ fault, count, format, what }) => `${fault} ${count} (${format}) ${what}`);
  const text = [`seed ${seed}`, ...(broken === undefined ? [] : [broken]), ...lines].join("\n");
  await Deno.writeTextFile(`${folder}/findings.txt`, `${text}\n`);
  await Deno.writeTextFile(`${folder}/server.log`, world.host.log.map((line) => `${line}\n`).join(""));
  await Deno.writeTextFile(`${folder}/clients.json`, JSON.stringify(records, null, 1));
  return folder;
}
