/** The highest id ever given. @module */
import type { DatabaseSync } from "node:sqlite";

/** Prepares the note that an id was given. */
export function prepareGiven(db: DatabaseSync): (id: number) => void {
  const raise = db.prepare("UPDATE meta SET max_id = ? WHERE max_id < ?");
  return (id) => void raise.run(id, id);
}
