/** axe-core in the page (https://github.com/dequelabs/axe-core). @module */
import type { Page } from "playwright-core";

// The engine that runs in the page; there it is a global.
const AXE = await Deno.readTextFile(new URL(import.meta.resolve("axe-core/axe.min.js")));

interface Finding {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

type Axe = { run(options?: object): Promise<{ violations: Finding[] }> };

/** Serious findings on the page as it is now, of all rules or of one. */
export async function findings(page: Page, { only }: { only?: string } = {}): Promise<string[]> {
  if (!await page.evaluate(() => "axe" in globalThis)) await page.addScriptTag({ content: AXE });
  // Colors that are on their way are none yet; what is taken away meanwhile never finishes.
  await page.evaluate(() =>
    Promise.allSettled(document.getAnimations().map((animation) => animation.finished))
  );
  const { violations } = await page.evaluate((only) => {
    const { axe } = globalThis as unknown as { axe: Axe };
    return axe.run(only ? { runOnly: [only] } : {});
  }, only);
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`));
}
