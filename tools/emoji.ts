/**
 * Makes the emoji lists of the web client, src/web/emoji, from the names and
 * keywords of Unicode's CLDR and the short names of GitHub. They are checked in: the package is large, and
 * starting a server must not need it.
 *
 * @module
 */
import { shortNames, textFolders } from "./large/packages.ts";
import { ROOT } from "./process.ts";

interface Annotations {
  readonly annotations: {
    readonly annotations: Readonly<Record<string, { readonly default?: string[]; readonly tts?: string[] }>>;
  };
}

const LANGUAGES = ["de", "en"];
/** First emoji of each group, in the order of Unicode's charts. */
const GROUP_STARTS = ["😀", "👋", "🐵", "🍇", "🌍", "🎃", "👓", "🏧", "🏁"];
const KEYWORDS_MAX = 8;

const folders = await textFolders();
const shorts = await shortNames();
const english = await annotations("en");

async function annotations(language: string): Promise<Annotations["annotations"]["annotations"]> {
  const path = `${folders.annotations}/annotations/${language}/annotations.json`;
  const { annotations }: Annotations = JSON.parse(await Deno.readTextFile(path));
  return annotations.annotations;
}

/** The emoji as it is shown in color; undefined when it is none, or only a part of one. */
function shown(text: string): string | undefined {
  if (/^\p{Emoji_Component}$/u.test(text)) return undefined;
  return [text, `${text}\ufe0f`].find((candidate) => /^\p{RGI_Emoji}$/v.test(candidate));
}

/** Short names in all languages; emoji that are younger than GitHub's list are called by their English name. */
function shortNamesOf(key: string, emoji: string): readonly string[] {
  const given = shorts[emoji] ?? shorts[key];
  if (given) return given;
  const words = english[key]?.tts?.[0]?.normalize("NFKD").toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return [words.join("_")];
}

for (const language of LANGUAGES) {
  const names = await annotations(language);
  const collator = new Intl.Collator("en-u-co-emoji");
  const keys = Object.keys(names).filter((key) => shown(key)).sort(collator.compare);
  const groups: string[][][] = [];
  for (const key of keys) {
    const emoji = shown(key)!;
    if (GROUP_STARTS.includes(key) || GROUP_STARTS.includes(emoji)) groups.push([]);
    const { default: keywords = [], tts = [] } = names[key]!;
    const name = tts[0] ?? keywords[0] ?? emoji;
    const others = keywords.filter((word) => !name.includes(word)).slice(0, KEYWORDS_MAX);
    groups.at(-1)!.push([emoji, name, others.join(" "), shortNamesOf(key, emoji).join(" ")]);
  }
  if (groups.length !== GROUP_STARTS.length) throw new Error(`Groups found: ${groups.length}`);
  const lines = groups.map((group) => `[\n${group.map((entry) => JSON.stringify(entry)).join(",\n")}\n]`);
  await Deno.writeTextFile(`${ROOT}/src/web/emoji/${language}.json`, `[${lines.join(",\n")}]\n`);
}
