/** Open files, memory, clock, port. @module */
import type { Config } from "../../config.ts";
import { size } from "../data_folder.ts";
import { askServer } from "../operator_client.ts";
import type { ServerAddress } from "../server_file.ts";
import { type Finding, messageOf, ok, problem, unknown, warning } from "./finding.ts";
import { whyNotReady } from "./readiness.ts";
import { memoryBytes, openFilesLimit, systemFile } from "./system_files.ts";
import type { Workplace } from "./workplace.ts";

/** What the program itself opens, with room to spare. */
const OWN_FILES = 100;
const FEW_FILES = 1024;
const MANY_FILES = 8192;
const LITTLE_MEMORY = 256_000_000;
/** Two clocks that are read one after the other differ a little. */
const CLOCK_MS = 250;
const EARLIEST_MS = Date.UTC(2026, 0, 1);

/** Each connection is an open file, and behind a proxy each person has one or more. */
export async function examineOpenFiles({ path }: Workplace): Promise<Finding> {
  const limits = systemFile("/proc/self/limits");
  const asked = limits === undefined ? undefined : openFilesLimit(limits);
  const limit = asked ?? await openAsManyAsPossible(`${path}/open`);
  const people = Math.max(0, limit - OWN_FILES).toLocaleString("en-US");
  const found = asked === undefined && limit >= MANY_FILES
    ? `At least ${limit.toLocaleString("en-US")} files can be open here`
    : `${limit.toLocaleString("en-US")} files can be open here, enough for ${people} connections`;
  const advice =
    "Raise it where the server is started: LimitNOFILE=65536 in systemd, `ulimit -n 65536` in a shell";
  if (limit < FEW_FILES) return problem("open files", found, advice);
  if (limit < MANY_FILES) return warning("open files", found, advice);
  return ok("open files", `${found}; a service has a limit of its own, LimitNOFILE`);
}

/** How many files can be open at once, up to what is plenty. */
async function openAsManyAsPossible(path: string): Promise<number> {
  await Deno.writeTextFile(path, "");
  const open: Deno.FsFile[] = [];
  try {
    while (open.length < MANY_FILES) open.push(Deno.openSync(path));
  } catch (error) {
    if ((error as { code?: unknown }).code !== "EMFILE" && !/os error 24/.test(messageOf(error))) throw error;
  } finally {
    for (const file of open) file.close();
  }
  return open.length;
}

export function examineMemory(): Finding {
  const meminfo = systemFile("/proc/meminfo");
  const bytes = meminfo && memoryBytes(meminfo, systemFile("/sys/fs/cgroup/memory.max"));
  if (!bytes) {
    return unknown(
      "memory",
      "This program may not ask how much memory there is",
      "free -h tells; 512 MB serve hundreds of people, and each connection takes some 25 KB",
    );
  }
  const found = `${size(bytes)} of memory`;
  return bytes < LITTLE_MEMORY
    ? warning("memory", found, "Give it 512 MB: under load the server holds 200 MB and more")
    : ok("memory", found);
}

/** Notes both clocks; the function that it returns tells whether one was set meanwhile. */
export function watchClock(): () => Finding {
  const offset = () => Date.now() - performance.now();
  const before = offset();
  return () => {
    const jumpMs = Math.round(offset() - before);
    if (Math.abs(jumpMs) > CLOCK_MS) {
      return problem(
        "clock",
        `The clock was set by ${(jumpMs / 1000).toFixed(1)} s while this ran`,
        "Let one service keep the time, and slew it: systemd-timesyncd or chrony",
      );
    }
    if (Date.now() < EARLIEST_MS) {
      const now = new Date().toISOString().slice(0, 16);
      return problem(
        "clock",
        `The clock says ${now}: it is wrong`,
        "Set it, and let systemd-timesyncd or chrony keep it",
      );
    }
    return ok(
      "clock",
      "It did not jump; whether it is kept right cannot be seen from here (timedatectl tells)",
    );
  };
}

/** Whether the server could listen, or does already. */
export async function examinePort(
  { host, port, data }: Config,
  running: ServerAddress | undefined,
): Promise<Finding> {
  const where = `${host} port ${port}`;
  try {
    Deno.listen({ hostname: host, port }).close();
    return ok("port", port === 0 ? "The system will choose a free one" : `${where} is free`);
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) {
      if (running?.port === port && await askServer(data, running, "/healthz")) {
        return ok("port", `The server of this data folder listens on ${where}`);
      }
      return problem(
        "port",
        `${where} is taken by another program`,
        "Stop that one (ss -ltnp shows it), or choose another port with --port",
      );
    }
    if (error instanceof Deno.errors.PermissionDenied) {
      return problem(
        "port",
        `${where} is for the system's own servers`,
        "Choose one over 1023, and put a proxy in front",
      );
    }
    return problem(
      "port",
      `${where} cannot be listened on: ${messageOf(error)}`,
      "Choose another --host or --port",
    );
  }
}

/** What a running server says of itself. */
export async function examineServer(folder: string, running: ServerAddress | undefined): Promise<Finding> {
  const answer = running && await askServer(folder, running, "/readyz");
  if (!answer) return ok("server", "None is running on this data folder");
  const found = `It runs at ${running.publicUrl}`;
  return answer.ok ? ok("server", `${found} and is ready`) : problem(
    "server",
    `${found} and is not ready: ${whyNotReady(answer.text)}`,
    "docs/operations.md says what to do; the server's log has more",
  );
}
