/** Style sheets without what only people read. @module */

/** Drops comments and the spaces around punctuation; strings stay as they are. */
export function minifiedCss(css: string): string {
  return css
    .replaceAll(/("[^"\n]*"|'[^'\n]*')|\/\*[\s\S]*?\*\//g, (_, text: string | undefined) => text ?? "")
    .replaceAll(
      /("[^"\n]*"|'[^'\n]*')|\s*([{};,>])\s*|\s+/g,
      (_, text: string | undefined, mark: string | undefined) => text ?? mark ?? " ",
    )
    .replaceAll(";}", "}")
    .trim();
}
