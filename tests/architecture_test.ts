import assert from "node:assert/strict";
import { findProblems, importsOf } from "../tools/architecture.ts";

const ROOT = new URL("../", import.meta.url);

/** main.ts and every module of the program and of what stands around it. */
function readSources(): Map<string, string> {
  const files = new Map<string, string>();
  const visit = (folder: string): void => {
    for (const entry of Deno.readDirSync(new URL(folder, ROOT))) {
      const path = folder + entry.name;
      if (entry.isDirectory && entry.name !== "dist") visit(`${path}/`);
      else if (entry.isFile && /\.tsx?$/.test(path)) {
        files.set(path, Deno.readTextFileSync(new URL(path, ROOT)));
      }
    }
  };
  for (const folder of ["src/", "bench/", "tools/", "tests/"]) visit(folder);
  files.set("main.ts", Deno.readTextFileSync(new URL("main.ts", ROOT)));
  return files;
}

function problemsOf(files: Record<string, string>): string[] {
  return findProblems(new Map(Object.entries(files)));
}

Deno.test("the source keeps to its architecture", () => {
  const files = readSources();
  assert.ok(files.size > 10, "the sources were found");
  assert.deepEqual(findProblems(files), []);
});

Deno.test("every way to import is seen", () => {
  const source = [
    'import { a } from "./a.ts";',
    "import {\n  type B,\n  b,\n} from './b.ts';",
    'import type { C } from "./c.ts";',
    'export * from "./d.ts";',
    'export type {\n  E,\n} from "./e.ts";',
    'import "./f.ts";',
    '  const g = await import("./g.ts");',
    'new Worker(new URL("./h.ts", import.meta.url), { type: "module" });',
    'import i, { type I } from "i";',
    'const text = "see from ./x.ts";',
  ].join("\n");
  const expected = ["a", "b", "c", "d", "e", "f", "g", "h"].map((name) => `./${name}.ts`);
  assert.deepEqual(importsOf(source).sort(), [...expected, "i"].sort());
});

Deno.test("a wrong arrow is found", () => {
  const wrong: [path: string, target: string][] = [
    ["src/chat/delivery/hub.ts", "../../wire/codec.ts"],
    ["src/text/inline.ts", "../wire/gen/rookery/v1/command_pb.ts"],
    ["src/chat/delivery/hub.ts", "hash-wasm"],
    ["src/text/inline.ts", "../chat/model.ts"],
    ["src/text/inline.ts", "preact"],
    ["src/chat/delivery/hub.ts", "node:crypto"],
    ["src/wire/codec.ts", "../store/reader.ts"],
    ["src/store/reader.ts", "../auth/secrets.ts"],
    ["src/auth/secrets.ts", "@bufbuild/protobuf"],
    ["src/server/routes.ts", "../store/reader.ts"],
    ["src/server/routes.ts", "../auth/secrets.ts"],
    ["src/server/routes.ts", "../config.ts"],
    ["src/server/routes.ts", "npm:@bufbuild/protobuf@2/wkt"],
    ["src/client/client.ts", "../chat/model.ts"],
    ["src/client/client.ts", "node:net"],
    ["src/web/main.ts", "../wire/codec.ts"],
    ["src/web/main.tsx", "react"],
    ["src/web/ui/app.tsx", "../../server/server.ts"],
    ["src/cli/serve.ts", "../web/main.ts"],
    ["src/config/options.ts", "../auth/secrets.ts"],
    ["src/logger.ts", "./config.ts"],
    ["src/metrics/metrics.ts", "../store/reader.ts"],
    ["src/store/writer.ts", "../metrics/histogram.ts"],
    ["src/app.ts", "../tests/fakes.ts"],
    ["src/app.ts", "../bench/load.ts"],
    ["src/app.ts", "../main.ts.ts"],
    ["src/app.ts", "./cli/serve.ts"],
    ["src/app.ts", "./client/mod.ts"],
    ["src/app.ts", "./web/main.ts"],
    ["src/app/core.ts", "../cli/operator.ts"],
    ["src/app/core.ts", "@bufbuild/protobuf"],
    ["src/server/server.ts", "../app/core.ts"],
    ["src/takeover/estate.ts", "../app.ts"],
    ["main.ts", "./src/web/main.ts"],
  ];
  for (const [path, target] of wrong) {
    for (const source of [`import { x } from "${target}";`, `import type { X } from "${target}";`]) {
      const problems = problemsOf({ [path]: source });
      assert.equal(problems.length, 1, `${path} -> ${target}`);
      assert.ok(problems[0]!.startsWith(`${path} imports `));
    }
  }
});

