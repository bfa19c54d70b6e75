/** `rookery doctor` on this machine: each finding with a cause that is real. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { judgeDisk } from "../../src/cli/doctor/disk.ts";
import { watchClock } from "../../src/cli/doctor/machine.ts";
import { judgeFloor, judgeQuota } from "../../src/cli/doctor/storage.ts";
import { fileSystemOf, memoryBytes, openFilesLimit } from "../../src/cli/doctor/system_files.ts";
import { Place } from "../cli/program.ts";
import { ONE } from "../tls/pairs.ts";
import { runDoctor } from "./doctor.ts";

const ROOT_ONLY = Deno.build.os === "linux" && Deno.uid() === 0 && mayMount();

/** A test that mounts; where that may not be, it says so. */
function mountTest(name: string, run: () => Promise<void>): void {
  Deno.test({
    name: ROOT_ONLY ? name : `${name} (SKIPPED: this user may not mount a tmpfs here)`,
    ignore: !ROOT_ONLY,
    fn: run,
  });
}

function mayMount(): boolean {
  const folder = Deno.makeTempDirSync();
  try {
    const mount = (program: string, args: string[]) =>
      new Deno.Command(program, { args, stdout: "null", stderr: "null" }).outputSync().success;
    return mount("mount", ["-t", "tmpfs", "tmpfs", folder]) && mount("umount", [folder]);
  } catch {
    return false;
  } finally {
    Deno.removeSync(folder);
  }
}

/** A folder in memory, mounted with these options. */
async function memory(
  options: string,
): Promise<{ path: string; remount(options: string): Promise<void> } & AsyncDisposable> {
  const path = await Deno.makeTempDir({ prefix: "rookery_doctor_" });
  const mount = async (...args: string[]) => {
    const { success, stderr } = await new Deno.Command(args[0]!, { args: args.slice(1) }).output();
    ok(success, new TextDecoder().decode(stderr));
  };
  await mount("mount", "-t", "tmpfs", "-o", options, "tmpfs", path);
  return {
    path,
    remount: (options) => mount("mount", "-o", `remount,${options}`, path),
    async [Symbol.asyncDispose]() {
      await mount("umount", path);
      await Deno.remove(path);
    },
  };
}

