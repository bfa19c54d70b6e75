/** Texts that a browser's translator has taken out of the page, and put its own in the place of. @module */

/**
 * Brings a text back into the page, in the place of its translation, as soon as it says something else: what draws the page
 * goes on changing the text that it made, wherever that is. The translator then translates it anew.
 */
export function followTranslated(root: Node): void {
  const translations = new WeakMap<Node, Element>();
  const changed = new MutationObserver((records) => {
    for (const { target } of records) {
      const translation = translations.get(target);
      if (!translation?.isConnected || target.isConnected) continue;
      translation.replaceWith(target);
      translations.delete(target);
    }
  });
  new MutationObserver((records) => {
    for (const { addedNodes, removedNodes, nextSibling, previousSibling } of records) {
      const [text] = removedNodes;
      if (!(text instanceof Text) || text.isConnected) continue;
      const translation = [...addedNodes, nextSibling, previousSibling].find(isFont);
      if (!translation) continue;
      translations.set(text, translation);
      changed.observe(text, { characterData: true });
    }
    // The engine may keep the list for long, and all that was taken out of the page with it.
    records.length = 0;
  }).observe(root, { childList: true, subtree: true });
}

function isFont(node: Node | null): node is Element {
  return node instanceof Element && node.localName === "font";
}
