/**
 * What to compare with: raw relays, as one would write them oneself, without login and without storage, and a server in
 * Python that stores as Rookery does.
 *
 * @module
 */
import { startTask } from "../../../tools/start_task.ts";
import type { DialectName } from "../generator/dialects.ts";
import { range } from "../../seed.ts";
import { TextLineStream } from "../text_lines.ts";
import { pinned } from "./machine.ts";
import type { Target } from "./target.ts";

interface Peer {
  readonly title: string;
  readonly program: string;
  readonly runtime: "node" | "bun" | "deno" | "python";
  readonly dialect: DialectName;
  readonly path: string;
  /** Whether it knows more than one room. */
  readonly rooms: boolean;
}

export const PEERS = {
  python: {
    title: "Python server that stores",
    program: "chat_server.py",
    runtime: "python",
    dialect: "python",
    path: "/",
    rooms: true,
  },
  bun: {
    title: "raw Bun relay",
    program: "relay_bun.mjs",
    runtime: "bun",
    dialect: "relay",
    path: "/",
    rooms: true,
  },
  deno: {
    title: "raw Deno relay",
    program: "relay_deno.mjs",
    runtime: "deno",
    dialect: "relay",
    path: "/",
    rooms: true,
  },
  node: {
    title: "raw ws relay on Node",
    program: "relay_ws.mjs",
    runtime: "node",
    dialect: "relay",
    path: "/",
    rooms: true,
  },
  "socket.io": {
    title: "raw Socket.IO relay on Node",
    program: "relay_socket_io.mjs",
    runtime: "node",
    dialect: "socket.io",
    path: "/socket.io/?EIO=4&transport=websocket",
    rooms: false,
  },
} as const satisfies Record<string, Peer>;

export type PeerName = keyof typeof PEERS;

export const PEER_NAMES = Object.keys(PEERS) as PeerName[];

const SOURCES = new URL("../peers/", import.meta.url);
const BUN_BINARY = /^bun(\.exe)?$/;
const PYTHON_FILES = ["requirements.txt", "schema.py", "chat_server.py"];

/** Who is there: the places of each room's members. */
export interface PeerLoad {
  readonly rooms: readonly (readonly number[])[];
  readonly users: number;
  readonly cores: string | undefined;
}

/** Programs and packages in a temporary folder, installed there by npm and pip. */
export class PeerKit implements AsyncDisposable {
  readonly #folder: string;
  readonly #bun: string | undefined;
  #started = 0;

  private constructor(folder: string, bun: string | undefined) {
    this.#folder = folder;
    this.#bun = bun;
  }

  /** Throws Error when npm or pip is missing or the packages cannot be had. */
  static async install(names: readonly PeerName[]): Promise<PeerKit> {
    const folder = await Deno.makeTempDir({ prefix: "rookery_peers_" });
    try {
      let bun: string | undefined;
      if (names.some((name) => PEERS[name].runtime !== "python")) {
        await installRelays(folder);
        bun = await findBun(`${folder}/node_modules/@oven`);
      }
      if (names.includes("python")) await installPython(`${folder}/python`);
      return new PeerKit(folder, bun);
    } catch (error) {
      await Deno.remove(folder, { recursive: true });
      throw error;
    }
  }

  /** Starts a peer; undefined where its runtime does not exist for this machine. */
  async start(name: PeerName, load: PeerLoad): Promise<Target | undefined> {
    const { title, dialect, path } = PEERS[name];
    const data = `${this.#folder}/data${this.#started++}`;
    await Deno.mkdir(data);
    await Deno.writeTextFile(`${data}/rooms.json`, JSON.stringify(load.rooms));
    const started = this.#command(name, data);
    if (!started) return undefined;
    const [command, ...args] = pinned(started.command, load.cores);
    const child = new Deno.Command(command!, {
      args,
      env: started.env,
      stdin: "null",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    const lines = child.stdout.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream())
      .getReader();
    const { value: port, done } = await lines.read();
    if (done) throw new Error(`${title} did not start`);
    return {
      name: title,
      dialect,
      socketUrl: `ws://127.0.0.1:${port}${path}`,
      ...await placesOf(name, { data, load }),
      pid: child.pid,
      async [Symbol.asyncDispose]() {
        child.kill("SIGKILL");
        await child.status;
        await lines.cancel();
      },
    };
  }

  #command(
    name: PeerName,
    data: string,
  ): { command: readonly string[]; env: Readonly<Record<string, string>> } | undefined {
    const { program, runtime } = PEERS[name];
    if (runtime === "python") {
      const folder = `${this.#folder}/python`;
      const env = { PYTHONPATH: `${folder}/packages`, PYTHONDONTWRITEBYTECODE: "1" };
      return { command: ["python3", `${folder}/${program}`, data], env };
    }
    if (runtime === "deno") {
      const { env } = startTask();
      return { command: ["deno", "run", "--quiet", "--no-config", "-A", `${this.#folder}/${program}`], env };
    }
    const binary = runtime === "bun" ? this.#bun : "node";
    return binary === undefined ? undefined : { command: [binary, `${this.#folder}/${program}`], env: {} };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.#folder, { recursive: true });
  }
}

/** Users and receivers as the peer numbers its rooms; a relay's token names the user's rooms. */
async function placesOf(
  name: PeerName,
  { data, load: { rooms, users } }: { data: string; load: PeerLoad },
): Promise<Pick<Target, "users" | "receivers">> {
  const first = name === "python" ? 1 : 0;
  const channelIds = range(users).map((): number[] => []);
  for (const [room, members] of rooms.entries()) {
    for (const member of members) channelIds[member]!.push(room + first);
  }
  const tokens: readonly string[] = name === "python"
    ? JSON.parse(await Deno.readTextFile(`${data}/tokens.json`))
    : channelIds.map((ids) => ids.join());
  return {
    users: channelIds.map((ids, at) => ({ token: tokens[at]!, channelIds: ids })),
    receivers: Object.fromEntries(rooms.map((members, room) => [room + first, members.length])),
  };
}

async function installRelays(folder: string): Promise<void> {
  const programs = Object.values(PEERS).filter(({ runtime }) => runtime !== "python");
  for (const name of ["package.json", ...programs.map(({ program }) => program)]) {
    await Deno.copyFile(new URL(name, SOURCES), `${folder}/${name}`);
  }
  const args = ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"];
  await installed("npm", args, folder);
}

async function installPython(folder: string): Promise<void> {
  await Deno.mkdir(folder);
  for (const name of PYTHON_FILES) {
    await Deno.copyFile(new URL(`python/${name}`, SOURCES), `${folder}/${name}`);
  }
  const quiet = ["--quiet", "--disable-pip-version-check", "--root-user-action", "ignore"];
  const args = [
    "-m",
    "pip",
    "install",
    ...quiet,
    "--target",
    "packages",
    "--requirement",
    "requirements.txt",
  ];
  await installed("python3", args, folder);
}

async function installed(command: string, args: string[], cwd: string): Promise<void> {
  const { success, stderr } = await new Deno.Command(command, { args, cwd, stdout: "null" }).output();
  if (success) return;
  throw new Error(`${command} could not install the peers: ${new TextDecoder().decode(stderr).trim()}`);
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
