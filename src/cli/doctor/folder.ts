/** The data folder: who may read it, who may write it, and on what it lies. @module */
import { explainFolder, odditiesOf, ownerText } from "../../store/mod.ts";
import { type Finding, messageOf, ok, problem, warning } from "./finding.ts";
import { fileSystemOf, systemFile } from "./system_files.ts";
import type { Workplace } from "./workplace.ts";

/** Files that only the server's user may read. */
const PRIVATE_FILES = ["rookery.db", "rookery.db-wal", "secret.key", "server.json", "allowances.json"];

const NETWORK = /^(nfs4?|cifs|smb3|smbfs|9p|ceph|afs|lustre|glusterfs|fuse\.(sshfs|s3fs|glusterfs|rclone))$/;
const MEMORY = /^(tmpfs|ramfs|devtmpfs)$/;

/** The finding for a folder in which nothing can be written. */
export function notWritable(folder: string, error: unknown): Finding {
  const explained = messageOf(explainFolder(error, folder));
  return problem(
    "folder",
    explained === messageOf(error) ? `The data folder ${folder} cannot be used: ${explained}` : explained,
    `Let the server's user own it: chown -R USER ${folder} && chmod 700 ${folder}`,
  );
}

/** Who may read the folder and the files that are in it. */
export async function examinePermissions(folder: string, { path, there }: Workplace): Promise<Finding[]> {
  if (!there) {
    return [ok("folder", `${folder} is not there yet: the first start makes it, readable by its owner only`)];
  }
  const findings: Finding[] = [];
  const own = (await Deno.stat(path)).uid;
  const stats = new Map<string, Deno.FileInfo>([[folder, await Deno.stat(folder)]]);
  for (const name of PRIVATE_FILES) {
    const stat = await Deno.stat(`${folder}/${name}`).catch(() => undefined);
    if (stat) stats.set(`${folder}/${name}`, stat);
  }
  const open = [...stats].filter(([, { mode }]) => ((mode ?? 0) & 0o077) !== 0).map(([name]) => name);
  if (open.length > 0) {
    findings.push(problem(
      "folder",
      `Other users of this machine may read ${open.join(", ")}`,
      `chmod -R go= ${folder}`,
    ));
  }
  const strange = [...stats].filter(([, { uid }]) => uid !== own).map(([name]) => name);
  if (strange.length > 0) {
    findings.push(warning(
      "folder",
      `${strange.join(", ")} belong to another user than the one who runs this`,
      "Examine as the server's user (sudo -u rookery …), or give the files to the one who runs the server",
    ));
  }
  return findings.length > 0
    ? findings
    : [ok("folder", `${folder} can be written, and read by its owner only`)];
}

/** Files that are missing, empty or cut; none when all is as a server leaves it. */
export async function examineFiles(folder: string): Promise<Finding[]> {
  return (await odditiesOf(folder)).map(({ found, owner, next, fatal }) => {
    const judge = fatal ? problem : warning;
    return judge("files", `${found}${ownerText(owner)}`, next);
  });
}

/** Whether the folder is on a disk, and on one of this machine. */
export async function examineFileSystem({ base, path }: Workplace): Promise<Finding> {
  const mountinfo = systemFile("/proc/self/mountinfo");
  const type = mountinfo && fileSystemOf(await Deno.realPath(base), mountinfo);
  const check = "file system";
  if (type && NETWORK.test(type)) {
    return problem(
      check,
      `${base} lies on a network file system (${type}), where SQLite's write-ahead log does not work`,
      "Put the data folder on a disk of this machine, and copy backups to the network",
    );
  }
  if (type ? MEMORY.test(type) : await countsEntriesAsMemoryDoes(path)) {
    return problem(
      check,
      `${base} lies in memory (tmpfs): everything is gone with the next start of the machine`,
      "Put the data folder on a disk",
    );
  }
  if (type === "overlay") {
    return warning(
      check,
      `${base} lies in a container's own layer (overlay): it is gone with the container`,
      "Mount a volume there",
    );
  }
  if (type) return ok(check, `${base} lies on ${type}`);
  return onDevice(check, base);
}

/** Without the table of mounts: a device with major number 0 is no disk (Linux, Documentation/admin-guide/devices.txt). */
async function onDevice(check: string, base: string): Promise<Finding> {
  const { dev } = await Deno.stat(base);
  if (Deno.build.os !== "linux" || majorOf(dev) !== 0) return ok(check, `${base} lies on a block device`);
  return warning(
    check,
    `${base} lies on no block device of its own: a container's layer, a network file system, btrfs or ZFS`,
    `findmnt -T ${base} tells which; the first two are no place for a database`,
  );
}

function majorOf(dev: number): number {
  return Math.floor(dev / 0x100) % 0x1000;
}

/** tmpfs counts 20 bytes for each entry of a folder, and 40 for an empty one (mm/shmem.c, BOGO_DIRENT_SIZE). */
async function countsEntriesAsMemoryDoes(path: string): Promise<boolean> {
  const folder = `${path}/entries`;
  await Deno.mkdir(folder);
  const empty = (await Deno.stat(folder)).size;
  await Deno.writeTextFile(`${folder}/one`, "");
  const one = (await Deno.stat(folder)).size;
  return empty === 40 && one === 60;
}
