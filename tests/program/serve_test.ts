/** The program as a person starts and stops it. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { register } from "../../src/client/mod.ts";
import { startTask } from "../../tools/start_task.ts";
import { parseMetrics } from "../metrics/text_format.ts";
import { WireSocket } from "../server/wire_socket.ts";
import { denoJson, Program, run, temporaryFolder } from "./program.ts";

Deno.test("the task starts the server, prints the owner's link, and SIGTERM ends it in good order", async () => {
  await using folder = await temporaryFolder();
  await using program = new Program(["--port", "0", "--data", folder.path], { byTask: true });
  const text = await program.prints("In a terminal:");
  match(text, /^Rookery \d+\.\d+\.\d+ is listening on http:\/\/127\.0\.0\.1:\d+$/m);
  const link = new URL(/^ {2}(http:\S+)$/m.exec(text)![1]!);
  const { token, user } = await register(link.origin, {
    name: "olga",
    password: "olga's password",
    inviteCode: link.hash.slice("#invite=".length),
  });
  equal(user.role, 3);
  const wire = await WireSocket.open(`${link.origin.replace("http", "ws")}/api/v1/socket`, { token });
  program.signal("SIGTERM");
  equal((await wire.take("goodbye")).code, 3000);
  equal((await wire.closed).code, 3000);
  const { code, stdout } = await program.end();
  equal(code, 0);
  equal(stdout.match(/listening/g)?.length, 1);
  deepEqual([...Deno.readDirSync(folder.path)].map(({ name }) => name).sort(), [
    "lock",
    "lock.next",
    "rookery.db",
    "secret.key",
    "server.json",
  ]);
});

Deno.test("SIGINT ends it as well", async () => {
  await using folder = await temporaryFolder();
  await using program = new Program(["--port", "0", "--data", folder.path]);
  await program.address();
  program.signal("SIGINT");
  equal((await program.end()).code, 0);
});

Deno.test("a second server on the same folder is refused in plain words", async () => {
  await using folder = await temporaryFolder();
  await using program = new Program(["--port", "0", "--data", folder.path]);
  await program.address();
  const second = await run("--port", "0", "--data", folder.path);
  equal(second.code, 1);
  equal(
    second.stderr,
    `rookery: The data folder ${folder.path} is in use: ` +
      "stop the other Rookery first, add --takeover to take its place, or choose another folder\n",
  );
});

Deno.test("a port in use is one line", async () => {
  await using folder = await temporaryFolder();
  await using other = await temporaryFolder();
  await using program = new Program(["--port", "0", "--data", folder.path]);
  const { port } = new URL(await program.address());
  const second = await run("--port", port, "--data", other.path);
  equal(second.code, 1);
  equal(second.stderr, `rookery: Port ${port} is in use: choose another with --port\n`);
});

Deno.test("O6 metrics are announced and served while the sandbox is closed", async () => {
  await using folder = await temporaryFolder();
  await using program = new Program(["--port", "0", "--metrics-port", "0", "--data", folder.path]);
  await program.address();
  const url = /^Metrics: (http:\/\/127\.0\.0\.1:\d+\/metrics)$/m.exec(await program.prints("Data: "))![1]!;
  const families = parseMetrics(await (await fetch(url)).text());
  // Both sizes are of files that the program could not open any more.
  for (const name of ["rookery_database_size_bytes", "rookery_wal_size_bytes"]) {
    ok(families.get(name)!.samples.get(name)! > 0, name);
  }
  program.signal("SIGTERM");
  const { code, stderr } = await program.end();
  equal(code, 0);
  ok(!stderr.includes("error"), stderr);
});

Deno.test("O6 a port for metrics that cannot be had is one line, and nothing is left running", async () => {
  await using folder = await temporaryFolder();
  const args = ["--port", "0", "--data", folder.path];
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr as Deno.NetAddr;
  const inUse = await run(...args, "--metrics-port", String(port));
  equal(inUse.code, 1);
  equal(
    inUse.stderr,
    `rookery: Port ${port} for metrics is in use: choose another with --metrics-port\n`,
  );
  const elsewhere = await run(...args, "--metrics-port", "0", "--metrics-host", "192.0.2.1");
  equal(elsewhere.code, 1);
  match(elsewhere.stderr, /^rookery: Metrics cannot be served on 192\.0\.2\.1 port 0: [^\n]+\n$/);
});

Deno.test("a flag that does not exist is one line and exit code 2", async () => {
  const { code, stdout, stderr } = await run("--prot", "8080");
  equal(code, 2);
  equal(stdout, "");
  equal(stderr, 'rookery: Unknown flag --prot; did you mean "port"?\n');
});

Deno.test("a data folder that cannot be made is one line", async () => {
  await using folder = await temporaryFolder();
  await Deno.writeTextFile(`${folder.path}/file`, "");
  const { code, stderr } = await run("--port", "0", "--data", `${folder.path}/file/data`);
  equal(code, 1);
  match(stderr, /^rookery: The data folder \S+ is, or lies below, a file that is no folder: [^\n]+\n$/);
});

Deno.test("an address that is none of this machine's is one line", async () => {
  await using folder = await temporaryFolder();
  const { code, stderr } = await run("--port", "0", "--host", "192.0.2.1", "--data", folder.path);
  equal(code, 1);
  equal(stderr, "rookery: Address 192.0.2.1 is none of this machine's: choose another with --host\n");
});

Deno.test("O1 a request whose body never comes does not keep the program alive", async () => {
  await using folder = await temporaryFolder();
  await using program = new Program(["--port", "0", "--data", folder.path]);
  const { port } = new URL(await program.address());
  using peer = await Deno.connect({ hostname: "127.0.0.1", port: Number(port) });
  const head =
    "POST /api/v1/Login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100";
  await peer.write(new TextEncoder().encode(`${head}\r\n\r\n{`));
  await (await fetch(`http://127.0.0.1:${port}/healthz`)).body?.cancel();
  program.signal("SIGTERM");
  // It would be killed in the end.
  const { code, stderr } = await program.end();
  equal(code, 0, stderr);
});

Deno.test("the start task's --help has the server's options", async () => {
  await using program = new Program(["--help"], { byTask: true });
  const { code, stdout } = await program.end();
  equal(code, 0);
  for (const flag of ["--port N", "--data FOLDER", "--config FILE"]) ok(stdout.includes(`  ${flag} `), flag);
  match(stdout, /^ {2}chat +Chat in the terminal$/m);
});

Deno.test("no package that a first start fetches would run a script when it is installed", () => {
  const lock = JSON.parse(Deno.readTextFileSync(new URL("../../deno.lock", import.meta.url)));
  const names = Object.entries(lock.npm as Record<string, { scripts?: boolean }>)
    .filter(([, { scripts }]) => scripts)
    .map(([name]) => name);
  // Otherwise the first that a newcomer reads is Deno's warning about them.
  deepEqual(names, []);
});

Deno.test("a checkout's command and the container start the server with the task's switches", () => {
  const { env, args } = startTask();
  const flag = args.find((arg) => arg.startsWith("--v8-flags="));
  ok(flag);
  const [[name, value] = []] = Object.entries(env);
  const read = (path: string) => Deno.readTextFileSync(new URL(`../../${path}`, import.meta.url));
  for (const path of ["rookery", "deploy/Dockerfile"]) {
    const text = read(path);
    ok(text.includes(flag), `${path} has ${flag}`);
    ok(new RegExp(`${name}=.*${value}`).test(text), `${path} sets ${name}`);
  }
});

Deno.test("the server's permissions hold no way out of the sandbox", () => {
  const { permissions, tasks } = denoJson();
  match(tasks.start.command, / -P=server /);
  deepEqual(Object.keys(permissions["server"]!).sort(), ["env", "net", "read", "sys", "write"]);
  deepEqual(permissions["server"]!["sys"], ["setPriority", "statfs", "uid"]);
  ok(Array.isArray(permissions["server"]!["env"]));
});
