/** SIGHUP, as an operator sends it to the running program. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { request } from "../../src/client/mod.ts";
import { ONE, TWO } from "../tls/pairs.ts";
import { clientThatTrusts } from "../tls/trusting.ts";
import { Program, temporaryFolder } from "./program.ts";

interface Line {
  readonly level: string;
  readonly event: string;
  readonly [field: string]: unknown;
}

/** Waits until a line of the log has these words; answers with all lines so far. */
async function logged(program: Program, words: string): Promise<Line[]> {
  const text = await program.prints(words, "stderr");
  const whole = text.slice(0, text.lastIndexOf("\n"));
  return whole.split("\n").map((line) => JSON.parse(line));
}

async function infoOf(url: string): Promise<{ name: string; pageItems: number | undefined }> {
  const { name, limits } = await request(url, ["getServerInfo", {}]);
  return { name, pageItems: limits?.pageItems };
}

Deno.test("O11 SIGHUP follows the file: what changes at once, what needs a restart, and never an end", async () => {
  await using folder = await temporaryFolder();
  const file = `${folder.path}/rookery.json`;
  const write = (text: string) => Deno.writeTextFile(file, text);
  await write('{ "name": "Before", }');
  const args = ["--port", "0", "--data", `${folder.path}/data`, "--config", file];
  await using program = new Program(args);
  const url = await program.address();
  equal((await infoOf(url)).name, "Before");

  await write('{ "name": "After", "bcrypt-cost": 5, "limits": { "pageItems": 7, "turnFrames": 9 } } // new');
  program.signal("SIGHUP");
  const lines = await logged(program, '"limits.turnFrames"');
  const changes = lines.filter(({ event }) => event.startsWith("setting"));
  deepEqual(changes.map(({ level, event, setting, from, to }) => [level, event, setting, from, to]), [
    ["info", "setting_changed", "name", '"Before"', '"After"'],
    ["info", "setting_changed", "limits.pageItems", "100", "7"],
    ["warn", "setting_needs_restart", "bcrypt-cost", "12", "5"],
    ["warn", "setting_needs_restart", "limits.turnFrames", "32", "9"],
  ]);
  deepEqual(await infoOf(url), { name: "After", pageItems: 7 });

  await write('{ "name": "Bad", "prot": 1, "registration": "all", "limits": { "diskRoomBytes": 1e12 } }');
  program.signal("SIGHUP");
  const reasons = (await logged(program, "registration")).filter(({ event }) => event === "settings_refused")
    .map(({ reason }) => reason);
  deepEqual(reasons, [
    `Unknown key "prot" in ${file}; did you mean "port"?`,
    `"registration" in ${file} must be invite, open or closed, not "all"`,
    `Limit "diskRoomBytes" in ${file} must not be over 268435456, and is 1000000000000: ` +
    "that much is written at every look where the system does not tell",
  ]);
  equal((await infoOf(url)).name, "After");

  await Deno.remove(file);
  program.signal("SIGHUP");
  ok((await logged(program, "Cannot read")).at(-1)!.level === "error");
  equal((await infoOf(url)).name, "After");
  program.signal("SIGTERM");
  equal((await program.end()).code, 0);
});

Deno.test("O11 O5 SIGHUP makes the log tell more, each request as well, and less again", async () => {
  await using folder = await temporaryFolder();
  const file = `${folder.path}/rookery.json`;
  const args = ["--port", "0", "--data", `${folder.path}/data`, "--config", file];
  await Deno.writeTextFile(file, '{ "log-level": "error" }');
  await using program = new Program(args);
  const url = await program.address();
  const follow = async (text: string, words: string) => {
    await Deno.writeTextFile(file, text);
    program.signal("SIGHUP");
    return await logged(program, words);
  };
  await infoOf(url);
  const more = await follow('{ "log-requests": "info", "limits": { "writerStuckMs": 5000 } }', '"5000"');
  deepEqual(more.map(({ event, setting }) => [event, setting]), [
    ["setting_changed", "log-level"],
    ["setting_changed", "log-requests"],
    ["setting_changed", "limits.writerStuckMs"],
  ]);
  await infoOf(url);
  const request = (await logged(program, '"event":"request"')).at(-1)!;
  deepEqual([request.level, request["route"], request["status"]], ["info", "/api/v1/GetServerInfo", 200]);
  await follow('{ "log-level": "debug" }', '"from":"5000"');
  await infoOf(url);
  const events = (await follow('{ "log-level": "warn" }', String.raw`\"warn\"`)).map(({ event }) => event);
  equal(events.filter((event) => event === "request").length, 2);
  program.signal("SIGTERM");
  const { code, stderr } = await program.end();
  equal(code, 0);
  ok(!stderr.includes('"event":"stopped"'));
});