async function folder(): Promise<{ path: string } & AsyncDisposable> {
  // On a disk also where /tmp is in memory (FHS 3.0, section 5.15).
  const path = await Deno.makeTempDir({ dir: "/var/tmp", prefix: "rookery_doctor_" });
  await Deno.chmod(path, 0o700);
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

Deno.test("a machine without problems: exit code 0, and nothing is left behind", async () => {
  await using place = await folder();
  const { code, findings, of } = await runDoctor(place.path);
  equal(code, 0, JSON.stringify(findings));
  const checks = [
    "versions",
    "settings",
    "folder",
    "file system",
    "room",
    "floor",
    "quota",
    "disk",
    "open files",
    "database",
    "memory",
    "port",
    "server",
    "clock",
  ];
  deepEqual(findings.map(({ check }) => check), checks);
  match(of("versions").found, /^Rookery \d+\.\d+\.\d+, Deno 2\.9\.\d+, SQLite 3\.\d+\.\d+$/);
  match(of("disk").found, /^\d+ transactions at .*: median [\d.]+ ms, p99 [\d.]+ ms; .* [\d,]+ a second/);
  for (const { state, advice } of findings) equal(advice === undefined, state === "ok");
  deepEqual([...Deno.readDirSync(place.path)], []);
});

Deno.test("with all rights it asks the kernel, and knows more", async () => {
  await using place = await folder();
  const { code, of } = await runDoctor(place.path, [], { rights: "-A" });
  equal(code, 0);
  match(of("memory").found, /^[\d.]+ [MG]B of memory$/);
  match(of("room").found, /^[\d.]+ [MGT]B and .* inodes are free at /);
  match(of("open files").found, /files can be open here, enough for/);
  match(of("file system").found, /lies (on|in)/);
});

Deno.test("a folder that is not there yet is no problem, and is not made", async () => {
  await using place = await folder();
  const { code, of } = await runDoctor(`${place.path}/a/b`);
  equal(code, 0);
  match(of("folder").found, /is not there yet/);
  deepEqual([...Deno.readDirSync(place.path)], []);
});

Deno.test("files that others may read are a problem", async () => {
  await using place = await folder();
  await Deno.writeTextFile(`${place.path}/secret.key`, "x");
  await Deno.chmod(`${place.path}/secret.key`, 0o644);
  await Deno.chmod(place.path, 0o755);
  const { code, of } = await runDoctor(place.path);
  equal(code, 1);
  deepEqual(of("folder"), {
    check: "folder",
    state: "problem",
    found: `Other users of this machine may read ${place.path}, ${place.path}/secret.key`,
    advice: `chmod -R go= ${place.path}`,
  });
});

Deno.test("a file in the folder's place is a problem", async () => {
  await using place = await folder();
  await Deno.writeTextFile(`${place.path}/file`, "");
  const { code, of } = await runDoctor(`${place.path}/file/data`);
  equal(code, 1);
  equal(of("folder").state, "problem");
});

mountTest("a folder that cannot be written is a problem", async () => {
  await using place = await memory("size=64m,mode=700");
  await place.remount("ro");
  const { code, of } = await runDoctor(place.path);
  equal(code, 1);
  match(of("folder").found, /cannot be written|cannot be used/);
});

mountTest("memory in a disk's place is a problem, whatever the program may ask", async () => {
  await using place = await memory("size=200m,mode=700");
  for (const rights of ["-P=cli", "-A"] as const) {
    const { code, of } = await runDoctor(place.path, [], { rights });
    equal(code, 1);
    equal(of("file system").state, "problem", rights);
    match(of("file system").found, /lies in memory \(tmpfs\)/);
    equal(of("room").state, "warning", rights);
  }
});

Deno.test("the floor of free disk and a user's bytes a day are those of the settings, or of the server that runs", async () => {
  await using place = await folder();
  const write = (name: string, limits: object) =>
    Deno.writeTextFile(`${place.path}/${name}`, JSON.stringify({ limits }));
  await write("stopped.json", { diskRoomBytes: 50_000_000, storedMibPerDay: 1 });
  await write("running.json", { diskRoomBytes: 20_000_000, storedMibPerDay: 1000 });
  await using own = new Place();
  const env = { ROOKERY_CONFIG: `${place.path}/stopped.json` };
  const stopped = await runDoctor(own.data, [], { env });
  match(
    stopped.of("floor").found,
    /^With less than 50\.0 MB free at .* \(diskRoomBytes, as the settings say\)/,
  );
  match(stopped.of("floor").found, /: [\d.]+ [MGT]B are, [\d.]+ [MGT]B above that$/);
  match(stopped.of("quota").found, /^One user stores 1\.0 MB a day .* settings say\): one alone .* days$/);
  const { url } = await own.serve(["--config", `${place.path}/running.json`]);
  const running = await runDoctor(own.data, [], { env: { ...env, ROOKERY_PORT: new URL(url).port } });
  match(running.of("floor").found, /^With less than 20\.0 MB .* as the running server has it\)/);
  match(running.of("quota").found, /^One user stores 1\.0 GB a day .* as the running server has it\)/);
});

Deno.test("what so much free disk means beside the floor and the bytes of a day", () => {
  const limits = { diskRoomBytes: 32 * 1024 * 1024, storedMibPerDay: 256, source: "as said" };
  const floor = (free: number | undefined) => judgeFloor("/data", limits, free).state;
  deepEqual([undefined, 3e7, 4e7, 1e9].map(floor), ["unknown", "problem", "warning", "ok"]);
  match(judgeFloor("/data", limits, 3e7).found, /nothing new is stored .*, and only 30\.0 MB are$/);
  const quota = (free: number | undefined) => judgeQuota(limits, free).found.replace(/.*as said\)/, "");
  deepEqual([undefined, 0, 4e8, 3e9].map(quota), [
    "",
    ": one alone could fill what is above the floor in 1 day",
    ": one alone could fill what is above the floor in 2 days",
    ": one alone would need 11 days",
  ]);
});

