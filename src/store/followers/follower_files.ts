/** Where followers keep their files, and how far they are, for those who look from outside. @module */
import { besideServer } from "../folder/beside_server.ts";
import { openForReading } from "../database.ts";

/** Folder in the data folder; everything in it may be thrown away. */
export const FOLLOWERS = "followers";

export function followerFile(folder: string, name: string): string {
  return `${folder}/${FOLLOWERS}/${name}.db`;
}

/** How far a follower's file is; without a position where the file cannot be read or belongs to another log. */
export interface FollowerFile {
  readonly name: string;
  readonly position: number | undefined;
  /** Newest position of the log. */
  readonly head: number;
}

/** All files of followers in a data folder that has a database. */
export async function followerFiles(folder: string): Promise<FollowerFile[]> {
  const names = namesIn(`${folder}/${FOLLOWERS}`);
  if (names.length === 0) return [];
  const { epoch, head } = await besideServer(folder, (path) => Promise.resolve(endOf(path)));
  return names.map((name) => ({ name, head, position: positionIn(followerFile(folder, name), epoch) }));
}

function endOf(path: string): { epoch: string; head: number } {
  using log = openForReading(path);
  return log.prepare(
    "SELECT epoch, (SELECT coalesce(max(position), 0) FROM event) AS head FROM meta",
  ).get() as { epoch: string; head: number };
}

function namesIn(folder: string): string[] {
  try {
    return [...Deno.readDirSync(folder)].map(({ name }) => name)
      .filter((name) => name.endsWith(".db"))
      .map((name) => name.slice(0, -".db".length))
      .sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

function positionIn(path: string, epoch: string): number | undefined {
  try {
    using db = openForReading(path);
    return db.prepare("SELECT position FROM follower WHERE epoch = ?").get(epoch)?.position as
      | number
      | undefined;
  } catch {
    // Being made, or damaged: the server makes it anew.
    return undefined;
  }
}
