/**
 * What the kernel tells in /proc. Deno lets only programs with all permissions look there; the
 * checks do without it as well as they can.
 *
 * @module
 */

/** Text of a file of the system's; undefined when it may not be read or is not there. */
export function systemFile(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return undefined;
  }
}

/** Soft limit of open files in the text of /proc/self/limits. */
export function openFilesLimit(limits: string): number | undefined {
  const value = /^Max open files\s+(\d+|unlimited)/m.exec(limits)?.[1];
  return value === undefined ? undefined : value === "unlimited" ? Infinity : Number(value);
}

/** Type of the file system that holds an absolute path, by the text of /proc/self/mountinfo. */
export function fileSystemOf(path: string, mountinfo: string): string | undefined {
  let found: { readonly point: string; readonly type: string } | undefined;
  for (const line of mountinfo.split("\n")) {
    const [before, after] = line.split(" - ");
    const point = before?.split(" ")[4]?.replaceAll(
      /\\([0-7]{3})/g,
      (_, code) => String.fromCharCode(parseInt(code, 8)),
    );
    const type = after?.split(" ")[0];
    if (!point || !type) continue;
    const holds = point === "/" || path === point || path.startsWith(`${point}/`);
    // Of two mounts on one point, the later one is seen.
    if (holds && point.length >= (found?.point.length ?? 0)) found = { point, type };
  }
  return found?.type;
}

/** Bytes that the machine, or the container that this runs in, has. */
export function memoryBytes(meminfo: string, cgroupMax: string | undefined): number | undefined {
  const kib = /^MemTotal:\s+(\d+) kB/m.exec(meminfo)?.[1];
  if (kib === undefined) return undefined;
  const max = /^\d+$/.test(cgroupMax?.trim() ?? "") ? Number(cgroupMax) : Infinity;
  return Math.min(Number(kib) * 1024, max);
}
