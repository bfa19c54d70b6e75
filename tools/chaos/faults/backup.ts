/** A backup in the middle of everything, and sometimes a kill in the middle of the backup. @module */
import { DatabaseSync } from "node:sqlite";
import { restoreBackup, saveBackup } from "../../../src/store/mod.ts";
import { type Arena, type Fault, wait } from "./fault.ts";

const KILLED = 0.3;
const KILL_WITHIN_MS = 200;

export const backup: Fault = {
  name: "backup",
  async strike(arena: Arena): Promise<boolean> {
    const { host, place, random, signal } = arena;
    const folder = await Deno.makeTempDir({ prefix: "rookery-chaos-backup-" });
    try {
      const file = `${folder}/saved.db`;
      const [known, acknowledged] = [arena.stored(), arena.acknowledged()];
      const saving = saveBackup(place.data, file, { force: false, withSecret: false });
      if (random.chance(KILLED)) {
        await wait(random.below(KILL_WITHIN_MS), signal);
        await host.kill();
        await saving.finally(() => host.restart());
      }
      await saving;
      // Both examine what they have made, and throw when it is damaged.
      await restoreBackup(file, `${folder}/data`, { force: false, endSessions: false });
      compare(
        { live: `${place.data}/rookery.db`, saved: file, restored: `${folder}/data/rookery.db` },
        known,
      );
      return arena.acknowledged() > acknowledged;
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
};

/** The log of the one must be the beginning of the other's, and hold all that was acknowledged before. */
function compare(
  paths: { readonly live: string; readonly saved: string; readonly restored: string },
  known: readonly { readonly stream: number; readonly seq: number }[],
): void {
  using db = new DatabaseSync(paths.live, { readOnly: true });
  db.exec("PRAGMA busy_timeout = 5000");
  db.prepare("ATTACH ? AS saved").run(paths.saved);
  db.prepare("ATTACH ? AS restored").run(paths.restored);
  for (const other of ["main", "restored"]) {
    const { strange } = db.prepare(
      `SELECT count(*) AS strange FROM saved.event AS s
       LEFT JOIN ${other}.event AS o ON o.stream = s.stream AND o.message = s.message AND o.seq = s.seq
       WHERE (s.time_ms, s.actor, s.key) IS NOT (o.time_ms, o.actor, o.key)`,
    ).get()!;
    if (strange !== 0) {
      throw new Error(`${strange} events of a backup are not those of the ${other} database`);
    }
  }
  const { alike } = db.prepare(
    "SELECT count(*) AS alike FROM saved.meta JOIN restored.meta ON saved.meta.epoch = restored.meta.epoch",
  ).get()!;
  if (alike !== 0) throw new Error("A restored database has the epoch of its backup");
  const find = db.prepare("SELECT 1 FROM saved.event WHERE stream = ? AND message IN (0, 1) AND seq = ?");
  for (const { stream, seq } of known) {
    if (!find.get(stream, seq)) {
      throw new Error(`A backup lacks ${stream}/${seq}, which was acknowledged before`);
    }
  }
}
