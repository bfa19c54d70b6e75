/** `rookery config`: settings printed and checked, by the program. */
import { equal, match, ok } from "node:assert/strict";
import { ONE, TWO } from "../tls/pairs.ts";
import { Place } from "./program.ts";

Deno.test("what print writes is what check takes", async () => {
  await using place = new Place();
  const file = `${place.folder}/rookery.json`;
  await Deno.writeTextFile(file, await place.ok(["config", "print"]));
  equal(await place.ok(["config", "check", file]), `Settings are in order (${file} read)\n`);
  equal(await place.ok(["config", "check"]), "Settings are in order (no file read)\n");
});

Deno.test("check tells everything that is wrong, and where the server would fail", async () => {
  await using place = new Place();
  const file = `${place.folder}/rookery.json`;
  const there = `${place.folder}/there`;
  await Deno.writeTextFile(there, "");
  await Deno.writeTextFile(file, '{ "prot": 1, "registration": "all", /* no */ "data": "x" }');
  const tls = ["--tls-cert", ONE.certPath, "--tls-key", TWO.keyPath];
  const env = { ROOKERY_DATA: `${there}/data` };
  const { code, stdout, stderr } = await place.run(["config", "check", file, "--port", "70000", ...tls], {
    env,
  });
  equal(code, 1);
  equal(stdout, "");
  const lines = stderr.trimEnd().split("\n");
  equal(lines.length, 5, stderr);
  ok(lines.every((line) => line.startsWith("rookery: ")), stderr);
  match(stderr, /Unknown key "prot" .*did you mean "port"/);
  match(stderr, /--port must be a whole number from 0 to 65535, not "70000"/);
  match(stderr, /"registration" in \S+ must be invite, open or closed/);
  match(stderr, /The data folder \S+\/there\/data cannot be used: \S+\/there is a file/);
  match(stderr, /two\.key is not the key of the first certificate in \S+one\.crt/);
  equal(await Deno.stat(`${there}/data`).catch(() => undefined), undefined);
});

Deno.test("check warns of what works and displeases", async () => {
  await using place = new Place();
  const tls = ["--tls-cert", ONE.certPath, "--tls-key", ONE.keyPath];
  const well = await place.run(["config", "check", ...tls, "--url", "https://chat.test"]);
  equal(well.code, 0);
  equal(well.stderr, "");
  const other = await place.run(["config", "check", ...tls, "--url", "https://other.test"]);
  equal(other.code, 0);
  match(
    other.stderr,
    /^rookery: warning: The certificate is for localhost, chat\.test, 127\.0\.0\.1, and url/,
  );
  const plain = await place.run(["config", "check", ...tls, "--url", "http://chat.test"]);
  equal(plain.code, 1);
  match(
    plain.stderr,
    /url is http:\/\/chat\.test, but with tls-cert .* set url to https:\/\/chat\.test, or leave/,
  );
  match((await place.run(["config", "check", "--hsts-days", "1"])).stderr, /^rookery: warning: hsts-days/);
});

Deno.test("arguments of config that make no sense have exit code 2", async () => {
  await using place = new Place();
  const cases = [
    [],
    ["prnt"],
    ["print", "--port", "1"],
    ["print", "--effective", "--port", "x"],
    ["check", "--prot", "1"],
    ["check", "a.json", "b.json"],
    ["check", "--port"],
  ];
  for (const { code, stdout } of await Promise.all(cases.map((args) => place.run(["config", ...args])))) {
    equal(code, 2);
    equal(stdout, "");
  }
});

Deno.test("print --effective shows what holds and where it comes from", async () => {
  await using place = new Place();
  const [file, secret] = [`${place.folder}/rookery.json`, `${place.folder}/name`];
  await Deno.writeTextFile(file, '{ "origins": ["https://a.example"], "limits": { "pageItems": 50 } }');
  await Deno.writeTextFile(secret, "The Nest\n");
  const env = { ROOKERY_CONFIG: file, ROOKERY_NAME_FILE: secret };
  const shown = await place.ok(["config", "print", "--effective", "--port", "9000"], { env });
  const row = (setting: string) => shown.split("\n").find((line) => line.startsWith(`${setting} `)) ?? "";
  match(row("port"), /^port +9000 +--port$/);
  match(row("host"), /^host +"127\.0\.0\.1" +default$/);
  match(row("bcrypt-cost"), /^bcrypt-cost +4 +ROOKERY_BCRYPT_COST$/);
  match(row("name"), /^name +"The Nest" +ROOKERY_NAME_FILE \(\S+\/name\)$/);
  match(row("origins"), /^origins +\["https:\/\/a\.example"\] +\S+\/rookery\.json$/);
  ok(row("limits.pageItems").endsWith(file), row("limits.pageItems"));
  match(row("limits.messageBytes"), / 16384 +default$/);
});
