import assert from "node:assert/strict";
import { isJumbo } from "../../src/web/text/jumbo.ts";
import { initialsOf, plainName } from "../../src/web/text/names.ts";
import { namesHost, openedUrl } from "../../src/web/text/opened_url.ts";

Deno.test("a few emoji alone are large", () => {
  for (const text of ["🎉", "👩‍👩‍👧‍👦 🏴‍☠️", "👍🏽👍"]) assert.equal(isJumbo(text), true, text);
  for (const text of ["a", "🎉!", "1", "🎉".repeat(6), ""]) assert.equal(isJumbo(text), false, text);
});

Deno.test("names lose what cannot be seen, and have initials in every script", () => {
  assert.equal(plainName("ol\u200Bga\u202E"), "olga");
  for (
    const name of [
      "علی\u200cرضا",
      "ශ්\u200dරී",
      "👩\u200d💻 Ada",
      "🏴\u{e0067}\u{e0062}\u{e0077}\u{e006c}\u{e0073}\u{e007f}",
    ]
  ) {
    assert.equal(plainName(name), name);
  }
  assert.equal(plainName(`Z${"\u0351".repeat(40)}`), `Z${"\u0351".repeat(3)}`);
  assert.equal(initialsOf("Ada Lovelace"), "AL");
  assert.equal(initialsOf("Jean-Luc van der Berg"), "JB");
  assert.equal(initialsOf("नमस्ते"), "न");
  assert.equal(initialsOf("👩\u200d💻 Ada"), "A");
  assert.equal(initialsOf("👩\u200d💻 🐦"), "👩\u200d💻");
  assert.equal(initialsOf(""), "");
});

Deno.test("a link says where it leads, and none leads where its words do not say", () => {
  assert.equal(openedUrl("www.example.org/x")?.href, "https://www.example.org/x");
  assert.equal(openedUrl("https://例え.jp/")?.host, "xn--r8jz45g.jp");
  for (
    const address of [
      "https://user@example.org/",
      "https://a:b@c/",
      "http://",
      `https://x/${"a".repeat(2100)}`,
    ]
  ) {
    assert.equal(openedUrl(address), undefined, address);
  }
  const url = openedUrl("https://example.org/x")!;
  for (const words of ["https://example.org/x", "example.org", "Example.org/y"]) {
    assert.ok(namesHost(words, url), words);
  }
  for (const words of ["here", "example.org.evil.net", "https://other.org/", "例え"]) {
    assert.ok(!namesHost(words, url), words);
  }
});
