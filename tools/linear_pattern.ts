/**
 * The lint rule that keeps regular expressions linear: the time that one takes must not grow faster than the text that it
 * is given. The analysis is scslre's, which knows three ways to be slower: a quantifier that can begin anywhere
 * (`/X+$/`), two that can trade characters (`/X*X*!/`), and one inside another (`/(X+)+!/`). It overlooks a loop of
 * several alternatives behind a beginning that one of them takes in, as in `/"(?:[^"\\]|\\.)*"/`; tests/text/work_test.ts tries whole functions.
 *
 * Where the text is bounded by something that the pattern cannot show, a comment in front says by what:
 *
 *     // bounded: a login name, at most 32 characters
 *
 * @module
 */
import { analyse, type Report } from "scslre";

const WORDS: Readonly<Record<Report["type"], string>> = {
  Move: "it can begin at each of many places and fail after all of them",
  Trade: "two of its quantifiers can share the same characters in many ways",
  Self: "a quantifier stands inside another",
};
const BOUND = /\/\/ bounded: \S/;

/** Why the pattern takes more than linear time; undefined when it does not. Throws SyntaxError for one that is none. */
export function superLinear(source: string, flags: string): string | undefined {
  const [report] = analyse(new RegExp(source, flags), { maxReports: 1 }).reports;
  return report && WORDS[report.type];
}

export const linearPattern: Deno.lint.Rule = {
  create(context) {
    if (!/\/(?:src|examples)\//.test(context.filename.replaceAll("\\", "/"))) return {};
    const isExcused = excuses(context);
    const check = (node: Deno.lint.Node, source: string, flags: string) => {
      const why = superLinear(source, flags);
      if (why === undefined || isExcused(node)) return;
      context.report({
        node,
        message: `The pattern takes more than linear time: ${why}`,
        hint: "Anchor it, write a loop, or say in a comment what bounds the text: // bounded: …",
      });
    };
    const checkMade = (node: Deno.lint.NewExpression | Deno.lint.CallExpression) => {
      if (node.callee.type !== "Identifier" || node.callee.name !== "RegExp") return;
      const [source, flags] = node.arguments;
      if (isText(source) && (flags === undefined || isText(flags))) {
        return check(node, source.value, flags?.value ?? "");
      }
      if (isExcused(node)) return;
      context.report({
        node,
        message: "The pattern is made at run time, so nobody can tell how long it takes",
        hint: "Write a literal, or say in a comment why it is linear: // bounded: …",
      });
    };
    return {
      Literal(node) {
        // Deno gives every literal the property.
        if ("regex" in node && node.regex !== undefined) check(node, node.regex.pattern, node.regex.flags);
      },
      NewExpression: checkMade,
      CallExpression: checkMade,
    };
  },
};

function isText(node: Deno.lint.Node | undefined): node is Deno.lint.StringLiteral {
  return node?.type === "Literal" && typeof node.value === "string";
}

/**
 * Whether a comment on the line where a node begins, or right in front of that line, names a bound. Shared by the rules
 * that ask for one.
 */
export function excuses({ sourceCode }: Deno.lint.RuleContext): (node: Deno.lint.Node) => boolean {
  const lines = sourceCode.text.split("\n");
  return ({ range }) => {
    let at = sourceCode.text.slice(0, range[0]).split("\n").length - 1;
    if (BOUND.test(lines[at]!)) return true;
    while (at > 0 && lines[--at]!.trimStart().startsWith("//")) {
      if (BOUND.test(lines[at]!)) return true;
    }
    return false;
  };
}
