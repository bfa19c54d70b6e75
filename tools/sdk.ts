/**
 * Makes the SDK a package for programs outside this repository, `dist/sdk`: JavaScript modules with type
 * declarations, for Node 22 or newer, browsers and Deno. `npm pack ./dist/sdk` makes the file that programs install.
 *
 * @module
 */
import { cp } from "node:fs/promises";
import { createRequire } from "node:module";
import manifest from "../deno.json" with { type: "json" };
import { compileTypeScript } from "./large/packages.ts";
import { ROOT } from "./process.ts";

const PROTOBUF = "@bufbuild/protobuf";
/** Of src. */
const SOURCES = ["client", "text", "wire", "nearest.ts"];

const OPTIONS = {
  target: "es2023",
  module: "nodenext",
  lib: ["es2024", "esnext.disposable", "esnext.collection", "dom", "dom.iterable"],
  types: [],
  strict: true,
  declaration: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  rewriteRelativeImportExtensions: true,
  skipLibCheck: true,
  rootDir: "src",
  outDir: "out",
};

/** Builds the package into a folder, which is emptied before. Throws Error with what the compiler complains about. */
export async function buildSdk(folder: string): Promise<void> {
  const temp = await Deno.makeTempDir({ prefix: "rookery_sdk_" });
  try {
    await arrange(temp);
    const { ok, output } = await compileTypeScript(["--project", temp]);
    if (!ok) throw new Error(`The SDK does not compile:\n${output}`);
    await Deno.remove(folder, { recursive: true }).catch(() => {});
    await cp(`${temp}/out`, folder, { recursive: true });
  } finally {
    await Deno.remove(temp, { recursive: true });
  }
  await Deno.writeTextFile(`${folder}/package.json`, `${JSON.stringify(packageJson(), null, 2)}\n`);
  await Deno.copyFile(`${ROOT}/LICENSE`, `${folder}/LICENSE`);
  await cp(`${ROOT}/proto`, `${folder}/proto`, { recursive: true });
  // Links into the repository lead nowhere from a package; their names stay.
  const readme = (await Deno.readTextFile(`${ROOT}/docs/sdk.md`)).replaceAll(
    /\[([^\]]+)\]\(\.\.\/[^)]+\)/g,
    "$1",
  );
  await Deno.writeTextFile(`${folder}/README.md`, readme);
}

/** The sources as the compiler expects a Node project. */
async function arrange(temp: string): Promise<void> {
  for (const name of SOURCES) {
    await cp(`${ROOT}/src/${name}`, `${temp}/src/${name}`, { recursive: true });
  }
  await Deno.writeTextFile(`${temp}/package.json`, JSON.stringify({ type: "module" }));
  const project = { compilerOptions: OPTIONS, files: ["src/client/mod.ts"] };
  await Deno.writeTextFile(`${temp}/tsconfig.json`, JSON.stringify(project));
  await Deno.mkdir(`${temp}/node_modules/@bufbuild`, { recursive: true });
  await Deno.symlink(protobufFolder(), `${temp}/node_modules/${PROTOBUF}`);
}

/** Where Deno keeps the one package that the SDK needs. */
export function protobufFolder(): string {
  const entry = createRequire(import.meta.url).resolve(PROTOBUF);
  return entry.slice(0, entry.lastIndexOf("/dist/"));
}

function packageJson(): Record<string, unknown> {
  return {
    name: "rookery-client",
    version: manifest.version,
    description: "Client of Rookery, the self-hosted chat server",
    license: "MIT",
    keywords: ["chat", "rookery", "websocket", "self-hosted", "bot", "protobuf"],
    ...repository(),
    type: "module",
    sideEffects: false,
    exports: {
      ".": { types: "./client/mod.d.ts", default: "./client/mod.js" },
      "./proto/*": "./proto/*",
      "./package.json": "./package.json",
    },
    engines: { node: ">=22" },
    dependencies: { [PROTOBUF]: manifest.imports[PROTOBUF].split("@").at(-1) },
  };
}

/** Where this checkout has come from, if git knows. */
function repository(): { repository?: { type: string; url: string } } {
  const url = originUrl();
  return url ? { repository: { type: "git", url } } : {};
}

/** Address of the remote from which this checkout was cloned; empty without one. */
export function originUrl(): string {
  try {
    const args = ["-C", ROOT, "config", "--get", "remote.origin.url"];
    return new TextDecoder().decode(new Deno.Command("git", { args }).outputSync().stdout).trim();
  } catch {
    return "";
  }
}

if (import.meta.main) {
  await buildSdk(`${ROOT}/dist/sdk`);
  const file = `rookery-client-${manifest.version}.tgz`;
  console.log(`Made dist/sdk. Now: npm pack ${ROOT}/dist/sdk, and in your project: npm install ./${file}`);
}
