/** The emoji there are, by group, with names to search for; fetched when they are wanted. @module */
import { BASE } from "../../base.ts";
import { type Language, language } from "../../i18n/language.ts";
import type { Emoji } from "../../text/emoji_search.ts";
import { newerPage } from "../shell/newer_page.ts";
import { store, stored } from "../shell/storage.ts";

const FREQUENT = ["👍", "❤️", "😂", "🎉", "👀", "🙏", "✅", "🚀"];
const RECENT_MAX = 24;
const lists = new Map<Language, Promise<Emoji[][]>>();

/** Groups in the order of Unicode's charts, with names in the language that is spoken. */
export function emojiGroups(): Promise<Emoji[][]> {
  const spoken = language.value;
  let list = lists.get(spoken);
  if (!list) {
    list = load(spoken);
    lists.set(spoken, list);
    list.catch(() => lists.delete(spoken));
  }
  return list;
}

/** What was picked last, newest first, filled up with what people like. */
export function recentEmoji(): string[] {
  return [...new Set([...stored<string[]>("emoji") ?? [], ...FREQUENT])].slice(0, RECENT_MAX);
}

export function rememberEmoji(emoji: string): void {
  store(
    "emoji",
    [emoji, ...(stored<string[]>("emoji") ?? []).filter((other) => other !== emoji)].slice(0, RECENT_MAX),
  );
}

async function load(spoken: Language): Promise<Emoji[][]> {
  const paths = JSON.parse(document.querySelector<HTMLMetaElement>("meta[name=rookery-emoji]")!.content);
  const response = await fetch(new URL(paths[spoken], BASE));
  if (!response.ok) {
    // The server was updated, and has other lists now.
    if (response.status === 404) newerPage.value = true;
    throw new Error(`The emoji cannot be loaded: ${response.status}`);
  }
  const groups: [emoji: string, name: string, keywords: string, shortNames: string][][] = await response
    .json();
  return groups.map((group) =>
    group.map(([emoji, name, keywords, shortNames]) => ({
      emoji,
      name,
      shortNames: shortNames.split(" "),
      words: `${name} ${keywords} ${shortNames.replaceAll("_", " ")}`.toLowerCase(),
    }))
  );
}
