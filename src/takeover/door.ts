/** Where a server waits for its heir: a socket in the data folder, under a name that it alone has. @module */
import { socketName } from "./sockets.ts";

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
    const name = socketName("takeover");
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
