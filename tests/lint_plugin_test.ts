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

const SLOW = "The pattern takes more than linear time";

Deno.test("patterns take linear time, or say what bounds their text", () => {
  const slow = [
    "const a = /[._-]+$/;",
    "const a = /[._-]*$/;",
    "text.replace(/^\\n+|\\n+$/g, '');",
    "const a = /(?:a|b)*c/;",
    "const a = /^(a+)+$/;",
    "const a = /^\\s*\\s*x$/;",
    "const a = /^([\\s\\S]*?)(\\S*)$/;",
    "const a = new RegExp('a+$', 'g');",
    "const a = RegExp('a+$');",
    "// linear, believe me\nconst a = /a+$/;",
    "// bounded:\nconst a = /a+$/;",
    "// bounded: 32 characters\nconst b = 1;\nconst a = /a+$/;",
  ];
  for (const source of slow) {
    const [first = "", ...more] = findings(source, "/repo/src/web/text/a.ts");
    assert(first.startsWith(SLOW) && more.length === 0, `${source} ${first}`);
  }
  assert.deepEqual(findings("const a = new RegExp(`${b}+`);", "/repo/src/cli/a.ts"), [
    "The pattern is made at run time, so nobody can tell how long it takes",
  ]);
});

Deno.test("patterns that take linear time are let be", () => {
  const linear = [
    "const a = /^[a-z]+$/;",
    "const a = /(?<![._-])[._-]+$/;",
    "text.split(/\\s+/);",
    "const a = /`+/y;",
    "const a = /^(?:\\p{RGI_Emoji}|\\s)+$/v;",
    "const a = new RegExp('^a+$');",
    "const a = /a+$/; // bounded: 32 characters",
    "// bounded: a login name,\n// at most 32 characters\nconst a = /a+$/;",
    "// bounded: 32 characters\nconst a = new RegExp(b);",
  ];
  for (const source of linear) assert.deepEqual(findings(source, "/repo/src/server/a.ts"), [], source);
  assert.deepEqual(findings("const a = /a+$/;", "/repo/tools/a.ts"), []);
});

Deno.test("nothing is folded before its length was asked", () => {
  const says = (name: string) => [`${name}() of a text whose length nobody asked`];
  for (const name of ["normalize", "localeCompare"]) {
    const source = `const a = text.${name}(b);`;
    assert.deepEqual(findings(source), says(name));
    assert.deepEqual(findings(source, "/repo/src/web/a.ts"), says(name));
    assert.deepEqual(findings(`// bounded: 128 bytes\n${source}`), []);
  }
  for (const name of ["toLowerCase", "toUpperCase"]) {
    const source = `const a = text\n  .trim()\n  .${name}();`;
    assert.deepEqual(findings(source), says(name));
    assert.deepEqual(findings(source, "/repo/src/server/a.ts"), []);
    assert.deepEqual(findings(source.replace("  .to", "  // bounded: 32 characters\n  .to")), []);
  }
});

Deno.test("commands print by say.ts alone", () => {
  const spoken: Record<string, string> = {
    "console.log(a);": "console",
    "console.error(a);": "console",
    "const { log } = console;": "console",
    "globalThis.console.log(a);": "globalThis.console",
    "alert(a);": "alert",
    "const b = prompt(a);": "prompt",
    "Deno.stdout.writeSync(a);": "Deno.stdout",
    "await Deno.stderr.write(a);": "Deno.stderr",
    "const writer = Deno.stdout.writable.getWriter();": "Deno.stdout",
    "const out = Deno.stderr;": "Deno.stderr",
  };
  for (const [source, what] of Object.entries(spoken)) {
    const says = [`${what} writes to the terminal what nobody made harmless`];
    for (const file of ["user.ts", "chat/line_mode.ts", "chat/say.ts", "doctor/disk.ts"]) {
      assert.deepEqual(findings(source, `/repo/src/cli/${file}`), says, `${file}: ${source}`);
    }
    for (const path of ["src/cli/say.ts", "src/cli/chat/terminal.ts", "src/logger.ts", "tools/a.ts"]) {
      assert.deepEqual(findings(source, `/repo/${path}`), [], `${path}: ${source}`);
    }
  }
  const harmless = [
    "say(a);",
    "const a = Deno.stdout.isTerminal() && Deno.stderr.isTerminal();",
    "new Logger({ console: true });",
    "const a = composer.prompt; const { prompt } = a; f(prompt);",
    "Deno.stdin.setRaw(true);",
  ];
  for (const source of harmless) assert.deepEqual(findings(source, "/repo/src/cli/a.ts"), [], source);
});
