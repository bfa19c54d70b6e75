/** The real program in a process of its own, to be attacked. @module */
import { doesNotMatch, equal } from "node:assert/strict";
import { register } from "../../src/client/mod.ts";
import { patiently } from "../../src/client/patience.ts";
import type { Limits } from "../../src/chat/limits.ts";
import { Program } from "../program/program.ts";

export interface TargetOptions {
  readonly limits?: Partial<Limits>;
  readonly args?: readonly string[];
  /** Files, sockets and the like that the process may have open. */
  readonly descriptors?: number;
}

export interface Account {
  readonly name: string;
  readonly password: string;
  readonly token: string;
  readonly userId: number;
}

/** What an account logs in with. */
export function signIn({ name, password }: Account): { name: string; password: string } {
  return { name, password };
}

const MIB = 1024 * 1024;
export const PASSWORD = "correct horse battery";

/** Disposing ends it as a signal does, and fails when it has logged an error or does not end well. */
export class Target implements AsyncDisposable {
  readonly folder: string;
  readonly #program: Program;
  readonly url: string;
  readonly #ownerLink: string;
  #people = 0;
  /** Set where an attack is one that an operator has to hear of. */
  mayLogErrors = false;

  private constructor(folder: string, program: Program, { url, link }: { url: string; link: string }) {
    this.folder = folder;
    this.#program = program;
    this.url = url;
    this.#ownerLink = link;
  }

  static async start({ limits = {}, args = [], descriptors }: TargetOptions = {}): Promise<Target> {
    const folder = await Deno.makeTempDir({ prefix: "rookery_" });
    const config = `${folder}/config.json`;
    await Deno.writeTextFile(config, JSON.stringify({ limits }));
    const flags = ["--port", "0", "--data", `${folder}/data`, "--config", config];
    const program = new Program(
      [...flags, "--registration", "open", "--bcrypt-cost", "4", ...args],
      descriptors === undefined ? {} : { descriptors },
    );
    const text = await program.prints("In a terminal:");
    const link = /^ {2}(http:\S+)$/m.exec(text)![1]!;
    return new Target(folder, program, { url: new URL(link).origin, link });
  }

  get pid(): number {
    return this.#program.pid;
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  get socketUrl(): string {
    return `${this.url.replace("http", "ws")}/api/v1/socket`;
  }

  /** Everything that it has printed and logged. */
  get output(): string {
    return this.#program.output.stdout + this.#program.output.stderr;
  }

  /** The account that owns the server; its channel `general` is everybody's. */
  async owner(): Promise<Account> {
    return await this.#register("owner", new URL(this.#ownerLink).hash.slice("#invite=".length));
  }

  /** Somebody new. */
  async person(name = `mallory-${++this.#people}`): Promise<Account> {
    return await this.#register(name, "");
  }

  /** Memory of the process that is in use and not swapped out, MiB (proc(5), VmRSS). */
  memoryMiB(): number {
    const status = Deno.readTextFileSync(`/proc/${this.#program.pid}/status`);
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)![1]) * 1024 / MIB;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#program.signal("SIGTERM");
      const { code, stderr } = await this.#program.end();
      equal(code, 0, stderr);
      if (!this.mayLogErrors) doesNotMatch(stderr, /"level":"error"/);
    } finally {
      await this.#program[Symbol.asyncDispose]();
      await Deno.remove(this.folder, { recursive: true });
    }
  }

  async #register(name: string, inviteCode: string): Promise<Account> {
    const registrant = { name, password: PASSWORD, inviteCode, device: "test" };
    // The attack before may have left nothing of what one address may ask for.
    const { token, user } = await patiently(() => register(this.url, registrant), { waiting: () => {} });
    return { name, password: PASSWORD, token, userId: user.id };
  }
}
