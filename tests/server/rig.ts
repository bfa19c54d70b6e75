/** A server of one's own on a free port, and people who use it. @module */
import { ok } from "node:assert/strict";
import { type App, startApp, type StartOptions } from "../../src/app.ts";
import { DEFAULT_LIMITS, type Limits } from "../../src/chat/limits.ts";
import { Registration } from "../../src/chat/model.ts";
import { type ClientOptions, register, RookeryClient, type User } from "../../src/client/mod.ts";
import { type Config, loadConfig } from "../../src/config.ts";
import { Logger, type LoggerOptions } from "../../src/logger.ts";

export { until } from "../until.ts";

export interface RigOptions extends Pick<StartOptions, "followers"> {
  readonly limits?: Partial<Limits>;
  readonly settings?: Partial<Config>;
  /** JSON at level info when absent. */
  readonly log?: LoggerOptions;
  /** Name of the operator's socket in the folder; none when absent, since few tests may use such sockets. */
  readonly operatorSocket?: string;
}

/** Somebody with an account and a session. */
export interface Person {
  readonly name: string;
  readonly password: string;
  readonly token: string;
  readonly user: User;
}

const PASSWORD = "correct horse battery";

/** A server on a data folder in a temporary place. Disposing stops it and removes the folder. */
export class Rig implements AsyncDisposable {
  readonly folder: string;
  readonly #options: RigOptions;
  /** Lines that the server logged, over all its restarts. */
  readonly logged: string[] = [];
  #app: App | undefined;

  private constructor(folder: string, options: RigOptions) {
    this.folder = folder;
    this.#options = options;
  }

  static async start(options: RigOptions = {}): Promise<Rig> {
    const rig = new Rig(await Deno.makeTempDir({ prefix: "rookery_" }), options);
    await rig.#start();
    return rig;
  }

  get app(): App {
    ok(this.#app, "The server runs");
    return this.#app;
  }

  get url(): string {
    return this.app.url;
  }

  get socketUrl(): string {
    return `${this.url.replace("http", "ws")}/api/v1/socket`;
  }

  /** Stops the server gracefully. */
  async stop(): Promise<void> {
    await this.#app?.[Symbol.asyncDispose]();
    this.#app = undefined;
  }

  /** Stops the server and starts it again on the same folder and port. */
  async restart(): Promise<void> {
    const { port } = this.app;
    await this.stop();
    await this.#start(port);
  }

  /** Another server takes this one's place on the same folder and port, as another process would. */
  async succeed(): Promise<void> {
    const old = this.app;
    await this.#start(old.port, { turn: () => old.folder.release(), shared: true });
    old.leave();
    await old[Symbol.asyncDispose]();
  }

  /** Starts the stopped server again, on this port or on a free one. */
  async resume(port = 0): Promise<void> {
    await this.#start(port);
  }

  /** The first account, made through the owner's link. */
  async owner(): Promise<Person> {
    const link = new URL(this.app.ownerLink!);
    return await this.#register("olga", link.hash.slice("#invite=".length));
  }

  /** Another account; the server lets everybody register. */
  person(name: string): Promise<Person> {
    return this.#register(name, "");
  }

  client(person: Person, options: ClientOptions = {}): RookeryClient {
    return new RookeryClient(this.url, {
      token: person.token,
      backoff: { baseMs: 10, capMs: 100 },
      ...options,
    });
  }

  /** A client that holds everything it may see. */
  async live(person: Person, options: ClientOptions = {}): Promise<RookeryClient> {
    const client = this.client(person, options);
    await client.live();
    return client;
  }

  /** A client of whoever holds this token, with everything it may see. */
  async reader(token: string): Promise<RookeryClient> {
    const client = new RookeryClient(this.url, { token });
    await client.live();
    return client;
  }

  /** Lines of the log that tell of an error. */
  errors(): string[] {
    return this.logged.filter((line) => line.includes('"level":"error"'));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await Deno.remove(this.folder, { recursive: true });
  }

  async #start(port = 0, options: StartOptions = {}): Promise<void> {
    const defaults = loadConfig({ args: [], env: () => undefined, readFile: () => "" });
    const { limits, settings, operatorSocket, followers } = this.#options;
    const log = new Logger({
      terminal: false,
      write: (line) => this.logged.push(line),
      ...this.#options.log,
    });
    this.#app = await startApp(
      {
        ...defaults,
        port,
        data: this.folder,
        bcryptCost: 4,
        registration: Registration.OPEN,
        ...settings,
        limits: { ...DEFAULT_LIMITS, ...limits },
      },
      log,
      { ...options, followers, ...(operatorSocket === undefined ? {} : { operatorSocket }) },
    );
  }

  async #register(name: string, inviteCode: string): Promise<Person> {
    const { token, user } = await register(this.url, {
      name,
      password: PASSWORD,
      inviteCode,
      device: "test",
    });
    return { name, password: PASSWORD, token, user };
  }
}
