import assert from "node:assert/strict";
import type { Plural } from "../../src/web/i18n/catalogue.ts";
import { de } from "../../src/web/i18n/de.ts";
import { en } from "../../src/web/i18n/en.ts";
import { chooseLanguage } from "../../src/web/i18n/language.ts";
import { minifiedCss } from "../../tools/web/minified_css.ts";

const WEB = new URL("../../src/web/", import.meta.url);

function placeholders(text: string): string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!).sort();
}

function variants(entry: string | Plural): string[] {
  return typeof entry === "string" ? [entry] : Object.values(entry);
}

function sources(folder = ""): string[] {
  return [...Deno.readDirSync(new URL(folder || ".", WEB))].flatMap((entry) => {
    const path = folder + entry.name;
    if (entry.isDirectory) return entry.name === "dist" ? [] : sources(`${path}/`);
    return /\.tsx?$/.test(path) ? [Deno.readTextFileSync(new URL(path, WEB))] : [];
  });
}

Deno.test("German says everything that English does, with the same values and all its plurals", () => {
  assert.deepEqual(Object.keys(de).sort(), Object.keys(en).sort());
  for (const [key, english] of Object.entries(en) as [keyof typeof en, string | Plural][]) {
    const german = de[key] as string | Plural;
    const wanted = placeholders(variants(english).at(-1)!);
    for (const text of variants(german)) {
      assert.deepEqual(placeholders(text), wanted, key);
      assert.notEqual(text, "");
    }
    if (typeof german === "string") continue;
    const { pluralCategories } = new Intl.PluralRules("de").resolvedOptions();
    assert.deepEqual(Object.keys(german).sort(), pluralCategories.sort(), key);
  }
});

Deno.test("every text is used", () => {
  const code = sources().join("\n");
  const unused = Object.keys(en).filter((key) => !code.includes(`"${key}"`));
  assert.deepEqual(unused, []);
});

Deno.test("the language is the chosen one, then the browser's, then English", () => {
  assert.equal(chooseLanguage(undefined, ["fr", "de-CH", "en"]), "de");
  assert.equal(chooseLanguage("en", ["de"]), "en");
  assert.equal(chooseLanguage(undefined, ["fr"]), "en");
});

Deno.test("the bundle is small", async () => {
  const assets = new URL("dist/assets/", WEB);
  const files = [...Deno.readDirSync(assets)].map(({ name }) => name);
  for (const ending of ["br", "gz"]) {
    const sizes = await Promise.all(
      files.filter((name) => new RegExp(`^app-.*\\.${ending}$`).test(name))
        .map(async (name) => (await Deno.stat(new URL(name, assets))).size),
    );
    const total = sizes.reduce((sum, size) => sum + size, 0);
    assert.equal(sizes.length, 2, "script and style sheet were built: deno task web");
    assert.ok(total < 150_000, `${total} bytes as ${ending}`);
  }
});

Deno.test("style sheets lose comments and spaces, and nothing else", () => {
  assert.equal(
    minifiedCss(
      'a {\n  color: red; /* why */\n}\n\n.b > .c,\n.d::after {\n  content: "a  { /* b */ }";\n  margin: 0 auto;\n}\n',
    ),
    'a{color: red}.b>.c,.d::after{content: "a  { /* b */ }";margin: 0 auto}',
  );
});
