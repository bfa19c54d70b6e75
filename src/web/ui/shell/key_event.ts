/** What a key means: every handler of keys asks here. @module */

/** Whether the key belongs to a word that is being composed, Japanese say; Safari tells it of Enter by 229 only. */
function isComposing(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === 229;
}

/** A handler that hears no key that belongs to a word being composed. */
export function onKeys<E extends KeyboardEvent>(hear: (event: E) => void): (event: E) => void {
  return (event) => {
    if (!isComposing(event)) hear(event);
  };
}

/** Ctrl, or the Mac's command key. */
export function isCommand({ ctrlKey, metaKey }: KeyboardEvent): boolean {
  return ctrlKey || metaKey;
}

/**
 * The key that a shortcut is named after, in lower case. A layout that has no
 * Latin letters, Russian say, has the letter's place on the keyboard instead.
 */
export function shortcutKey({ key, code }: Pick<KeyboardEvent, "key" | "code">): string {
  const letter = key.toLowerCase();
  if (key.length > 1 || /^[\x21-\x7e]$/.test(letter)) return letter;
  return /^Key([A-Z])$/.exec(code)?.[1]?.toLowerCase() ?? (code === "Slash" ? "/" : letter);
}
