/** Which part of the source may know which. @module */

/** Path from the top folder, such as `src/chat/hub.ts`, to the file's text. */
export type SourceFiles = ReadonlyMap<string, string>;

interface Rule {
  /** Areas that may be imported; "*" is all but web. */
  readonly areas: readonly string[];
  /** Packages that may be imported, with what lies below them; "node:" is all of Node's modules. */
  readonly packages: readonly string[];
  /** Files and folders of other areas from which types alone may be imported, which leave no trace in the program. */
  readonly types?: readonly string[];
}

/** What text means is the same everywhere: every area may import it. */
const SHARED = "text";

/** An area is a folder of src with the file of the same name, or one file beside them; main is main.ts. */
const RULES: Readonly<Record<string, Rule>> = {
  text: { areas: [], packages: [] },
  // What commands and answers consist of is said once, in the contract.
  chat: { areas: [], packages: [], types: ["src/wire/gen/", "src/wire/whole.ts"] },
  nearest: { areas: [], packages: [] },
  wire: { areas: ["chat", "nearest"], packages: ["@bufbuild/protobuf"] },
  store: { areas: ["chat", "low_priority"], packages: ["node:"] },
  search: { areas: ["chat", "store"], packages: [] },
  auth: { areas: ["chat", "ip_address", "low_priority"], packages: ["node:", "hash-wasm"] },
  server: { areas: ["chat", "wire", "ip_address"], packages: ["node:"] },
  client: { areas: ["wire"], packages: [] },
  metrics: { areas: ["chat"], packages: ["node:"] },
  takeover: { areas: ["chat"], packages: [] },
  web: { areas: ["client"], packages: ["preact", "@preact/signals"] },
  web_files: { areas: [], packages: [] },
  contract_files: { areas: [], packages: [] },
  config: { areas: ["chat", "ip_address", "nearest"], packages: ["node:"] },
  ip_address: { areas: [], packages: ["ipaddr.js"] },
  low_priority: { areas: [], packages: ["node:"] },
  logger: { areas: ["chat"], packages: [] },
  clock: { areas: ["chat"], packages: [] },
  version: { areas: [], packages: ["deno.json"] },
  cli: { areas: ["*"], packages: ["node:"] },
  app: {
    areas: [
      "auth",
      "chat",
      "clock",
      "config",
      "logger",
      "metrics",
      "server",
      "store",
      "takeover",
      "version",
      "web_files",
      "contract_files",
      "wire",
    ],
    packages: [],
  },
  main: { areas: ["*"], packages: ["node:"] },
};

/** What is not the program may know all of it; of each other these know only the ones named here. */
const AROUND: Readonly<Record<string, readonly string[]>> = {
  bench: ["tools"],
  tools: [],
  tests: ["bench", "tools"],
};

/** What only one area does. */
const RESERVED: readonly { readonly what: string; readonly pattern: RegExp; readonly area: string }[] = [
  { what: "Deno.serve", pattern: /\bDeno\s*\.\s*serve\b/, area: "server" },
  { what: "node:sqlite", pattern: /["']node:sqlite["']/, area: "store" },
];

/** Everything that contradicts the rules, as lines for people; empty when all is well. */
export function findProblems(files: SourceFiles): string[] {
  const problems: string[] = [];
  const graph = new Map<string, string[]>();
  for (const [path, text] of files) {
    const code = withoutComments(text);
    const top = path.slice(0, path.indexOf("/"));
    const around = AROUND[top];
    if (around) {
      const targets = importsOf(code).map((specifier) => resolve(path, specifier));
      const forbidden = Object.keys(AROUND).filter((name) => name !== top && !around.includes(name));
      problems.push(
        ...targets.filter((target) => forbidden.some((name) => target.startsWith(`${name}/`)))
          .map((target) => `${path} imports ${target}`),
      );
      graph.set(path, targets.filter((target) => files.has(target)));
      continue;
    }
    const area = areaOf(path);
    const rule = RULES[area];
    if (!rule) {
      problems.push(`${path} belongs to no known area (${Object.keys(RULES).join(", ")})`);
      continue;
    }
    const targets = importsOf(code).map((specifier) => resolve(path, specifier));
    const used = importsOf(withoutTypeImports(code)).map((specifier) => resolve(path, specifier));
    const free = (target: string) =>
      !used.includes(target) && rule.types?.some((start) => target.startsWith(start));
    problems.push(
      ...targets.filter((target) => !free(target)).flatMap((target) => problemOf(path, target, rule)),
    );
    graph.set(path, targets.filter((target) => files.has(target)));
    for (const { what, pattern, area: owner } of RESERVED) {
      if (area !== owner && pattern.test(code)) problems.push(`${path} uses ${what}; only src/${owner} does`);
    }
  }
  return [...problems, ...findCircles(graph)];
}

function areaOf(path: string): string {
  if (path === "main.ts") return "main";
  const match = /^src\/([^/]+?)(?:\.ts)?(?:\/|$)/.exec(path);
  return match?.[1] ?? path;
}

/** Specifiers of imports and re-exports, types included, and of workers and assets beside the file. */
export function importsOf(code: string): string[] {
  const patterns = [
    /^[ \t]*(?:import|export)\b[^;"'`]*?\bfrom\s*["']([^"']+)["']/gm,
    /^[ \t]*import\s*["']([^"']+)["']/gm,
    /\bimport\s*\(\s*["']([^"']+)["']/g,
    /\bnew\s+URL\s*\(\s*["']([^"']+\.ts)["']\s*,\s*import\.meta\.url/g,
  ];
  return patterns.flatMap((pattern) => [...code.matchAll(pattern)].map((match) => match[1]!));
}

/** Path from the top folder for relative specifiers; others stay as they are. */
function resolve(from: string, specifier: string): string {
  if (!specifier.startsWith(".")) return specifier;
  return new URL(specifier, `file:///${from}`).pathname.slice(1);
}

function problemOf(path: string, target: string, rule: Rule): string[] {
  const isFile = target === "main.ts" || /^(src|tests|bench|tools)\//.test(target);
  if (!isFile) {
    const bare = target.replace(/^npm:/, "");
    const known = rule.packages.some((name) =>
      bare === name || bare.startsWith(name === "node:" ? name : `${name}/`)
    );
    return known ? [] : [`${path} imports the package ${target}`];
  }
  const to = areaOf(target);
  const allowed = to in RULES &&
    (to === areaOf(path) || to === SHARED || rule.areas.includes(to) ||
      (rule.areas.includes("*") && to !== "web"));
  return allowed ? [] : [`${path} imports ${target}`];
}

function withoutTypeImports(code: string): string {
  return code.replaceAll(/^[ \t]*(?:import|export)\s+type\b[^;"'`]*?\bfrom\s*["'][^"']+["']/gm, "");
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/(^|\s)\/\/.*$/gm, "$1");
}

function findCircles(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const problems: string[] = [];
  const finished = new Set<string>();
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) {
      problems.push(`Circle: ${[...trail.slice(start), path].join(" -> ")}`);
      return;
    }
    if (finished.has(path)) return;
    for (const target of graph.get(path) ?? []) visit(target, [...trail, path]);
    finished.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
  return problems;
}
