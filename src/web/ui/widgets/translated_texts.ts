/** Texts that a browser's translator has taken out of the page, and put its own in the place of. @module */

const followed = new WeakSet<Element>();

/**
 * Brings a text back into the element, in the place of its translation, as soon as it says something else: what draws the
 * page goes on changing the text that it made, wherever that is. The translator then translates it anew.
 *
 * To be the `ref` of what is small: while an element is followed, the browser keeps what was taken out of it for a while,
 * so a list that scrolls must not be in it.
 */
export function followTranslated(element: Element | null): void {
  if (!element || followed.has(element)) return;
  followed.add(element);
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
  }).observe(element, { childList: true, subtree: true });
}

function isFont(node: Node | null): node is Element {
  return node instanceof Element && node.localName === "font";
}
