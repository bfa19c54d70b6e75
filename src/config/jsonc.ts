/** JSON with comments and with commas behind the last item, as people write settings. @module */

/** The value. Throws SyntaxError; its positions are those in the text as it was given. */
export function parseJsonc(text: string): unknown {
  return JSON.parse(withoutLastCommas(withoutComments(text)));
}

const STRING = /"(?:[^"\\\n]|\\.)*"/.source;

/** Comments become blanks, so that every other character keeps its place. */
function withoutComments(text: string): string {
  const tokens = new RegExp(`${STRING}|//[^\\n]*|/\\*[\\s\\S]*?\\*/`, "g");
  return text.replaceAll(tokens, (token) => token.startsWith("/") ? token.replaceAll(/[^\n]/g, " ") : token);
}

function withoutLastCommas(text: string): string {
  const tokens = new RegExp(`${STRING}|,(?=\\s*[}\\]])`, "g");
  return text.replaceAll(tokens, (token) => token === "," ? " " : token);
}
