/** A project that has the SDK's package, and a server to talk to. @module */
import assert from "node:assert/strict";
import { buildSdk, protobufFolder } from "../../tools/sdk.ts";
import { Rig } from "../server/rig.ts";

/** A project that has the package. Disposing removes it. */
export class Project implements AsyncDisposable {
  readonly folder = Deno.makeTempDirSync({ prefix: "rookery_" });
  readonly package = `${this.folder}/node_modules/rookery-client`;

  static async make(): Promise<Project> {
    const project = new Project();
    await buildSdk(project.package);
    await Deno.mkdir(`${project.folder}/node_modules/@bufbuild`);
    await Deno.symlink(protobufFolder(), `${project.folder}/node_modules/@bufbuild/protobuf`);
    return project;
  }

  read(name: string): Promise<string> {
    return Deno.readTextFile(`${this.package}/${name}`);
  }

  /** Starts a program of JavaScript under this Node. */
  start(node: string, program: string, args: readonly string[]): Deno.ChildProcess {
    return this.#spawn(node, [this.#write("program.mjs", program), ...args]);
  }

  /** The same for TypeScript; Node leaves the types out. */
  startTyped(node: string, program: string, args: readonly string[]): Deno.ChildProcess {
    const quiet = "--disable-warning=ExperimentalWarning";
    return this.#spawn(node, [quiet, this.#write("program.mts", program), ...args]);
  }

  /** The same under Deno, with the import map of the SDK's guide for programs without `package.json`. */
  startOnDeno(program: string, args: readonly string[]): Deno.ChildProcess {
    const { version } = JSON.parse(Deno.readTextFileSync(`${protobufFolder()}/package.json`));
    const imports = {
      "rookery-client": new URL("../../src/client/mod.ts", import.meta.url).href,
      "@bufbuild/protobuf": `npm:@bufbuild/protobuf@${version}`,
      "@bufbuild/protobuf/": `npm:@bufbuild/protobuf@${version}/`,
    };
    const config = this.#write("deno.json", JSON.stringify({ imports, nodeModulesDir: "none" }));
    const path = this.#write("program.ts", program);
    return this.#spawn("deno", [
      "run",
      "--quiet",
      "--no-prompt",
      "--allow-net",
      `--config=${config}`,
      path,
      ...args,
    ]);
  }

  #write(name: string, text: string): string {
    const path = `${this.folder}/${name}`;
    Deno.writeTextFileSync(path, text);
    return path;
  }

  #spawn(program: string, args: readonly string[]): Deno.ChildProcess {
    return new Deno.Command(program, { args: [...args], stdin: "null", stdout: "piped", stderr: "piped" })
      .spawn();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.folder, { recursive: true });
  }
}

/** A server with a public channel, and somebody who may talk there. */
export async function world() {
  const rig = await Rig.start();
  await using olga = await rig.live(await rig.owner());
  await olga.createChannel("games");
  const { name, password } = await rig.person("nora");
  return { rig, name, password };
}

/** What a program says that ends well. */
export async function says(child: Deno.ChildProcess): Promise<string> {
  const { code, stdout, stderr } = await child.output();
  assert.equal(new TextDecoder().decode(stderr), "");
  assert.equal(code, 0);
  return new TextDecoder().decode(stdout);
}
