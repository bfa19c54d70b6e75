/** Starting other programs from the tools. @module */

/** The repository's top folder, without a slash at the end. */
export const ROOT = new URL("..", import.meta.url).pathname.replace(/\/$/, "");

export interface Finished {
  readonly ok: boolean;
  /** Standard output and standard error as they came, mixed. */
  readonly output: string;
}

export interface RunOptions {
  readonly env?: Record<string, string>;
  /** Show the output while it comes. */
  readonly echo?: boolean;
}

/** Runs a program in the top folder to its end. A program that cannot be started is not ok. */
export async function run(command: string, args: string[], options: RunOptions = {}): Promise<Finished> {
  let child: Deno.ChildProcess;
  try {
    child = new Deno.Command(command, {
      args,
      cwd: ROOT,
      env: { NO_COLOR: "1", ...withDenoOnPath(), ...options.env },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  } catch (error) {
    return { ok: false, output: String(error) };
  }
  const parts: string[] = [];
  const collect = async (stream: ReadableStream<Uint8Array<ArrayBuffer>>) => {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      parts.push(text);
      if (options.echo) Deno.stdout.writeSync(new TextEncoder().encode(text));
    }
  };
  const [status] = await Promise.all([child.status, collect(child.stdout), collect(child.stderr)]);
  return { ok: status.success, output: parts.join("") };
}

/** Runs the same Deno that runs this. */
export function runDeno(args: string[], options: RunOptions = {}): Promise<Finished> {
  return run(Deno.execPath(), args, options);
}

/** Deno may have been started by npx and be on nobody's path, yet buf looks for it there. */
function withDenoOnPath(): Record<string, string> {
  const execPath = Deno.execPath();
  const folder = execPath.slice(0, execPath.lastIndexOf(Deno.build.os === "windows" ? "\\" : "/"));
  const separator = Deno.build.os === "windows" ? ";" : ":";
  return { PATH: `${folder}${separator}${Deno.env.get("PATH") ?? ""}` };
}
