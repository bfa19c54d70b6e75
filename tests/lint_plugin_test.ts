import assert from "node:assert/strict";
import plugin from "../tools/lint_plugin.ts";

function findings(source: string, path = "/repo/src/chat/hub.ts"): string[] {
  return Deno.lint.runPlugin(plugin, path, source).map((finding) => finding.message);
}

Deno.test("the core may not see the world", () => {
  const worldly: Record<string, string> = {
    "const t = Date.now();": "Date.now",
    "const t = new Date();": "new Date()",
    "const t = Date();": "Date()",
    "const t = performance.now();": "performance",
    "const r = Math.random();": "Math.random",
    "const r = crypto.randomUUID();": "crypto",
    "setTimeout(() => {}, 1);": "setTimeout",
    "setInterval(f, 1);": "setInterval",
    "const later = setTimeout;": "setTimeout",
    "await fetch('http://x');": "fetch",
    "Deno.readTextFileSync('x');": "Deno",
    "globalThis.Deno.exit();": "globalThis",
    "const o = { console };": "console",
    "console.log(1);": "console",
    "import fs from 'node:fs';": '"node:fs"',
    "import type { X } from 'npm:x@1';": '"npm:x@1"',
    "export * from 'hash-wasm';": '"hash-wasm"',
    "export { x } from 'jsr:@std/x';": '"jsr:@std/x"',
    "const m = await import('./x.ts');": "import()",
  };
  for (const [source, what] of Object.entries(worldly)) {
    assert.deepEqual([...new Set(findings(source))], [`The core does not use ${what}`], source);
    assert.deepEqual(findings(source, "/repo/src/server/main.ts"), [], `${source} elsewhere`);
  }
});

Deno.test("the core may compute", () => {
  const pure = [
    "import { x } from './model.ts';",
    "export type { X } from '../chat/model.ts';",
    "queueMicrotask(() => {});",
    "await Promise.resolve();",
    "const d = new Date(clock.now());",
    "const m = Math.max(1, 2);",
    "const o = { fetch: 1, console: 2 }; o.console;",
    "interface Net { fetch(url: string): void; readonly crypto: number }",
    "class A { performance = 1; process() {} }",
    "const bytes = new TextEncoder().encode('x');",
  ];
  for (const source of pure) assert.deepEqual(findings(source), [], source);
});

Deno.test("private is written with a hash", () => {
  const sources = [
    "class A { private x = 1; }",
    "class A { private f() {} }",
    "class A { constructor(private x: number) {} }",
  ];
  for (const source of sources) {
    assert.deepEqual(findings(source, "/repo/src/server/a.ts"), ["`private` is gone at run time"], source);
  }
  assert.deepEqual(findings("class A { private constructor() {} }"), []);
  assert.deepEqual(findings("class A { #x = 1; protected y = 2; public z = this.#x; }"), []);
});
