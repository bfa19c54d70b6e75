/** Which files the executable needs, and which of them it would have. @module */

const WEB = "src/web";
/** The web client is embedded as it was built. */
const BUILT_WEB = "src/web/dist";

/** Everything that is told to `deno compile` by name. */
export function includedFiles(root: string): string[] {
  return ["src", "deploy"].flatMap((folder) => includedModules(root, folder));
}

/** Files that no static import leads to: workers, and whatever is not a module. */
function includedModules(root: string, folder: string): string[] {
  return [...Deno.readDirSync(`${root}/${folder}`)].flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (folder === WEB && path !== BUILT_WEB) return [];
    if (path.startsWith(BUILT_WEB) && entry.isFile) return [path];
    if (entry.isDirectory) return includedModules(root, path);
    return entry.name.endsWith("_worker.ts") || !/\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

/** Needed parts that are not in the list which `deno compile` prints, and how many are needed. */
export function missingFrom(output: string, root: string): { missing: string[]; count: number } {
  const migrations = [...Deno.readDirSync(`${root}/src/store/migrations`)].map(({ name }) => name);
  const needed = [
    "main.ts",
    "src/app.ts",
    `${BUILT_WEB}/index.html`,
    ...includedFiles(root),
    ...migrations.map((name) => `src/store/migrations/${name}`),
  ];
  const embedded = embeddedPaths(output);
  const has = (path: string) =>
    embedded.some((entry) =>
      entry.endsWith("/*")
        ? path.startsWith(entry.slice(0, -1)) || path.includes(`/${entry.slice(0, -1)}`)
        : entry === path || entry.endsWith(`/${path}`)
    );
  return { missing: needed.filter((path) => !has(path)), count: needed.length };
}

/** Paths of the printed tree. A folder that is embedded as a whole ends in "/*". */
function embeddedPaths(output: string): string[] {
  const above: string[] = [];
  const paths: string[] = [];
  for (const line of output.split("\n")) {
    const match = /^([ │]*)[├└]─[─┬]+ (.+?)(?: \([\d.]+[KMG]?i?B[^)]*\))?$/.exec(line);
    if (!match) continue;
    const depth = Math.floor(match[1]!.length / 2);
    above.length = depth;
    above.push(match[2]!);
    paths.push(above.join("/"));
  }
  return paths;
}
