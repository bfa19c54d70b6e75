/**
 * The lint rule that no text is folded before its length was asked: composing (`normalize`) takes quadratic time for texts made
 * on purpose, so each use says in a comment what bounds its text. In the core, which all of the world's texts reach, this
 * holds for changing case and comparing, too.
 *
 * @module
 */
import { excuses } from "./linear_pattern.ts";

const EVERYWHERE = new Set(["normalize", "localeCompare"]);
const IN_CORE = new Set(["toLowerCase", "toUpperCase", "toLocaleLowerCase", "toLocaleUpperCase"]);

export const statedBound: Deno.lint.Rule = {
  create(context) {
    const file = context.filename.replaceAll("\\", "/");
    if (!/\/src\//.test(file)) return {};
    const inCore = /\/src\/(?:chat|text)\//.test(file);
    const isExcused = excuses(context);
    return {
      CallExpression(node) {
        if (node.callee.type !== "MemberExpression" || node.callee.property.type !== "Identifier") return;
        const { name } = node.callee.property;
        if (!EVERYWHERE.has(name) && !(inCore && IN_CORE.has(name))) return;
        if (isExcused(node) || isExcused(node.callee.property)) return;
        context.report({
          node,
          message: `${name}() of a text whose length nobody asked`,
          hint: "Ask its length first, and say in a comment what bounds it: // bounded: …",
        });
      },
    };
  },
};
