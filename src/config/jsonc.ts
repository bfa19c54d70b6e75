/** JSON with comments and with commas behind the last item, as people write settings. @module */

/** The value. Throws SyntaxError; its positions are those in the text as it was given. */
export function parseJsonc(text: string): unknown {
  return JSON.parse(withoutLastCommas(withoutComments(text)));
}

// One that does not end runs to the end of its line: looked for again from each quote in it, it would take quadratic time.
const COMMENTS = /"(?:[^"\\\n]|\\.)*"?|\/\/[^\n]*|\/\*[^]*?(?:\*\/|$)/g;
const LAST_COMMAS = /"(?:[^"\\\n]|\\.)*"?|,(?=\s*[}\]])/g;

/** Comments become blanks, so that every other character keeps its place. */
function withoutComments(text: string): string {
  return text.replaceAll(COMMENTS, (token) => isComment(token) ? token.replaceAll(/[^\n]/g, " ") : token);
}

/** One without an end is left, so that the parser finds its place. */
function isComment(token: string): boolean {
  return token.startsWith("//") || (token.startsWith("/*") && token.length >= 4 && token.endsWith("*/"));
}

function withoutLastCommas(text: string): string {
  return text.replaceAll(LAST_COMMAS, (token) => token === "," ? " " : token);
}