mountTest("a disk that is full, and one without inodes, are problems", async () => {
  await using small = await memory("size=20m,mode=700");
  for (const rights of ["-P=cli", "-A"] as const) {
    const { of } = await runDoctor(small.path, [], { rights });
    equal(of("room").state, "problem", rights);
    match(of("room").found, /full|MB and/);
    equal(of("floor").state, "problem", rights);
    match(of("floor").found, /, and only [\d.]+ MB are$/);
    equal(of("quota").state, "warning", rights);
  }
  await using few = await memory("size=200m,nr_inodes=40,mode=700");
  for (const rights of ["-P=cli", "-A"] as const) {
    const { of } = await runDoctor(few.path, [], { rights });
    equal(of("room").state, "problem", rights);
    match(of("room").found, /inodes/);
  }
});

Deno.test("a port that another program has is a problem; the server's own is none", async () => {
  await using place = await folder();
  {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { code, of } = await runDoctor(place.path, [], {
      env: { ROOKERY_PORT: String(listener.addr.port) },
    });
    equal(code, 1);
    match(of("port").found, /is taken by another program/);
  }
  await using own = new Place();
  const { url } = await own.serve();
  const { problems, of } = await runDoctor(own.data, [], { env: { ROOKERY_PORT: new URL(url).port } });
  deepEqual(problems, []);
  match(of("port").found, /^The server of this data folder listens/);
  match(of("server").found, /is ready$/);
  match(of("database").found, /^Its schema is \d+, the one of this version$/);
});

Deno.test("nor is the port of a server of one's own that speaks HTTPS itself", async () => {
  await using own = new Place();
  const tls = ["--tls-cert", ONE.certPath, "--tls-key", ONE.keyPath];
  const { url } = await own.serve(tls);
  const { problems, of } = await runDoctor(own.data, [], { env: { ROOKERY_PORT: new URL(url).port } });
  deepEqual(problems, []);
  match(of("port").found, /^The server of this data folder listens/);
  match(of("server").found, /is ready$/);
});

Deno.test("settings that cannot be, and those that are hardly meant", async () => {
  await using place = await folder();
  const bad = await runDoctor(place.path, [], { env: { ROOKERY_PORT: "eighty" } });
  equal(bad.code, 1);
  match(bad.of("settings").found, /ROOKERY_PORT must be/);
  const odd = await runDoctor(place.path, [], {
    env: { ROOKERY_URL: "https://chat.example", ROOKERY_METRICS_PORT: "0", ROOKERY_METRICS_HOST: "0.0.0.0" },
  });
  equal(odd.code, 0);
  const settings = odd.findings.filter(({ check }) => check === "settings");
  deepEqual(settings.map(({ state }) => state), ["warning", "warning"]);
  match(settings[0]!.found, /--trusted-proxies is empty/);
});

Deno.test("few open files are a problem", async () => {
  await using place = await folder();
  for (const rights of ["-P=cli", "-A"] as const) {
    const { code, of } = await runDoctor(place.path, [], { rights, before: "ulimit -n 400" });
    equal(code, 1);
    equal(of("open files").state, "problem", rights);
    match(of("open files").advice!, /LimitNOFILE/);
  }
});

