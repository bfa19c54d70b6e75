/**
 * Builds the web client into src/web/dist: one script, one style sheet, both
 * named by their contents and compressed beforehand, and the page that loads
 * them. Does nothing when nothing has changed since the last time.
 *
 * With `--watch` it stays and builds again after every change.
 *
 * @module
 */
import { ROOT, runDeno } from "./process.ts";
import { AssetWriter } from "./web/asset_writer.ts";
import { fingerprint } from "./web/fingerprint.ts";
import { minifiedCss } from "./web/minified_css.ts";

const WEB = `${ROOT}/src/web`;
const DIST = `${WEB}/dist`;
const EMOJI_LANGUAGES = ["de", "en"];
/** Saving one file often touches several. */
const SETTLE_MS = 100;

/** Builds if something has changed; false when all was as wanted. Throws what the bundler complains about. */
export async function buildWeb(): Promise<boolean> {
  const inputs = await fingerprint();
  if (await readText(`${DIST}/inputs.txt`) === inputs) return false;
  // Beside its place, so that moving it there is one step.
  const temp = await Deno.makeTempDir({ dir: WEB, prefix: ".dist_" });
  try {
    await buildInto(temp);
    await Deno.writeTextFile(`${temp}/inputs.txt`, inputs);
    // A temporary folder is for its maker alone, and the server may run as somebody else.
    await Deno.chmod(temp, 0o755);
    await Deno.remove(DIST, { recursive: true }).catch(() => {});
    await Deno.rename(temp, DIST);
  } catch (error) {
    await Deno.remove(temp, { recursive: true });
    throw error;
  }
  return true;
}

async function buildInto(folder: string): Promise<void> {
  const writer = new AssetWriter(folder);
  const page = (await Deno.readTextFile(`${WEB}/public/index.html`))
    .replace("{script}", await writer.add("app.js", await bundle(folder)))
    .replace("{style}", await writer.add("app.css", minifiedCss(await styles())))
    .replace("{icon}", await writer.add("icon.svg", await Deno.readTextFile(`${WEB}/public/icon.svg`)))
    .replace("{emoji}", JSON.stringify(await emojiNames(writer)).replaceAll('"', "&quot;"));
  await writer.add("index.html", page, { hashed: false });
}

async function bundle(folder: string): Promise<string> {
  const output = `${folder}/bundle.js`;
  const { ok, output: complaint } = await runDeno([
    ...["bundle", "--quiet", "--minify", "--platform", "browser", "--format", "esm"],
    ...["--output", output, "src/web/main.tsx"],
  ]);
  if (!ok) throw new Error(`deno bundle failed:\n${complaint}`);
  const text = await Deno.readTextFile(output);
  await Deno.remove(output);
  return text;
}

async function styles(): Promise<string> {
  const names = [...Deno.readDirSync(`${WEB}/style`)].map(({ name }) => name).sort();
  return (await Promise.all(names.map((name) => Deno.readTextFile(`${WEB}/style/${name}`)))).join("\n");
}

/** Paths of the emoji lists by language: they are fetched when somebody wants to pick one. */
async function emojiNames(writer: AssetWriter): Promise<Record<string, string>> {
  const entries = EMOJI_LANGUAGES.map(async (language) => {
    const list = await Deno.readTextFile(`${WEB}/emoji/${language}.json`);
    return [language, await writer.add(`emoji-${language}.json`, JSON.stringify(JSON.parse(list)))];
  });
  return Object.fromEntries(await Promise.all(entries));
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch {
    return undefined;
  }
}

async function watch(): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const build = () => buildWeb().catch((error) => console.error(`web: ${error.message}`));
  for await (const { paths } of Deno.watchFs([WEB, `${ROOT}/src/client`, `${ROOT}/src/wire`])) {
    if (paths.every((path) => path.includes("/src/web/dist") || path.includes("/src/web/.dist_"))) continue;
    clearTimeout(timer);
    timer = setTimeout(build, SETTLE_MS);
  }
}

if (import.meta.main) {
  try {
    await buildWeb();
    if (Deno.args.includes("--watch")) await watch();
  } catch (error) {
    console.error(`web: ${error instanceof Error ? error.message : error}`);
    Deno.exit(1);
  }
}
