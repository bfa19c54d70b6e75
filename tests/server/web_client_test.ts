import assert from "node:assert/strict";
import { landingPage } from "../../src/server/pages/fallback_pages.ts";
import { WebClient } from "../../src/server/pages/web_client.ts";
import { Rig } from "./rig.ts";

const encoder = new TextEncoder();
const FILES = new Map(
  Object.entries({
    "index.html": "<!doctype html>",
    "index.html.br": "page as brotli",
    "index.html.gz": "page as gzip",
    "assets/app-0123456789.js": "script",
    "assets/app-0123456789.js.br": "script as brotli",
    "inputs.txt": "not for anybody",
  }).map(([path, text]) => [path, encoder.encode(text)]),
);

function get(client: WebClient, path: string, headers: Record<string, string> = {}): Response | undefined {
  return client.respond(new Request(`http://localhost${path}`, { headers }), path);
}

Deno.test("W12 files named by their contents are kept for ever, the page is asked for anew", async () => {
  const client = await WebClient.of(FILES);
  const script = get(client, "/assets/app-0123456789.js")!;
  assert.equal(script.headers.get("cache-control"), "public, max-age=31536000, immutable");
  assert.equal(script.headers.get("content-type"), "text/javascript; charset=utf-8");
  const page = get(client, "/")!;
  assert.equal(page.headers.get("cache-control"), "no-cache");
  const etag = page.headers.get("etag")!;
  for (const value of [etag, `W/${etag}`, `"other", ${etag}`]) {
    const again = get(client, "/", { "if-none-match": value })!;
    assert.deepEqual([again.status, await again.text()], [304, ""]);
  }
  assert.equal(get(client, "/", { "if-none-match": '"other"' })!.status, 200);
  for (
    const path of ["/inputs.txt", "/index.html.br", "/assets", "/assets/", "/assets/../index.html", "/x"]
  ) {
    assert.equal(get(client, path), undefined, path);
  }
});

Deno.test("W12 the browser's encodings are respected", async () => {
  const client = await WebClient.of(FILES);
  const cases: [accept: string, encoding: string | null, body: string][] = [
    ["gzip, deflate, br, zstd", "br", "page as brotli"],
    ["gzip;q=0.8, br;q=0", "gzip", "page as gzip"],
    ["deflate", null, "<!doctype html>"],
    ["", null, "<!doctype html>"],
  ];
  const etags = new Set<string>();
  for (const [accept, encoding, body] of cases) {
    const response = get(client, "/", { "accept-encoding": accept })!;
    assert.deepEqual([response.headers.get("content-encoding"), await response.text()], [encoding, body]);
    assert.equal(response.headers.get("vary"), "accept-encoding");
    etags.add(response.headers.get("etag")!);
  }
  assert.equal(etags.size, 3, "each encoding has a tag of its own");
});

Deno.test("W12 the page carries a policy without exceptions, and takes no commands", async () => {
  await using rig = await Rig.start();
  const page = await fetch(rig.url);
  assert.match(await page.text(), /<script type="module" src="assets\/app-/, "run deno task web first");
  const policy = page.headers.get("content-security-policy")!;
  assert.doesNotMatch(policy, /unsafe|\*|https?:|data:/);
  for (const part of ["default-src 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'"]) {
    assert.ok(policy.includes(part), part);
  }
  assert.equal(page.headers.get("x-content-type-options"), "nosniff");
  assert.equal(page.headers.get("referrer-policy"), "no-referrer");
  const posted = await fetch(rig.url, { method: "POST" });
  assert.equal(posted.status, 405);
  await posted.body?.cancel();
});

Deno.test("a server whose client was not built says so", async () => {
  const client = await WebClient.of(new Map());
  assert.equal(client.built, false);
  assert.equal(get(client, "/"), undefined);
});

Deno.test({
  name: "the built page can be read by whatever user the server runs as",
  ignore: Deno.build.os === "windows",
  fn() {
    const { mode } = Deno.statSync(new URL("../../src/web/dist", import.meta.url));
    assert.equal(mode! & 0o005, 0o005);
  },
});

Deno.test("where the page was not built its stand-in is for reading alone, too", async () => {
  const ask = (method: string) =>
    landingPage(new Request("http://chat.test/", { method }), { name: "Rookery", version: "1.0.0" });
  for (const method of ["GET", "HEAD"]) assert.equal(ask(method).status, 200);
  for (const method of ["PUT", "DELETE", "FROB"]) {
    const refusal = ask(method);
    assert.equal(refusal.status, 405, method);
    await refusal.body?.cancel();
  }
});
