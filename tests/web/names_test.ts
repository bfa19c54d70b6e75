import assert from "node:assert/strict";
import { isJumbo } from "../../src/web/text/jumbo.ts";
import { initialsOf, isolated, plainName } from "../../src/web/text/names.ts";
import { eventually, webTest } from "./browser.ts";
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

Deno.test("a name from right to left keeps what stands beside it in its place", () => {
  for (const name of ["olga", "山田", "Ελένη", "👩\u200d💻 Ada", ""]) assert.equal(isolated(name), name);
  for (const name of ["נועה 2", "نور", "A نور"]) assert.equal(isolated(name), `\u2068${name}\u2069`);
});

webTest("sentences and lists with names from right to left stay in their order", async (web) => {
  const olga = await web.rig.owner();
  const [noa, ben] = await Promise.all(
    ["noa", "ben"].map(async (name) => await web.rig.live(await web.rig.person(name))),
  );
  await noa!.updateProfile("נועה");
  const { id } = await noa!.openDirect([olga.user.id, ben!.replica.me!.id]);
  const page = await web.open(olga, { path: `/#channel=${id}` });
  /** Whether the first of these words stands left of the second one. */
  const leftOf = (selector: string, first: string, second: string) =>
    page.locator(selector).evaluate((element, [first, second]) => {
      const placeOf = (word: string) => {
        const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) {
          const at = walker.currentNode.textContent!.indexOf(word);
          if (at < 0) continue;
          const range = document.createRange();
          range.setStart(walker.currentNode, at);
          range.setEnd(walker.currentNode, at + word.length);
          return range.getBoundingClientRect().left;
        }
        throw new Error(`No ${word} in ${element.textContent}`);
      };
      return placeOf(first!) < placeOf(second!);
    }, [first, second]);
  // Who watches later is not told of it.
  await eventually(() => {
    noa!.setTyping(id);
    return page.locator(".typing", { hasText: "is typing" }).count();
  }, 1);
  assert.equal(await leftOf(".typing", "נועה", "is typing"), true);
  // As the language of the page sorts them: Latin letters first.
  assert.equal(await leftOf(".room-head h2", "ben", "נועה"), true);
  await ben!.updateProfile("בני 2");
  await page.locator(".room-head h2", { hasText: "בני 2" }).waitFor();
  assert.equal(await leftOf(".room-head h2", "בני", "נועה"), true);
  for (const client of [noa!, ben!]) await client.close();
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
