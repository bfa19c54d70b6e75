/** JSON with comments and with commas behind the last item, as people write settings. @module */

/** The value. Throws SyntaxError; its positions are those in the text as it was given. */
export function parseJsonc(text: string): unknown {
  return JSON.parse(withoutLastCommas(withoutComments(text)));
}

/** Keys that stand twice in one object, of which all but the last would count for nothing; of JSON that is valid. */
export function doubledKeys(text: string): string[] {
  const doubled: string[] = [];
  const open: Set<string>[] = [];
  for (const [token, key, colon] of withoutComments(text).matchAll(TOKENS)) {
    if (token === "{" || token === "[") open.push(new Set());
    else if (token === "}" || token === "]") open.pop();
    else if (key !== undefined && colon !== undefined) {
      const name = JSON.parse(key) as string;
      const keys = open.at(-1)!;
      if (keys.has(name)) doubled.push(name);
      keys.add(name);
    }
  }
  return doubled;
}

// One that does not end runs to the end of its line: looked for again from each quote in it, it would take quadratic time.
const COMMENTS = /"(?:[^"\\\n]|\\.)*"?|\/\/[^\n]*|\/\*[^]*?(?:\*\/|$)/g;
const TOKENS = /("(?:[^"\\\n]|\\.)*")(?:\s*(:))?|[{}[\]]/g;
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
