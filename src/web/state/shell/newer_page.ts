/** Whether the server hands out another page than the one that is open. @module */
import { signal } from "@preact/signals";
import { BASE } from "../../base.ts";
import type { Chat } from "./chat.ts";

/** The server was updated: loading the page again brings its newer one. */
export const newerPage = signal(false);

/** Pages that come back together ask one after the other. */
const SPREAD_MS = 10_000;

/** Asks when the connection is back: a server that is updated is away for a moment. */
export function keepNewest({ client, lifetime }: Chat): void {
  let before = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  client.on("state", ({ name }) => {
    if (name !== "live" || newerPage.peek()) return;
    if (before) {
      clearTimeout(timer);
      timer = setTimeout(() => void look(lifetime), Math.random() * SPREAD_MS);
    }
    before = true;
  });
  lifetime.addEventListener("abort", () => clearTimeout(timer));
}

async function look(lifetime: AbortSignal): Promise<void> {
  try {
    const response = await fetch(BASE, { cache: "no-cache", signal: lifetime });
    if (response.ok) newerPage.value = isNewer(await response.text(), ownFiles());
  } catch {
    // The next connection asks again.
  }
}

/** Files of the open page, named by their contents. */
function ownFiles(): string[] {
  const script = document.querySelector<HTMLScriptElement>("script[type=module]")?.getAttribute("src");
  const style = document.querySelector("link[rel=stylesheet]")?.getAttribute("href");
  return [script, style].filter((name) => typeof name === "string");
}

/** What stands between page and server, a proxy say, answers with other things than the page. */
function isNewer(page: string, files: readonly string[]): boolean {
  return page.includes("rookery-emoji") && files.some((name) => !page.includes(name));
}
