/** What keys do to the input line. @module */
import type { Editor } from "./editor.ts";
import type { Key } from "./keys.ts";

/** Keys that mean nothing here are ignored. */
export function applyKey(editor: Editor, key: Key): void {
  switch (key.name) {
    case "text":
    case "paste":
      return editor.insert(key.text);
    case "newline":
      return editor.insert("\n");
    case "backspace":
      return editor.backspace();
    case "delete":
      return editor.delete();
    case "left":
      return editor.left();
    case "right":
      return editor.right();
    case "up":
      return editor.up();
    case "down":
      return editor.down();
    case "home":
      return editor.home();
    case "end":
      return editor.end();
    case "word-left":
      return editor.wordLeft();
    case "word-right":
      return editor.wordRight();
    case "delete-word":
      return editor.deleteWord();
    case "delete-to-start":
      return editor.deleteToStart();
    case "delete-to-end":
      return editor.deleteToEnd();
  }
}
