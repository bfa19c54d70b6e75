/** The program as its users run it: child processes on folders of their own. @module */
import assert from "node:assert/strict";

const ROOT = new URL("../../", import.meta.url).pathname;

export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Everything that standard input holds; empty when left out. */
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Set of permissions; those of its task when left out. */
  readonly permissions?: "server" | "cli";
}

/** A folder for one test. Disposing stops what was started in it, and removes it. */
export class Place implements AsyncDisposable {
  readonly folder: string;
  readonly #cleanup = new AsyncDisposableStack();

  constructor() {
    this.folder = Deno.makeTempDirSync({ prefix: "rookery-cli-" });
    this.#cleanup.defer(() => Deno.remove(this.folder, { recursive: true }));
  }

  get data(): string {
    return `${this.folder}/data`;
  }

  /** Runs the program to its end. */
  async run(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
    await using program = this.start(args, options);
    await program.type(options.stdin ?? "");
    await program.endInput();
    return await program.finished();
  }

  /** Runs it and asserts that it did what it was asked. */
  async ok(args: readonly string[], options: RunOptions = {}): Promise<string> {
    const { code, stdout, stderr } = await this.run(args, options);
    assert.equal(code, 0, stderr);
    return stdout;
  }

  start(args: readonly string[], { env = {}, permissions }: RunOptions = {}): Program {
    const set = permissions ?? (args[0] === "chat" ? "cli" : "server");
    const command = new Deno.Command("deno", {
      args: ["run", "--quiet", "--no-prompt", `-P=${set}`, "main.ts", ...args],
      cwd: ROOT,
      env: {
        NO_COLOR: "1",
        ROOKERY_BCRYPT_COST: "4",
        ROOKERY_DATA: this.data,
        ROOKERY_HOME: `${this.folder}/home`,
        ...env,
      },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    });
    const program = new Program(command.spawn());
    this.#cleanup.use(program);
    return program;
  }

  /** Starts a server on the folder; answers with its address. */
  async serve(args: readonly string[] = []): Promise<{ readonly url: string; readonly program: Program }> {
    const port = args.includes("--port") ? [] : ["--port", "0"];
    const program = this.start(["serve", ...port, ...args]);
    const [, url] = await program.output(/listening on (\S+)\n/);
    return { url: url!, program };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#cleanup.disposeAsync();
  }
}

/** A running program. Disposing ends it. */
export class Program implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #streams: { readonly stdout: Reading; readonly stderr: Reading };
  readonly #finished: Promise<Finished>;
  #over = false;

  constructor(child: Deno.ChildProcess) {
    this.#child = child;
    this.#input = child.stdin.getWriter();
    this.#streams = { stdout: new Reading(child.stdout), stderr: new Reading(child.stderr) };
    const { stdout, stderr } = this.#streams;
    this.#finished = Promise.all([child.status, stdout.ended, stderr.ended]).then(([{ code }]) => {
      this.#over = true;
      return { code, stdout: stdout.text, stderr: stderr.text };
    });
  }

  /** Writes to its standard input; a program that has ended already does not read it. */
  async type(text: string): Promise<void> {
    if (text === "") return;
    await this.#input.write(new TextEncoder().encode(text)).catch((error) => {
      if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
    });
  }

  endInput(): Promise<void> {
    return this.#input.close().catch(() => {});
  }

  /** Resolves with the match as soon as standard output has it; rejects when it ends without. */
  output(pattern: RegExp): Promise<RegExpExecArray> {
    return this.#streams.stdout.match(pattern, () => this.#streams.stderr.text);
  }

  /** The same for standard error. */
  complaint(pattern: RegExp): Promise<RegExpExecArray> {
    return this.#streams.stderr.match(pattern, () => "");
  }

  finished(): Promise<Finished> {
    return this.#finished;
  }

  /** Sends a signal; its input stays open. */
  signal(signal: Deno.Signal): void {
    if (!this.#over) this.#child.kill(signal);
  }

  /** Sends a signal, ends its input and waits for the end. */
  async stop(signal: Deno.Signal = "SIGTERM"): Promise<Finished> {
    this.signal(signal);
    await this.endInput();
    return await this.#finished;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

/** What a program has printed so far. */
class Reading {
  text = "";
  readonly ended: Promise<void>;
  #over = false;
  #wake = Promise.withResolvers<void>();

  constructor(stream: ReadableStream<Uint8Array<ArrayBuffer>>) {
    this.ended = this.#read(stream);
  }

  async match(pattern: RegExp, explanation: () => string): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.text);
      if (match) return match;
      if (this.#over) assert.fail(`It ended without ${pattern}:\n${this.text}\n${explanation()}`);
      await this.#wake.promise;
    }
  }

  async #read(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
    for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
      this.text += chunk;
      this.#stir();
    }
    this.#over = true;
    this.#stir();
  }

  #stir(): void {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers();
  }
}
