/** Processor time of a process's threads, which Linux tells. @module */

/** Microseconds of a clock tick in /proc (USER_HZ). */
const TICK = 10_000;

/** Microseconds so far: of "main" and, by their names, of workers; empty where there is no /proc. */
export function threadTimes(pid: number): Map<string, number> {
  const times = new Map<string, number>();
  const tasks = `/proc/${pid}/task`;
  try {
    for (const { name } of Deno.readDirSync(tasks)) {
      const [head, rest] = Deno.readTextFileSync(`${tasks}/${name}/stat`).split(") ");
      const fields = rest!.split(" ");
      const thread = name === String(pid) ? "main" : head!.slice(head!.indexOf("(") + 1);
      times.set(thread, (Number(fields[11]) + Number(fields[12])) * TICK);
    }
  } catch (error) {
    // Another system, or a thread that ended between the two reads.
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return times;
}
