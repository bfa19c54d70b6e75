/** Where a server waits for its heir: a socket in the data folder, under a name that it alone has. @module */

const PREFIX = "takeover-";
const SUFFIX = ".sock";

/** Disposing closes it and removes its file. */
export class Door implements Disposable {
  readonly name: string;
  readonly listener: Deno.UnixListener;
  /** User that this process runs as; null where there are none. */
  readonly uid: number | null;
  #closed = false;

  private constructor(name: string, listener: Deno.UnixListener, uid: number | null) {
    this.name = name;
    this.listener = listener;
    this.uid = uid;
  }

  /** For its user only. Throws where there can be no such socket, for instance because the path is too long. */
  static open(folder: string): Door {
    const name = PREFIX + crypto.randomUUID().slice(0, 8) + SUFFIX;
    const path = `${folder}/${name}`;
    const listener = Deno.listen({ transport: "unix", path });
    try {
      Deno.chmodSync(path, 0o600);
      return new Door(name, listener, Deno.statSync(path).uid);
    } catch (error) {
      listener.close();
      throw error;
    }
  }

  [Symbol.dispose](): void {
    if (this.#closed) return;
    this.#closed = true;
    // Deno removes the file with it, and asks for no permission then.
    this.listener.close();
  }
}

/** Removes what servers left behind that were killed. For whoever holds the folder. */
export async function sweepDoors(folder: string, living: readonly (string | undefined)[]): Promise<void> {
  for await (const { name } of Deno.readDir(folder)) {
    if (!name.startsWith(PREFIX) || !name.endsWith(SUFFIX) || living.includes(name)) continue;
    await Deno.remove(`${folder}/${name}`).catch(() => {});
  }
}
