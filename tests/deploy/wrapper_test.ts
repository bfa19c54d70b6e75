/** `rookery` at the top of a checkout: any subcommand from any folder. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { TempFolder } from "../store/temp_store.ts";

const WRAPPER = new URL("../../rookery", import.meta.url).pathname;
const DENO_FOLDER = Deno.execPath().replace(/\/[^/]*$/, "");

/** The wrapper through links, in a folder of its own, with these programs on the path. */
class Checkout extends TempFolder {
  readonly wrapper = `${this.path}/bin/rookery`;

  constructor() {
    super();
    Deno.mkdirSync(`${this.path}/bin`);
    Deno.symlinkSync(WRAPPER, `${this.path}/linked`);
    Deno.symlinkSync("../linked", this.wrapper);
  }

  command(args: readonly string[], path = `${DENO_FOLDER}:/usr/bin:/bin`): Deno.Command {
    return new Deno.Command(this.wrapper, {
      args: [...args],
      cwd: this.path,
      clearEnv: true,
      env: { PATH: path, HOME: Deno.env.get("HOME") ?? this.path, NO_COLOR: "1", ROOKERY_BCRYPT_COST: "4" },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    });
  }

  async run(
    args: readonly string[],
    path?: string,
  ): Promise<{ code: number; stdout: string; stderr: string }> {
    const { code, stdout, stderr } = await this.command(args, path).output();
    const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
    return { code, stdout: out!, stderr: err! };
  }
}

/** A program that says how it was called. */
async function program(path: string): Promise<void> {
  await Deno.writeTextFile(path, '#!/bin/sh\nprintf "%s\\n" "$@"\n', { mode: 0o755 });
}

Deno.test("a checkout's rookery runs subcommands from any folder, whose paths are those of the folder", async () => {
  await using checkout = new Checkout();
  match((await checkout.run(["--version"])).stdout, /^rookery \d/);
  const printed = await checkout.run(["config", "print"]);
  match(printed.stdout, /"port": 8080/, printed.stderr);
  await Deno.writeTextFile(`${checkout.path}/my settings.json`, '{ "port": 1, "port": 2 }');
  const checked = await checkout.run(["config", "check", "my settings.json"]);
  match(checked.stdout + checked.stderr, /"port" stands twice in my settings\.json/);
  const verified = await checkout.run(["verify", "--data", "nothing here"]);
  equal(verified.code, 1);
  match(verified.stderr, /There is no database in nothing here/);
});

Deno.test("a checkout's rookery serves, and a signal ends it in good order", async () => {
  await using checkout = new Checkout();
  await using child = checkout.command(["serve", "--port", "0", "--data", "data"]).spawn();
  let text = "";
  for await (const part of child.stdout.pipeThrough(new TextDecoderStream())) {
    text += part;
    if (!text.includes("Data: ") || !text.includes("listening on")) continue;
    const url = /listening on (http:\S+)/.exec(text)![1]!;
    equal(await (await fetch(`${url}/healthz`)).text(), "ok\n");
    child.kill("SIGTERM");
    break;
  }
  await child.stderr.cancel();
  equal((await child.status).code, 0, text);
  ok([...Deno.readDirSync(`${checkout.path}/data`)].some(({ name }) => name === "rookery.db"));
});

Deno.test("without deno npx runs it, and without either that is said", async () => {
  await using checkout = new Checkout();
  const tools = `${checkout.path}/tools`;
  await Deno.mkdir(tools);
  for (const name of ["readlink", "dirname"]) await Deno.symlink(`/usr/bin/${name}`, `${tools}/${name}`);
  const nothing = await checkout.run(["user", "list"], tools);
  deepEqual([nothing.code, nothing.stdout], [127, ""]);
  equal(nothing.stderr, "rookery: neither deno nor npx is on the path: install Deno 2.9, or Node\n");
  await program(`${tools}/npx`);
  const root = WRAPPER.replace(/\/rookery$/, "");
  const { stdout } = await checkout.run(["user", "list", "--data", "a b"], tools);
  deepEqual(stdout.trimEnd().split("\n"), [
    "-y",
    "deno@2.9.6",
    "run",
    "--quiet",
    "--config",
    `${root}/deno.json`,
    "-P=cli",
    `${root}/main.ts`,
    "user",
    "list",
    "--data",
    "a b",
  ]);
});
