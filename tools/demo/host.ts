/** The place where the server runs, one process after the other. @module */
import { type ServerPlace, ServerProcess } from "./server_process.ts";

/** Lines of the log that say why a server ended. */
const LAST_LINES = 50;

/** Disposing kills whatever runs. */
export class Host implements AsyncDisposable {
  readonly #place: Omit<ServerPlace, "port">;
  #server: ServerProcess;
  readonly #log: string[] = [];
  readonly ownerLink: string;
  /** Rejects when a server ends that nobody has ended. */
  readonly crashed: Promise<never>;
  readonly #crash: (error: Error) => void;
  #expected = false;
  /** The last server's log is among those of the others. */
  #ended = false;
  #starting: Promise<ServerProcess> | undefined;
  #vain: Promise<void> | undefined;
  restarts = 0;

  private constructor(place: Omit<ServerPlace, "port">, server: ServerProcess) {
    this.#place = place;
    this.#server = server;
    this.ownerLink = server.ownerLink;
    const { promise, reject } = Promise.withResolvers<never>();
    this.crashed = promise;
    this.#crash = reject;
    promise.catch(() => {});
    this.#watch(server);
  }

  /** Starts the first server, on a free port. */
  static async start(place: Omit<ServerPlace, "port">): Promise<Host> {
    return new Host(place, await ServerProcess.start({ ...place, port: 0 }));
  }

  get url(): string {
    return this.#server.url;
  }

  /** Process of the server that runs. */
  get pid(): number {
    return this.#server.pid;
  }

  /** Log of all that have ended, and of the one that runs. */
  get log(): string[] {
    return this.#ended ? [...this.#log] : [...this.#log, ...this.#server.log];
  }

  /** Warnings and errors among {@link log}. */
  get complaints(): string[] {
    return this.log.filter((line) => !line.includes('"level":"info"'));
  }

  /** Sends a signal. One that ends it is taken for a crash. */
  signal(signal: Deno.Signal): void {
    this.#server.signal(signal);
  }

  /** Ends the server as a power cut would. */
  async kill(): Promise<void> {
    this.#expected = true;
    await this.#server.kill();
    this.#over();
  }

  /** Starts it again on the same port and folder. */
  async restart(): Promise<void> {
    this.#starting = ServerProcess.start({ ...this.#place, port: this.#server.port });
    this.#server = await this.#starting;
    this.#ended = false;
    this.restarts++;
    this.#expected = false;
    this.#watch(this.#server);
  }

  /** Starts a server and kills it after some milliseconds, whether it listens by then or not. */
  async startInVain(ms: number, { takeover = false } = {}): Promise<void> {
    this.#vain = (async () => {
      await using _ = ServerProcess.begin({ ...this.#place, port: this.#server.port, takeover });
      await new Promise((resolve) => setTimeout(resolve, ms));
    })();
    await this.#vain;
  }

  /**
   * Lets another process take the server's place; the server may be killed meanwhile, after some milliseconds.
   * Throws when the old one does not end as it should.
   */
  async succeed({ killAfterMs }: { killAfterMs?: number | undefined } = {}): Promise<void> {
    const old = this.#server;
    this.#expected = true;
    this.#starting = ServerProcess.start({ ...this.#place, port: old.port, takeover: true });
    const killing = killAfterMs === undefined
      ? undefined
      : new Promise((resolve) => setTimeout(resolve, killAfterMs)).then(() => old.signal("SIGKILL"));
    this.#server = await this.#starting;
    await killing;
    const code = await old.code;
    await old.kill();
    this.#log.push(...old.log);
    if (code !== 0 && killAfterMs === undefined) {
      throw new Error([`The server ended with ${code} when it was taken over from`, ...old.log].join("\n"));
    }
    this.restarts++;
    this.#expected = false;
    this.#watch(this.#server);
  }

  /**
   * Begins a process that is to take the server's place, and kills it after some milliseconds. If it had taken over by
   * then nobody serves, so {@link succeed} has to follow.
   */
  async succeedInVain(ms: number): Promise<void> {
    this.#expected = true;
    await this.startInVain(ms, { takeover: true });
  }

  /** Asks the server to stop. Throws when it does not stop as it should. */
  async stop(): Promise<void> {
    this.#expected = true;
    const code = await this.#server.stop();
    this.#over();
    if (code !== 0) {
      throw new Error([`The server ended with ${code ?? "SIGKILL"} after SIGTERM`, ...this.#log].join("\n"));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#expected = true;
    await this.#server[Symbol.asyncDispose]();
    // An interruption may come while a server is on its way.
    await this.#vain;
    await this.#starting?.then((server) => server[Symbol.asyncDispose](), () => {});
  }

  #over(): void {
    if (!this.#ended) this.#log.push(...this.#server.log);
    this.#ended = true;
  }

  #watch(server: ServerProcess): void {
    void server.ended.then(() => {
      if (!this.#expected) {
        this.#crash(new Error(["The server ended by itself", ...server.log.slice(-LAST_LINES)].join("\n")));
      }
    });
  }
}
