/**
 * The project's own lint rules: the core stays pure, and what is private is
 * private at run time too, and commands print through one place.
 *
 * @module
 */
import { linearPattern } from "./linear_pattern.ts";
import { statedBound } from "./stated_bound.ts";

/** Globals through which the core would see the world, or time, or chance. */
const WORLDLY = new Set([
  "Deno",
  "WebSocket",
  "Worker",
  "console",
  "crypto",
  "fetch",
  "globalThis",
  "localStorage",
  "performance",
  "process",
  "self",
  "setImmediate",
  "setInterval",
  "setTimeout",
  "window",
]);

/** Whether an identifier is a name inside something else, such as `x.console` or `{ console: 1 }`. */
function isOnlyName(node: Deno.lint.Identifier): boolean {
  const parent = node.parent as Deno.lint.Node & { computed?: boolean; shorthand?: boolean };
  const at = (other: unknown) => (other as { range?: Deno.lint.Range } | null)?.range?.[0] === node.range[0];
  if (parent.type === "MemberExpression") return !parent.computed && at(parent.property);
  if ("key" in parent) return !parent.computed && !parent.shorthand && at(parent.key);
  return false;
}

function isIdentifier(node: Deno.lint.Node | null, name: string): boolean {
  return node?.type === "Identifier" && node.name === name;
}

const pureCore: Deno.lint.Rule = {
  create(context) {
    if (!/\/src\/(?:chat|text)\//.test(context.filename.replaceAll("\\", "/"))) return {};
    const report = (node: Deno.lint.Node, what: string) =>
      context.report({
        node,
        message: `The core does not use ${what}`,
        hint: "Take it through a port (src/chat/ports.ts)",
      });
    const checkSource = (source: Deno.lint.StringLiteral | null) => {
      if (source && !source.value.startsWith(".")) report(source, `"${source.value}"`);
    };
    return {
      Identifier(node) {
        if (WORLDLY.has(node.name) && !isOnlyName(node)) report(node, node.name);
      },
      MemberExpression(node) {
        if (isIdentifier(node.object, "Date") && isIdentifier(node.property, "now")) report(node, "Date.now");
        if (isIdentifier(node.object, "Math") && isIdentifier(node.property, "random")) {
          report(node, "Math.random");
        }
      },
      NewExpression(node) {
        if (isIdentifier(node.callee, "Date") && node.arguments.length === 0) report(node, "new Date()");
      },
      CallExpression(node) {
        if (isIdentifier(node.callee, "Date")) report(node, "Date()");
      },
      ImportExpression: (node) => report(node, "import()"),
      ImportDeclaration: (node) => checkSource(node.source),
      ExportAllDeclaration: (node) => checkSource(node.source),
      ExportNamedDeclaration: (node) => checkSource(node.source),
    };
  },
};

const hashPrivate: Deno.lint.Rule = {
  create(context) {
    const report = (node: Deno.lint.Node) =>
      context.report({ node, message: "`private` is gone at run time", hint: "Write #name" });
    const check = (node: Deno.lint.PropertyDefinition | Deno.lint.MethodDefinition) => {
      if (node.accessibility === "private") report(node);
    };
    return {
      PropertyDefinition: check,
      MethodDefinition(node) {
        // There is no #constructor, and the keyword does its work at compile time.
        if (node.kind !== "constructor") check(node);
      },
      TSParameterProperty(node) {
        // Deno 2.9 leaves `accessibility` of these undefined.
        if (context.sourceCode.getText(node).startsWith("private ")) report(node);
      },
    };
  },
};

/** Functions of the runtime that write to the terminal and wait for a key. */
const ASKING = new Set(["alert", "confirm", "prompt"]);
/** Where what is written was made harmless: in the one place for it, and by the drawing of the chat's screen. */
const SPEAKERS = /\/src\/cli\/(?:say|chat\/terminal)\.ts$/;

const saidSafely: Deno.lint.Rule = {
  create(context) {
    const path = context.filename.replaceAll("\\", "/");
    if (!path.includes("/src/cli/") || SPEAKERS.test(path)) return {};
    const report = (node: Deno.lint.Node, what: string) =>
      context.report({
        node,
        message: `${what} writes to the terminal what nobody made harmless`,
        hint: "Use src/cli/say.ts",
      });
    return {
      Identifier(node) {
        if (node.name === "console" && !isOnlyName(node)) report(node, node.name);
      },
      CallExpression({ callee }) {
        if (callee.type === "Identifier" && ASKING.has(callee.name)) report(callee, callee.name);
      },
      MemberExpression(node) {
        const text = context.sourceCode.getText(node);
        if (text === "globalThis.console") report(node, text);
        if (text !== "Deno.stdout" && text !== "Deno.stderr") return;
        const { parent } = node as { parent?: Deno.lint.Node };
        const asked = parent?.type === "MemberExpression" && isIdentifier(parent.property, "isTerminal");
        if (!asked) report(node, text);
      },
    };
  },
};

const plugin: Deno.lint.Plugin = {
  name: "rookery",
  rules: {
    "pure-core": pureCore,
    "hash-private": hashPrivate,
    "said-safely": saidSafely,
    "linear-pattern": linearPattern,
    "stated-bound": statedBound,
  },
};
export default plugin;
