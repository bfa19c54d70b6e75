/** A takeover where the port speaks HTTPS, metrics have a port, and settings change: both processes want the same. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { register, request, RookeryClient } from "../../src/client/mod.ts";
import { ONE, TWO } from "../tls/pairs.ts";
import { clientThatTrusts, sdkThatTrusts } from "../tls/trusting.ts";
import { Program, temporaryFolder } from "./program.ts";

/** Value of a metric without labels. */
function metric(text: string, name: string): number {
  const [, value] = new RegExp(`^${name} (.+)$`, "m").exec(text)!;
  return Number(value);
}

/** Whoever listens there; undefined for one that has just closed. */
async function textAt(url: string, client?: Deno.HttpClient): Promise<string | undefined> {
  try {
    return await (await fetch(url, client ? { client } : {})).text();
  } catch {
    return undefined;
  }
}

Deno.test("O10 O11 O12 with HTTPS and metrics the next one has the same ports, and follows SIGHUP", async () => {
  await using folder = await temporaryFolder();
  const file = `${folder.path}/rookery.json`;
  const [cert, key] = ["cert.pem", "key.pem"].map((name) => `${folder.path}/${name}`) as [string, string];
  const show = async (pair: typeof ONE) => {
    await Deno.copyFile(pair.certPath, cert);
    await Deno.copyFile(pair.keyPath, key);
  };
  await show(ONE);
  const settings = { "tls-cert": cert, "tls-key": key, "registration": "open", "bcrypt-cost": 4 };
  await Deno.writeTextFile(file, JSON.stringify({ ...settings, name: "One" }));
  const data = `${folder.path}/data`;
  const argsOf = (port: string, metricsPort: string) => [
    ...["--data", data, "--config", file, "--port", port, "--metrics-port", metricsPort],
  ];
  await using first = new Program(argsOf("0", "0"));
  const url = await first.address();
  const [, metrics, metricsPort] = /^Metrics: (http:\S+:(\d+)\/metrics)$/m.exec(first.output.stdout)!;
  using http = clientThatTrusts(ONE, TWO);
  const sdk = sdkThatTrusts(http);
  const { token } = await register(url, { name: "ada", password: "correct horse", device: "test" }, sdk);
  await using client = new RookeryClient(url, { token, ...sdk });
  await client.live();
  const { id } = await client.createChannel("room");
  await client.sendMessage(id, "to the first");
  const begun = metric((await textAt(metrics!))!, "process_start_time_seconds");

  await using second = new Program([...argsOf(new URL(url).port, metricsPort!), "--takeover"]);
  const sending = Array.from({ length: 20 }, (_, n) => client.sendMessage(id, `meanwhile ${n}`));
  equal(await second.address(), url);
  const { code, stderr } = await first.end();
  equal(code, 0, stderr);
  deepEqual(
    (await Promise.all(sending)).map(({ seq }, at, [one]) => seq - one!.seq - at),
    sending.map(() => 0),
  );
  // Whoever asked in the moment of the change may have been cut off; from here on there is one process alone.
  const text = await textAt(metrics!);
  ok(metric(text!, "process_start_time_seconds") > begun);
  equal(metric(text!, "rookery_ready"), 1);
  match((await textAt(`${url}/readyz`, http))!, /^\{"ready":true/);
  await client.live();
  await client.sendMessage(id, "to the second");
  const { gaps, doubled, reloads } = client.stats;
  deepEqual({ gaps, doubled, reloads }, { gaps: 0, doubled: 0, reloads: 0 });

  // The operator's commands find the second by the loopback.
  await using command = new Program(["user", "list", "--data", data]);
  match((await command.end()).stdout, /\bada\b/);

  await show(TWO);
  await Deno.writeTextFile(file, JSON.stringify({ ...settings, name: "Two" }));
  second.signal("SIGHUP");
  await second.prints("certificate_changed", "stderr");
  using two = clientThatTrusts(TWO);
  equal(await textAt(`${url}/healthz`, two), "ok\n");
  equal((await request(url, ["getServerInfo", {}], { fetch: sdkThatTrusts(two).fetch })).name, "Two");
  await client.live();
  await client.sendMessage(id, "to the new certificate");
  ok(!second.output.stderr.includes("setting_needs_restart"), second.output.stderr);

  second.signal("SIGTERM");
  equal((await second.end()).code, 0);
});
