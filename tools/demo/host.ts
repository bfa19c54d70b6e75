/** The place where the server runs, one process after the other. @module */
import { ServerProcess } from "./server_process.ts";

/** Disposing kills whatever runs. */
export class Host implements AsyncDisposable {
  readonly #data: string;
  #server: ServerProcess;
  readonly #log: string[] = [];
  readonly ownerLink: string;
  /** Rejects when a server ends that nobody has ended. */
  readonly crashed: Promise<never>;
  readonly #crash: (error: Error) => void;
  #expected = false;
  #starting: Promise<ServerProcess> | undefined;
  restarts = 0;

  private constructor(data: string, server: ServerProcess) {
    this.#data = data;
    this.#server = server;
    this.ownerLink = server.ownerLink;
    const { promise, reject } = Promise.withResolvers<never>();
    this.crashed = promise;
    this.#crash = reject;
    promise.catch(() => {});
    this.#watch(server);
  }

  /** Starts the first server, on a free port. */
  static async start(data: string): Promise<Host> {
    return new Host(data, await ServerProcess.start({ data, port: 0 }));
  }

  get url(): string {
    return this.#server.url;
  }

  /** Warnings and errors in the log of all that have ended. */
  get complaints(): string[] {
    return this.#log.filter((line) => !line.includes('"level":"info"'));
  }

  /** Ends the server as a power cut would. */
  async kill(): Promise<void> {
    this.#expected = true;
    await this.#server.kill();
    this.#log.push(...this.#server.log);
  }

  /** Starts it again on the same port and folder. */
  async restart(): Promise<void> {
    this.#starting = ServerProcess.start({ data: this.#data, port: this.#server.port });
    this.#server = await this.#starting;
    this.restarts++;
    this.#expected = false;
    this.#watch(this.#server);
  }

  /** Asks the server to stop. Throws when it does not stop as it should. */
  async stop(): Promise<void> {
    this.#expected = true;
    const code = await this.#server.stop();
    this.#log.push(...this.#server.log);
    if (code !== 0) {
      throw new Error([`The server ended with ${code ?? "SIGKILL"} after SIGTERM`, ...this.#log].join("\n"));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#expected = true;
    await this.#server[Symbol.asyncDispose]();
    // An interruption may come while a server is on its way.
    await this.#starting?.then((server) => server[Symbol.asyncDispose](), () => {});
  }

  #watch(server: ServerProcess): void {
    void server.ended.then(() => {
      if (!this.#expected) this.#crash(new Error(["The server ended by itself", ...server.log].join("\n")));
    });
  }
}