Deno.test("files that are missing, empty or cut, and times to come, have a row", async () => {
  await using place = await folder();
  const data = new Place();
  await using _data = data;
  await data.ok(["user", "add", "ada", "--role", "owner", "--password-stdin"], { stdin: "correct horse" });
  equal((await runDoctor(data.data)).findings.some(({ check }) => check === "files"), false);
  await Deno.remove(`${data.data}/secret.key`);
  const missing = (await runDoctor(data.data)).of("files");
  equal(missing.state, "warning");
  match(missing.found, /secret\.key is missing beside a database: .*\(owner: user \d+\)$/);
  {
    using db = new DatabaseSync(`${data.data}/rookery.db`);
    db.prepare("UPDATE event SET time_ms = ?").run(Date.now() + 400 * 24 * 3600 * 1000);
  }
  const ahead = (await runDoctor(data.data)).of("times");
  equal(ahead.state, "warning");
  match(ahead.found, /which is yet to come: the clock was ahead/);
  await Deno.writeFile(`${place.path}/secret.key`, new Uint8Array(32), { mode: 0o600 });
  await Deno.writeFile(`${place.path}/rookery.db`, new Uint8Array(0), { mode: 0o600 });
  const { code, of } = await runDoctor(place.path);
  equal(code, 1);
  match(of("files").found, /rookery\.db is empty, and .*secret\.key is there: the data is lost/);
  match(of("files").advice!, /^rookery restore BACKUP --force --data/);
});

Deno.test("a database of a newer version, or of another program, is a problem", async () => {
  await using place = await folder();
  const path = `${place.path}/rookery.db`;
  await using newer = new Place();
  await newer.ok(["user", "list"]);
  await Deno.copyFile(`${newer.data}/rookery.db`, path);
  await Deno.chmod(path, 0o600);
  {
    using db = new DatabaseSync(path);
    db.exec("PRAGMA user_version = 999");
  }
  const future = await runDoctor(place.path);
  equal(future.code, 1);
  match(future.of("database").found, /written by a newer Rookery/);
  await Deno.writeTextFile(path, "no database at all, but long enough to be looked at ".repeat(20));
  match((await runDoctor(place.path)).of("database").found, /not a Rookery database/);
});

Deno.test("what the times of transactions mean", () => {
  const state = (...ms: number[]) => judgeDisk("/data", ms).state;
  equal(state(0.2, 0.3, 0.5), "ok");
  equal(state(0.02, 0.02, 0.03), "warning");
  equal(state(30, 30, 40), "warning");
  equal(state(1, 1, 400), "warning");
  equal(state(300, 300, 300), "problem");
});

Deno.test("a clock that is set meanwhile is a problem", () => {
  const now = Date.now;
  equal(watchClock()().state, "ok");
  const ending = watchClock();
  Date.now = () => now() + 90_000;
  try {
    match(ending().found, /^The clock was set by (90|89\.9|90\.1)/);
  } finally {
    Date.now = now;
  }
});

Deno.test("what the kernel says is read as it is written", () => {
  equal(
    openFilesLimit(
      "Limit  Soft Limit\nMax open files            1024                 524288               files\n",
    ),
    1024,
  );
  equal(
    openFilesLimit("Max open files            unlimited            unlimited            files"),
    Infinity,
  );
  const mounts = [
    "21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw",
    "30 21 0:40 / /srv rw - nfs4 server:/export rw",
    "31 21 0:41 / /srv/my\\040chat rw - tmpfs tmpfs rw",
  ].join("\n");
  equal(fileSystemOf("/var/lib/rookery", mounts), "ext4");
  equal(fileSystemOf("/srv/data", mounts), "nfs4");
  equal(fileSystemOf("/srv/my chat/data", mounts), "tmpfs");
  equal(fileSystemOf("/srvother", mounts), "ext4");
  equal(memoryBytes("MemTotal:       16384 kB\n", "max\n"), 16_777_216);
  equal(memoryBytes("MemTotal:       16384 kB\n", "1048576\n"), 1_048_576);
});

Deno.test("for people it is lines, and bad arguments are exit code 2", async () => {
  await using place = new Place();
  const { stdout: text } = await place.run(["doctor"]);
  match(text, /^ok {7}versions {6}Rookery /m);
  match(text, /^\? {8}memory .*\n +→ /m);
  match(text, /\n\n\d+ problems?, \d+ warnings?, 1 not known\n$/);
  for (
    const args of [["doctor", "there"], ["doctor", "--url", "ftp://x"], ["doctor", "--idle", "1000"], [
      "doctor",
      "--nope",
    ]]
  ) {
    equal((await place.run(args)).code, 2, args.join(" "));
  }
});
