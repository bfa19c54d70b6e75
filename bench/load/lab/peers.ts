/**
 * Raw broadcast relays to compare with: what one would write oneself, without
 * login and without storage.
 *
 * @module
 */
import type { DialectName } from "../generator/dialect.ts";
import { range } from "../../seed.ts";
import { TextLineStream } from "../text_lines.ts";
import { pinned } from "./machine.ts";
import type { Target } from "./target.ts";

interface Peer {
  readonly title: string;
  readonly program: string;
  readonly runtime: "node" | "bun";
  readonly dialect: DialectName;
  readonly path: string;
}

export const PEERS = {
  bun: {
    title: "raw Bun relay",
    program: "relay_bun.mjs",
    runtime: "bun",
    dialect: "relay",
    path: "/",
  },
  node: {
    title: "raw ws relay on Node",
    program: "relay_ws.mjs",
    runtime: "node",
    dialect: "relay",
    path: "/",
  },
  "socket.io": {
    title: "raw Socket.IO relay on Node",
    program: "relay_socket_io.mjs",
    runtime: "node",
    dialect: "socket.io",
    path: "/socket.io/?EIO=4&transport=websocket",
  },
} as const satisfies Record<string, Peer>;

export type PeerName = keyof typeof PEERS;

const SOURCES = new URL("../peers/", import.meta.url);
const BUN_BINARY = /^bun(\.exe)?$/;

/** The relays' programs and packages in a temporary folder, installed there by npm. */
export class PeerKit implements AsyncDisposable {
  readonly #folder: string;
  readonly #bun: string | undefined;

  private constructor(folder: string, bun: string | undefined) {
    this.#folder = folder;
    this.#bun = bun;
  }

  /** Throws Error when npm is missing or the packages cannot be had. */
  static async install(): Promise<PeerKit> {
    const folder = await Deno.makeTempDir({ prefix: "rookery_peers_" });
    try {
      for (const name of ["package.json", ...Object.values(PEERS).map(({ program }) => program)]) {
        await Deno.copyFile(new URL(name, SOURCES), `${folder}/${name}`);
      }
      const args = ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"];
      const { success, stderr } = await new Deno.Command("npm", { args, cwd: folder, stdout: "null" })
        .output();
      if (!success) {
        throw new Error(`npm could not install the relays: ${new TextDecoder().decode(stderr).trim()}`);
      }
      return new PeerKit(folder, await findBun(`${folder}/node_modules/@oven`));
    } catch (error) {
      await Deno.remove(folder, { recursive: true });
      throw error;
    }
  }

  /** Starts a relay for so many users; undefined where its runtime does not exist for this machine. */
  async start(
    name: PeerName,
    { users, cores }: { users: number; cores: string | undefined },
  ): Promise<Target | undefined> {
    const { title, program, runtime, dialect, path } = PEERS[name];
    const binary = runtime === "bun" ? this.#bun : "node";
    if (binary === undefined) return undefined;
    const [command, ...args] = pinned([binary, `${this.#folder}/${program}`], cores);
    const child = new Deno.Command(command!, { args, stdin: "null", stdout: "piped", stderr: "inherit" })
      .spawn();
    const lines = child.stdout.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream())
      .getReader();
    const { value: port, done } = await lines.read();
    if (done) throw new Error(`${title} did not start`);
    return {
      name: title,
      dialect,
      socketUrl: `ws://127.0.0.1:${port}${path}`,
      users: range(users).map(() => ({ token: "", channelIds: [0] })),
      receivers: { 0: users },
      pid: child.pid,
      async [Symbol.asyncDispose]() {
        child.kill("SIGKILL");
        await child.status;
        await lines.cancel();
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.#folder, { recursive: true });
  }
}

/** Bun's executable in the packages that npm chose for this machine. */
async function findBun(folder: string): Promise<string | undefined> {
  try {
    for await (const { name } of Deno.readDir(folder)) {
      for await (const file of Deno.readDir(`${folder}/${name}/bin`)) {
        if (!BUN_BINARY.test(file.name)) continue;
        const path = `${folder}/${name}/bin/${file.name}`;
        await Deno.chmod(path, 0o755);
        const { success } = await new Deno.Command(path, {
          args: ["--version"],
          stdout: "null",
          stderr: "null",
        })
          .output();
        if (success) return path;
      }
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return undefined;
}