Deno.test("around the program, tests know all, measurements the tools, and neither the other way", () => {
  const wrong = [
    ["tools/sdk.ts", "../bench/seed.ts"],
    ["tools/sdk.ts", "../tests/fakes.ts"],
    ["bench/seed.ts", "../tests/fakes.ts"],
  ];
  for (const [path, target] of wrong) {
    assert.deepEqual(problemsOf({ [path!]: `import { x } from "${target}";` }), [
      `${path} imports ${target!.slice(3)}`,
    ]);
  }
  const text = 'import "../bench/seed.ts"; import "../tools/sdk.ts"; import "../src/app.ts"; import "hono";';
  assert.deepEqual(problemsOf({ "tests/a_test.ts": text.replaceAll("; ", ";\n") }), []);
  const circle = { "tools/a.ts": 'import "./b.ts";', "tools/b.ts": 'import type { A } from "./a.ts";' };
  assert.deepEqual(problemsOf(circle), ["Circle: tools/a.ts -> tools/b.ts -> tools/a.ts"]);
});

Deno.test("a right arrow is not complained about", () => {
  assert.deepEqual(
    problemsOf({
      "src/chat/delivery/hub.ts": 'import { x } from "../ports.ts"; // import { y } from "../wire/y.ts";',
      "src/chat/ports.ts": '/** Not Deno.serve, not "node:sqlite". */',
      "src/wire/codec.ts":
        'import { create } from "@bufbuild/protobuf/codegenv2";\nimport "../chat/delivery/hub.ts";',
      "src/auth/worker.ts": 'import { bcrypt } from "hash-wasm";',
      "src/store/reader.ts": 'import { DatabaseSync } from "node:sqlite";',
      "src/server/listen.ts": "Deno.serve(() => {});",
      "src/config.ts": 'import { OPTIONS } from "./config/options.ts";',
      "src/config/options.ts": "",
      "src/app.ts": 'import "./app/core.ts";\nimport "./server/listen.ts";\nimport "./config.ts";',
      "src/app/core.ts": 'import "../store/reader.ts";\nimport "../wire/codec.ts";',
      "src/cli/user.ts": 'import "../app/core.ts";',
      "src/web/state.ts": 'import "../client/client.ts";\nimport "../text/mention.ts";',
      "src/chat/commands/messages.ts": 'import "../../text/mention.ts";',
      "src/text/mention.ts": "",
      "main.ts": 'import "./src/cli/serve.ts";',
    }),
    [],
  );
});

Deno.test("the core takes types of the contract, and nothing that runs", () => {
  const contract = "../wire/gen/rookery/v1/command_pb.ts";
  assert.deepEqual(problemsOf({ "src/chat/command.ts": `import type { Command } from "${contract}";` }), []);
  for (
    const source of [
      `import { type A, b } from "${contract}";`,
      `import type { A } from "${contract}";\nimport "${contract}";`,
    ]
  ) {
    const problems = problemsOf({ "src/chat/command.ts": source });
    assert.ok(
      problems.length > 0 && problems.every((problem) => problem.startsWith("src/chat/command.ts imports ")),
    );
  }
});

Deno.test("a circle is found, also one of types", () => {
  const problems = problemsOf({
    "src/chat/a.ts": 'import type { B } from "./b.ts";',
    "src/chat/b.ts": 'export { c } from "./c.ts";',
    "src/chat/c.ts": 'import {\n  type A,\n} from "./a.ts";',
  });
  assert.deepEqual(problems, ["Circle: src/chat/a.ts -> src/chat/b.ts -> src/chat/c.ts -> src/chat/a.ts"]);
});

Deno.test("what belongs to one area is not used elsewhere", () => {
  assert.deepEqual(problemsOf({ "src/app.ts": "const server = Deno.serve({}, f);" }), [
    "src/app.ts uses Deno.serve; only src/server does",
  ]);
  assert.deepEqual(problemsOf({ "src/cli/doctor.ts": 'import { DatabaseSync } from "node:sqlite";' }), [
    "src/cli/doctor.ts uses node:sqlite; only src/store does",
  ]);
});

Deno.test("a new area needs a rule", () => {
  assert.match(problemsOf({ "src/helpers/a.ts": "" })[0]!, /belongs to no known area/);
});
