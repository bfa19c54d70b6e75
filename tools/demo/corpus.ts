/**
 * Real text, read where Deno keeps the npm packages that ship it: mail threads
 * of the SpamAssassin corpus, the names of emoji in every language of CLDR, and
 * the packages' own source code.
 *
 * @module
 */
import { textFolders } from "../large/packages.ts";
import type { Random } from "./random.ts";

export interface Thread {
  readonly subject: string;
  /** Bodies, in the order in which they came. */
  readonly mails: readonly string[];
}

export interface Corpus {
  readonly threads: readonly Thread[];
  /** Short texts in many scripts, with emoji among them. */
  readonly phrases: readonly string[];
  readonly code: readonly string[];
  /** What people react with. */
  readonly emoji: readonly string[];
}

/** Folders of people's mail; the others are what nobody asked for. */
const MAIL_GROUP = "easy-ham-1";
const PHRASES_PER_LANGUAGE = 12;
const EMOJI_BYTES = 32;
const RGI_EMOJI = /^\p{RGI_Emoji}$/v;
// What the server refuses in a message, and mails of 2002 may have.
// deno-lint-ignore no-control-regex
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;

/** Reads the packages. Throws when they are in nobody's cache and cannot be fetched. */
export async function loadCorpus(random: Random): Promise<Corpus> {
  const { mails, annotations } = await textFolders();
  const [threads, { phrases, emoji }, code] = await Promise.all([
    readThreads(mails),
    readAnnotations(annotations, random),
    readCode([`${mails}/lib`, `${mails}/docs/types`]),
  ]);
  return { threads, phrases, emoji, code };
}

async function readThreads(folder: string): Promise<Thread[]> {
  const names = await fileNames(`${folder}/data/${MAIL_GROUP}`, ".json");
  const bySubject = new Map<string, string[]>();
  for (const name of names) {
    const mail = JSON.parse(await Deno.readTextFile(`${folder}/data/${MAIL_GROUP}/${name}`)) as {
      text: string;
    };
    const end = mail.text.indexOf("\n\n");
    const text = clean(mail.text.slice(end + 2));
    if (end < 0 || text === "") continue;
    const subject = /^subject:[ \t]*(.*)$/im.exec(mail.text.slice(0, end))?.[1] ?? "";
    const topic = clean(subject.replace(/^(?:(?:re|fwd?|aw)(?:\[\d+\])?:\s*|\[[^\]]*\]\s*)+/i, ""));
    const mails = bySubject.get(topic);
    if (mails) mails.push(text);
    else bySubject.set(topic, [text]);
  }
  return Array.from(bySubject, ([subject, mails]) => ({ subject, mails })).filter(({ mails }) =>
    mails.length > 1
  );
}

interface Annotations {
  readonly annotations: {
    /** Left out for languages that have none of their own. */
    readonly annotations?: Readonly<Record<string, { readonly default?: string[]; readonly tts?: string[] }>>;
  };
}

async function readAnnotations(
  folder: string,
  random: Random,
): Promise<{ phrases: string[]; emoji: string[] }> {
  const phrases: string[] = [];
  let emoji: string[] = [];
  const languages = await Array.fromAsync(Deno.readDir(`${folder}/annotations`), ({ name }) => name);
  for (const language of languages.sort()) {
    const file = `${folder}/annotations/${language}/annotations.json`;
    const { annotations = {} } = (JSON.parse(await Deno.readTextFile(file)) as Annotations).annotations;
    const symbols = Object.keys(annotations);
    if (language === "en") emoji = symbols.filter(isReaction);
    for (const symbol of random.sample(symbols, PHRASES_PER_LANGUAGE)) {
      const { tts = [], default: words = [] } = annotations[symbol]!;
      phrases.push(clean(`${symbol} ${tts.join(" ")}: ${words.join(", ")} (${language})`));
    }
  }
  return { phrases, emoji };
}

function isReaction(symbol: string): boolean {
  return RGI_EMOJI.test(symbol) && new TextEncoder().encode(symbol).length <= EMOJI_BYTES;
}

async function readCode(folders: readonly string[]): Promise<string[]> {
  const code: string[] = [];
  for (const folder of folders) {
    for (const name of await fileNames(folder, "s")) {
      code.push("```js\n" + clean(await Deno.readTextFile(`${folder}/${name}`)) + "\n```");
    }
  }
  return code;
}

async function fileNames(folder: string, ending: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(folder));
  return entries.filter((entry) => entry.isFile && entry.name.endsWith(ending)).map(({ name }) => name)
    .sort();
}

function clean(text: string): string {
  return text.replaceAll("\r\n", "\n").replaceAll(CONTROL, "").toWellFormed().trim();
}