Deno.test("O11 O12 SIGHUP takes up a renewed certificate, by a link as well, though the sandbox is closed", async () => {
  await using folder = await temporaryFolder();
  const [cert, key, elsewhere] = ["cert.pem", "key.pem", "other.pem"].map((name) => `${folder.path}/${name}`);
  const file = `${folder.path}/rookery.json`;
  // As programs that renew certificates do: the links stay, and lead to other files.
  const link = async (pair: typeof ONE) => {
    for (const [from, to] of [[pair.certPath, cert], [pair.keyPath, key]]) {
      await Deno.remove(to!).catch(() => {});
      await Deno.symlink(from!, to!);
    }
  };
  await link(ONE);
  await Deno.copyFile(ONE.certPath, elsewhere!);
  await Deno.writeTextFile(file, JSON.stringify({ "tls-cert": cert, "tls-key": key }));
  await using program = new Program(["--port", "0", "--data", `${folder.path}/data`, "--config", file]);
  const url = await program.address();
  match(url, /^https:/);
  using one = clientThatTrusts(ONE);
  using two = clientThatTrusts(TWO);
  equal(await (await fetch(`${url}/healthz`, { client: one })).text(), "ok\n");

  using _silent = await Deno.connect({ hostname: "127.0.0.1", port: Number(new URL(url).port) });
  await link(TWO);
  program.signal("SIGHUP");
  const renewed = (await logged(program, "certificate_changed")).at(-1)!;
  deepEqual(renewed["names"], ["localhost", "chat.test", "127.0.0.1"]);
  equal(await (await fetch(`${url}/healthz`, { client: two })).text(), "ok\n");

  await Deno.remove(key!);
  program.signal("SIGHUP");
  match(String((await logged(program, "Cannot read the private key")).at(-1)!["reason"]), /No such file/);
  await link(TWO);

  await Deno.writeTextFile(file, JSON.stringify({ "tls-cert": elsewhere, "tls-key": key }));
  program.signal("SIGHUP");
  match(String((await logged(program, "Cannot read the certificate")).at(-1)!["reason"]), /restart it$/);
  equal(await (await fetch(`${url}/healthz`, { client: two })).text(), "ok\n");
  program.signal("SIGTERM");
  equal((await program.end()).code, 0);
});

Deno.test("O12 a certificate and key that do not belong together are one line at the start", async () => {
  await using folder = await temporaryFolder();
  const args = ["--port", "0", "--data", folder.path, "--tls-cert", ONE.certPath, "--tls-key", TWO.keyPath];
  await using program = new Program(args);
  const { code, stderr } = await program.end();
  equal(code, 2);
  match(stderr, /^rookery: \S+two\.key is not the key of the first certificate in \S+one\.crt, [^\n]+\n$/);
});

Deno.test("O12 the operator's commands reach a server that speaks HTTPS to the world", async () => {
  await using folder = await temporaryFolder();
  const tls = ["--tls-cert", ONE.certPath, "--tls-key", ONE.keyPath, "--url", "https://chat.test"];
  await using program = new Program(["--port", "0", "--data", folder.path, ...tls]);
  await program.address();
  const { url, operator, publicUrl } = JSON.parse(await Deno.readTextFile(`${folder.path}/server.json`));
  equal(url, undefined);
  match(operator, /^operator-.+\.sock$/);
  equal(publicUrl, "https://chat.test");
  await using command = new Program(["invite", "create", "--data", folder.path]);
  const { code, stdout, stderr } = await command.end();
  equal(code, 0, stderr);
  match(stdout, /https:\/\/chat\.test\/#invite=/);
});
