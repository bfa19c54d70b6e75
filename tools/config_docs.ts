/**
 * Generates docs/configuration.md and the lists of variables in deno.json from
 * the table of options. With `--check` it changes nothing and fails when what
 * is there is not what would be generated.
 *
 * @module
 */
import { LIMIT_MAX, LIMIT_NAMES, LIMITS } from "../src/chat/limits.ts";
import { defaultFile, fallbackText } from "../src/config/help.ts";
import { CONFIG_OPTION, envName, LIMITS_OPTION, OPTIONS } from "../src/config/options.ts";
import { ROOT, runDeno } from "./process.ts";

const PAGE = "docs/configuration.md";
const MANIFEST = "deno.json";
/** All of ours, so that misspelt names can be asked for. */
const ALL_VARIABLES = "ROOKERY_*";
const SETS = ["server", "cli"] as const;

/** Files as they should be, by their path. */
export async function configFiles(): Promise<Map<string, string>> {
  return new Map([[PAGE, await formatted(page())], [MANIFEST, manifest(readText(MANIFEST))]]);
}

/** Paths of the files that are not what would be generated. */
export async function staleConfigFiles(): Promise<string[]> {
  return [...await configFiles()].filter(([path, text]) => readText(path) !== text).map(([path]) => path);
}

function readText(path: string): string {
  try {
    return Deno.readTextFileSync(`${ROOT}/${path}`);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

/** The manifest with our variables in both lists; variables of others keep their places. */
function manifest(text: string): string {
  const { permissions } = JSON.parse(text) as { permissions: Record<string, { env: string[] }> };
  return SETS.reduce((text, set) => {
    const others = permissions[set]!.env.filter((name) => !name.startsWith("ROOKERY_"));
    const names = [...others, ALL_VARIABLES];
    const list = new RegExp(`("${set}": \\{(?:(?!"env")[\\s\\S])*?"env": )\\[[^\\]]*\\]`);
    const json = names.map((name) => `        ${JSON.stringify(name)}`).join(",\n");
    return text.replace(list, (_, before) => `${before}[\n${json}\n      ]`);
  }, text);
}

function page(): string {
  const options = OPTIONS.map((option) => [
    `\`${option.name}\``,
    `\`${option.kind.placeholder}\``,
    option.help,
    fallbackText(option),
    option.live ? "SIGHUP" : "restart",
  ]);
  const limits = LIMIT_NAMES.map((name) => {
    const { help, unit, fallback, fixed, min = 1, max = LIMIT_MAX } = LIMITS[name];
    const bounds = min > 1 ? `from ${min}` : max === LIMIT_MAX ? "" : `to ${max}`;
    return [`\`${name}\``, help, `${fallback} ${unit}`, bounds, fixed ? "restart" : "SIGHUP"];
  });
  const paths = [...OPTIONS, CONFIG_OPTION].filter((option) => "isPath" in option && option.isPath);
  const noFile = paths.map((option) => `\`${envName(option)}\``).join(", ");
  return `# Configuration

Generated from \`src/config/options.ts\` and \`src/chat/limits.ts\` by \`deno task config-docs\`; do not edit.

Nothing has to be set. Every option can be given in three places, and the first of them that has it wins:

1. a flag: \`--log-level warn\` or \`--log-level=warn\`;
2. a variable of the environment, in capitals and with \`ROOKERY_\` in front: \`ROOKERY_LOG_LEVEL=warn\`. An empty
   variable is not set. With \`_FILE\` behind its name it names a file that holds the value, as secrets of Docker and
   credentials of systemd come: \`ROOKERY_NAME_FILE=/run/secrets/name\`. What is a path already has no such twin:
   ${noFile};
3. the file that \`--config\` or \`ROOKERY_CONFIG\` names: one JSON object by the options' names, in which comments and
   a comma behind the last item are allowed.

Paths are relative to the folder in which the server is started. Whatever is unknown or makes no sense is an error
that says what would.

\`rookery config print\` writes such a file with every default, commented out. \`rookery config print --effective\`
shows what would hold, and where each value comes from. \`rookery config check [FILE]\` tells everything that is
wrong at once, and looks whether files, folders and certificates are there. (\`rookery\` is \`./rookery\` in a
working copy.)

## Options

${rows(["name", "value", "what it sets", "default", "followed after"], options)}

## Following changes

SIGHUP makes the server read its file, the files that variables name, and its certificate again
(\`kill -HUP PID\`, \`systemctl reload rookery\`, \`docker kill --signal=HUP\`). Each change is a line in the log: either
it is followed from now on, or it needs a restart. When anything is wrong, nothing changes and the log says why. Flags
and variables stay what they were at the start. Files that the server did not have at its start need a restart: it has
given back the right to read others. A server that was started from a terminal stops when the terminal goes away.

## HTTPS without a proxy

\`--tls-cert\` and \`--tls-key\` make the server speak HTTPS on its port, HTTP/2 included, and nothing else there. Both are
read again at SIGHUP; a hook of the program that renews the certificate sends it. With another certificate clients are
asked to reconnect, spread over two seconds, and lose nothing. With systemd, credentials keep the
key from everybody else: \`LoadCredential=tls-key:/etc/…\` and \`Environment=ROOKERY_TLS_KEY=%d/tls-key\`.
\`SECURITY.md\` says what a proxy does beyond that, and what \`--hsts-days\` means.

## Limits

Each can be set by name in the object \`"${LIMITS_OPTION.name}"\` of the file, or several in one flag or variable:
\`--${LIMITS_OPTION.name} messageBytes=32768,pageItems=50\`, \`${
    envName(LIMITS_OPTION)
  }=…\`. Clients are told those that
concern them; connections that are open keep the frame sizes they were told. All are whole numbers from 1 to
${LIMIT_MAX}, unless the table has other bounds.

${rows(["name", "what is bounded", "default", "bounds", "followed after"], limits)}

## A file with everything

\`\`\`jsonc
${defaultFile()}
\`\`\`
`;
}

function rows(head: readonly string[], body: readonly (readonly string[])[]): string {
  const cells = body.map((row) => row.map((cell) => cell.replaceAll("|", "\\|")));
  return [head, head.map(() => "---"), ...cells].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

/** As `deno fmt` wants it, for the gate looks at that too. */
async function formatted(markdown: string): Promise<string> {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/page.md`;
    await Deno.writeTextFile(path, markdown);
    const { ok, output } = await runDeno(["fmt", "--quiet", "--config", `${ROOT}/deno.json`, path]);
    if (!ok) throw new Error(`deno fmt failed:\n${output}`);
    return await Deno.readTextFile(path);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function main(check: boolean): Promise<void> {
  if (check) {
    const stale = await staleConfigFiles();
    for (const path of stale) console.error(`${path} is not what the table of options says`);
    if (stale.length > 0) console.error("Run: deno task config-docs");
    Deno.exitCode = stale.length === 0 ? 0 : 1;
    return;
  }
  for (const [path, text] of await configFiles()) {
    await Deno.writeTextFile(`${ROOT}/${path}`, text);
    console.log(`Generated ${path}`);
  }
}

if (import.meta.main) await main(Deno.args.includes("--check"));
