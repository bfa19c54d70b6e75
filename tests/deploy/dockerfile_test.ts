/**
 * The Dockerfile without Docker: what it copies is copied to a folder, and its commands run there. What is
 * not tried is the image that it builds upon.
 */
import { equal, match, ok } from "node:assert/strict";
import { EXAMPLES, exampleText } from "../../src/cli/example/files.ts";
import { ONE } from "../tls/pairs.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const START_MS = 60_000;

interface Instruction {
  readonly name: string;
  readonly rest: string;
}

async function stages(): Promise<Instruction[][]> {
  const text = await exampleText(EXAMPLES.find(({ name }) => name === "dockerfile")!);
  const instructions = text.replaceAll(/^#.*\n/gm, "").replaceAll("\\\n", " ").split("\n")
    .filter((line) => line.trim() !== "")
    .map((line): Instruction => {
      const [, name, rest] = /^([A-Z]+) (.*)$/.exec(line)!;
      return { name: name!, rest: rest! };
    });
  const found: Instruction[][] = [];
  for (const instruction of instructions) {
    if (instruction.name === "FROM") found.push([]);
    found.at(-1)!.push(instruction);
  }
  return found;
}

/** Copies as COPY does: files, or what is in a folder. */
async function copy(sources: readonly string[], target: string): Promise<void> {
  for (const source of sources) {
    const stat = await Deno.stat(ROOT + source);
    const to = target.endsWith("/") && !stat.isDirectory ? `${target}${source.split("/").at(-1)}` : target;
    await Deno.mkdir(stat.isDirectory ? to : to.slice(0, to.lastIndexOf("/")), { recursive: true });
    const { success } = await new Deno.Command("cp", {
      args: stat.isDirectory ? ["-R", `${ROOT}${source}/.`, to] : [ROOT + source, to],
    }).output();
    ok(success, source);
  }
}

async function shell(folder: string, command: string, env: Record<string, string> = {}): Promise<void> {
  const { success, stdout, stderr } = await new Deno.Command("/bin/sh", {
    args: ["-c", command],
    cwd: folder,
    env: { NO_COLOR: "1", PATH: withDeno(), ...env },
  }).output();
  const decoder = new TextDecoder();
  ok(success, `${command}\n${decoder.decode(stdout)}${decoder.decode(stderr)}`);
}

function withDeno(): string {
  const path = Deno.execPath();
  return `${path.slice(0, path.lastIndexOf("/"))}:${Deno.env.get("PATH")}`;
}

function rest(stage: readonly Instruction[], name: string): string {
  return stage.find((instruction) => instruction.name === name)!.rest;
}

Deno.test("the image has the version of Deno that everything is tested with", async () => {
  const [, version] = /^readonly DENO_VERSION=(.+)$/m.exec(await Deno.readTextFile(`${ROOT}.ci/run`))!;
  for (const stage of await stages()) {
    match(rest(stage, "FROM"), new RegExp(`^denoland/deno:debian-${version}( AS build)?$`));
  }
  const [, run] = await stages();
  const user = run!.findIndex(({ name }) => name === "USER");
  equal(run![user]!.rest, "deno");
  ok(run!.slice(user).every(({ name }) => name !== "RUN"), "nothing runs as root afterwards");
});

Deno.test("what the Dockerfile copies is enough to build, to serve, and to be found healthy", async () => {
  const [build, run] = await stages();
  const folder = await Deno.makeTempDir({ prefix: "rookery_image_" });
  try {
    const top = `${folder}/rookery`;
    for (const { rest } of build!.filter(({ name }) => name === "COPY")) {
      const words = rest.split(" ");
      await copy(words.slice(0, -1), `${top}/${words.at(-1)!.replace(/^\.\//, "")}`);
    }
    await Deno.remove(`${top}/src/web/dist`, { recursive: true }).catch(() => {});
    for (const { rest } of build!.filter(({ name }) => name === "RUN")) await shell(top, rest);
    ok((await Deno.stat(`${top}/src/web/dist/index.html`)).isFile);

    const settings = Object.fromEntries(
      run!.filter(({ name }) => name === "ENV").flatMap(({ rest }) =>
        rest.split(" ").map((pair) => pair.split("="))
      ),
    );
    const { DENO_DIR: _, ...env } = {
      ...settings,
      ROOKERY_DATA: `${folder}/data`,
      ROOKERY_HOST: "127.0.0.1",
      ROOKERY_PORT: "0",
      ROOKERY_TLS_CERT: ONE.certPath,
      ROOKERY_TLS_KEY: ONE.keyPath,
    };
    const [, ...args] = [
      ...JSON.parse(rest(run!, "ENTRYPOINT")),
      ...JSON.parse(rest(run!, "CMD")),
    ] as string[];
    const child = new Deno.Command(Deno.execPath(), {
      args,
      cwd: top,
      env,
      stdout: "piped",
      stderr: "null",
    }).spawn();
    const deadline = setTimeout(() => child.kill("SIGKILL"), START_MS);
    try {
      await printed(child.stdout, /listening on https:\/\/127\.0\.0\.1:\d+\n[^]*In a terminal: .*\n/);
      const [, health] = /CMD (\[.*\])$/.exec(rest(run!, "HEALTHCHECK"))!;
      const [, ...check] = JSON.parse(health!) as string[];
      const { code } = await new Deno.Command(Deno.execPath(), { args: check, cwd: top, env }).output();
      equal(code, 0);
      child.kill("SIGTERM");
      equal((await child.status).code, 0);
      const after = await new Deno.Command(Deno.execPath(), { args: check, cwd: top, env }).output();
      equal(after.code, 1);
    } finally {
      clearTimeout(deadline);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

async function printed(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  pattern: RegExp,
): Promise<RegExpExecArray> {
  let text = "";
  let match: RegExpExecArray | null = null;
  for await (const part of stream.pipeThrough(new TextDecoderStream())) {
    text += part;
    match = pattern.exec(text);
    if (match) break;
  }
  ok(match, text);
  return match;
}
