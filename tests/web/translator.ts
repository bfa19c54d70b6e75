/** What the translator of a browser does to a page. @module */
import type { Page } from "playwright-core";

/**
 * Puts `<font>` elements in the place of texts, also of those that come later, except where the page says that nothing
 * is to be translated; the words become capitals.
 */
export async function translate(page: Page): Promise<void> {
  await page.evaluate(() => {
    const take = (node: Node): void => {
      if (!(node instanceof Text)) return void [...node.childNodes].forEach(take);
      const parent = node.parentElement;
      if (!parent?.translate || node.data.trim() === "" || parent.closest("font, script, style, textarea")) {
        return;
      }
      const outer = document.createElement("font");
      const inner = document.createElement("font");
      inner.textContent = node.data.toUpperCase();
      outer.append(inner);
      node.replaceWith(outer);
    };
    take(document.body);
    new MutationObserver((records) => records.forEach(({ addedNodes }) => addedNodes.forEach(take)))
      .observe(document.body, { childList: true, subtree: true });
  });
}
