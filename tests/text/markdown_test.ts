import assert from "node:assert/strict";
import { parseInline } from "../../src/text/inline.ts";
import type { Block, Inline } from "../../src/text/tree.ts";
import { parseMarkdown } from "../../src/text/markdown.ts";
import { workOf } from "../work.ts";

const PARSE = { module: new URL("../../src/text/markdown.ts", import.meta.url), name: "parseMarkdown" };
/** What a message may have, and what a frame may. */
const LENGTHS = [16_384, 65_536];
const WORK_MAX = 64 * 65_536;

/** Inline parts in a short notation: b(…) for bold and so on. */
function notation(parts: readonly Inline[]): string {
  return parts.map((part) => {
    if (typeof part === "string") return part;
    if (part.kind === "code") return `code(${part.text})`;
    if (part.kind === "mention") return `at(${part.name})`;
    if (part.kind === "link") {
      return `link(${part.address}${part.words === undefined ? "" : `|${part.words}`})`;
    }
    return `${part.kind[0]}(${notation(part.children)})`;
  }).join("");
}

function blockNotation(block: Block): string {
  switch (block.kind) {
    case "paragraph":
      return `p(${notation(block.children)})`;
    case "code":
      return block.language ? `code:${block.language}(${block.text})` : `code(${block.text})`;
    case "quote":
      return `q(${block.blocks.map(blockNotation).join("")})`;
    case "list":
      return block.items.map(({ marker, children }) => `li(${marker}|${notation(children)})`).join("");
  }
}

function assertInline(cases: readonly [text: string, parsed: string][]): void {
  for (const [text, parsed] of cases) assert.equal(notation(parseInline(text)), parsed, text);
}

function assertBlocks(cases: readonly [text: string, parsed: string][]): void {
  for (const [text, parsed] of cases) {
    assert.equal(parseMarkdown(text).map(blockNotation).join(""), parsed, text);
  }
}

Deno.test("emphasis is what stands close between its marks", () => {
  assertInline([
    ["plain", "plain"],
    ["", ""],
    ["**bold** and *italic* and _italic_", "b(bold) and i(italic) and i(italic)"],
    ["__bold__ ~~gone~~", "b(bold) s(gone)"],
    ["***both*** ___both___", "i(b(both)) i(b(both))"],
    ["***italic* in bold**", "b(i(italic) in bold)"],
    ["***bold** in italic*", "i(b(bold) in italic)"],
    ["*italic **bold***", "i(italic b(bold))"],
    ["**bold with *italic* inside**", "b(bold with i(italic) inside)"],
    ["~~gone **and bold**~~", "s(gone b(and bold))"],
    ["2*3*4 and snake_case_name and __init__.py", "2*3*4 and snake_case_name and b(init).py"],
    ["* not * this, ** nor ** this", "* not * this, ** nor ** this"],
    ["**never closed", "**never closed"],
    ["**a *b** c*", "b(a *b) c*"],
    ["~5 to ~6, ~~~x~~~, ****x****", "~5 to ~6, ~~~x~~~, ****x****"],
    ["🎉**bold**🎉 **🎉**", "🎉b(bold)🎉 b(🎉)"],
    ["(a)*(b)*(c)", "(a)*(b)*(c)"],
    ["two\n*lines\nhere*", "two\ni(lines\nhere)"],
  ]);
});

Deno.test("where no space stands between words, none is needed around marks", () => {
  assertInline([
    ["**重要**です", "b(重要)です"],
    ["これは**重要。**です", "これはb(重要。)です"],
    ["**「鍵」**を*使う*。", "b(「鍵」)をi(使う)。"],
    ["**중요**합니다", "b(중요)합니다"],
    ["นี่**สำคัญ**มาก", "นี่b(สำคัญ)มาก"],
    ["~~古い~~新しい", "s(古い)新しい"],
    ["变量_名称_是", "变量_名称_是"],
    ["un**believ**able", "un**believ**able"],
  ]);
});

Deno.test("code ends at as many backticks as began it", () => {
  assertInline([
    ["`code **not bold**`", "code(code **not bold**)"],
    ["`` with ` inside ``", "code(with ` inside)"],
    ["a ``` x`y ``` b", "a code(x`y) b"],
    ["`open", "`open"],
    ["`` a ` b", "`` a ` b"],
    ["` `", "` `"],
    ["`a\\`b", "code(a\\)b"],
  ]);
});

Deno.test("faces keep their marks", () => {
  const faces = [">_<", "^_^", "-_-", ";_;", "@_@", "=_=", "|_|", "$_$", "*_*", "(*_*)", "(*^_^*)", "*-*"];
  assertInline(faces.map((face) => [`${face} and ${face} ${face}`, `${face} and ${face} ${face}`]));
  assertInline([
    ["*!* _..._ **!**", "*!* _..._ b(!)"],
    ["(_“yes”_) -_yes_ _`a`_ _👍_", "(i(“yes”)) -i(yes) i(code(a)) i(👍)"],
    ['*_(both)_* **_"both"_**', 'i(i((both))) b(i("both"))'],
  ]);
});

Deno.test("a backslash goes only where the mark behind it would have acted", () => {
  assertInline([
    ["\\*not italic\\* \\*nor this*", "*not italic* *nor this*"],
    ["\\\\host\\share\\_dir", "\\\\host\\share\\_dir"],
    ["¯\\_(ツ)_/¯ ¯\\_(ツ)_/¯ ¯_(ツ)_/¯", "¯\\_(ツ)_/¯ ¯\\_(ツ)_/¯ ¯_(ツ)_/¯"],
    ["C:\\new\\*.txt", "C:\\new\\*.txt"],
    ["\\`code\\` \\@bob \\[a](https://example.org)", "`code` @bob [a](link(https://example.org))"],
    ["\\\\*italic*", "\\i(italic)"],
    ["\\\\\\*plain\\*", "\\*plain*"],
    ["\\", "\\"],
    ["\\n \\( \\) \\]", "\\n \\( \\) \\]"],
  ]);
  assertBlocks([
    ["\\> plain\n\\- plain\n1\\. plain\n\\* plain", "p(> plain\n- plain\n1. plain\n* plain)"],
    ["\\```\ntext", "p(```\ntext)"],
    ["\\>:( \\-", "p(\\>:( \\-)"],
    ["\\ > a\n\\ - a\n\\ 1. a", "p(\\ > a\n\\ - a\n\\ 1. a)"],
  ]);
});

Deno.test("addresses end before the marks of the sentence, in every script", () => {
  const url = "https://example.com";
  assertInline([
    ["see https://example.org/a_b_c.", "see link(https://example.org/a_b_c)."],
    ["(https://example.org/a(b))", "(link(https://example.org/a(b)))"],
    ["(see https://example.org/)", "(see link(https://example.org/))"],
    [`${url}/Foo_(bar))`, `link(${url}/Foo_(bar)))`],
    [`[text](${url}/Foo_(bar))`, `link(${url}/Foo_(bar)|text)`],
    [`([text](${url}))`, `(link(${url}|text))`],
    [`[${url}]`, `[link(${url})]`],
    [`${url}/[a]`, `link(${url}/[a])`],
    [`${url}，然后`, `link(${url})，然后`],
    [`（${url}/x）`, `（link(${url}/x)）`],
    [`见${url}`, `见link(${url})`],
    [`${url}然后 ${url}ครับ`, `link(${url})然后 link(${url})ครับ`],
    ["https://例え.jp/道?q=x", "link(https://例え.jp/道?q=x)"],
    ["https://zh.wikipedia.org/wiki/中文", "link(https://zh.wikipedia.org/wiki/中文)"],
    ["www.example.org, www. www.x awww.example.org", "link(www.example.org), www. www.x awww.example.org"],
    ["HTTPS://EXAMPLE.ORG", "link(HTTPS://EXAMPLE.ORG)"],
    [`**${url}** *${url}* **${url}**と`, `b(link(${url})) i(link(${url})) b(link(${url}))と`],
    ["[here](javascript:alert(1))", "[here](javascript:alert(1))"],
    ["[a b](https://x y)", "[a b](link(https://x) y)"],
    ["[](https://example.org)", "[](link(https://example.org))"],
    ["xhttps://example.org https:// http://.", "xhttps://example.org https:// http://."],
    ["http://[::1]:8080/x", "link(http://[::1]:8080/x)"],
  ]);
  for (const mark of "。、！？」』】》…।؟،؛։።၊។»”’—") {
    assertInline([[`${url}${mark}`, `link(${url})${mark}`], [`${url}/x${mark}`, `link(${url}/x)${mark}`]]);
  }
});

Deno.test("blocks", () => {
  assertBlocks([
    [
      "one\ntwo\n\n> quoted\n> > twice\n- a\n- **b**\n3. c\n```ts\nlet x;\n```\nend",
      "p(one\ntwo)q(p(quoted)q(p(twice)))li(-|a)li(-|b(b))li(3.|c)code:ts(let x;)p(end)",
    ],
    ["2. a\n5. b\n7) c\n007. d", "li(2.|a)li(5.|b)li(7)|c)li(007.|d)"],
    ["\n\na\r\nb\rc\n\n", "p(a\nb\nc)"],
    ["\n \n", "p( )"],
    ["\n\n", ""],
  ]);
});

Deno.test("faces and lone marks quote nothing", () => {
  assertBlocks([
    [">:(", "p(>:()"],
    [">_<\n>\n>>\n> ", "p(>_<\n>\n>>\n> )"],
    [">3 and >w<", "p(>3 and >w<)"],
    ["> a\n>\n> b", "q(p(a\n\nb))"],
    ["> a\n>\nb", "q(p(a))p(>\nb)"],
    [">> twice", "q(q(p(twice)))"],
    ["> > > > four", "q(q(q(p(> four))))"],
    ["> 引用", "q(p(引用))"],
  ]);
});

Deno.test("fences lose no words", () => {
  assertBlocks([
    ["```one line```", "code(one line)"],
    ["```hello world", "p(```hello world)"],
    ["```hello", "p(```hello)"],
    ["```hello world\nmore\n```", "code(hello world\nmore)"],
    ["```hello\n```", "code(hello)"],
    ["```hello``` world", "p(code(hello) world)"],
    ["```\ncode\n``` and more", "code(code\n``` and more)"],
    ["```` ```hello world ````", "code( ```hello world )"],
    ["````\n```\ninner\n```\n````\nafter", "code(```\ninner\n```)p(after)"],
    ["```\nnever closed", "code(never closed)"],
    ["```c++\nx\n```", "code:c++(x)"],
    ["~~~\ncode\n~~~", "code(code)"],
    ["~~~py\ncode\n```\n~~~~", "code:py(code\n```)"],
    ["~~~ hello ~~~\ntext", "p(~~~ hello ~~~\ntext)"],
    ["~~~\nnever closed", "p(~~~\nnever closed)"],
    ["> ```\n> a\n> ```\nb", "q(code(a))p(b)"],
    ["```echo `date`\nls\n```", "code(echo `date`\nls)"],
  ]);
});

Deno.test("the work for a message grows with its length, whatever it is made of", async () => {
  const parts = [
    ..."*_`[@>-\\(~|:.",
    ...[
      "](",
      "**a",
      "~~",
      "http://",
      "> ",
      "- ",
      "```\n",
      "a*",
      "` ",
      "``` ",
      "*a ",
      "a* ",
      "\\*",
      "\\`",
      "@a.",
      "_@a_",
    ],
    ...[
      "[a](http://",
      "~~~a\n",
      "www.a",
      "www.a.",
      "http://x.com然",
      "http://x)",
      "@\u0301",
      "1\\. x\n",
      "\\```\n",
      ">> ",
    ],
    ...["/@a", "***a** ", "[a](http://x(", "> ```\n", "交@a", "a@b@", "\u0301", "１"],
  ];
  const made = parts.flatMap((part) => ["", "x", " ", "\n"].map((other) => part + other));
  made.push("*a ".repeat(100) + "a* ".repeat(100), `@a${".".repeat(200)}b`);
  const texts = made.flatMap((part) => LENGTHS.map((length) => part.repeat(length / part.length)));
  texts.push("*a ".repeat(10_000) + "a* ".repeat(10_000), `@a${".".repeat(65_000)}b`);
  const work = await workOf(PARSE, texts);
  for (const [i, part] of made.entries()) {
    const [small, large] = work.slice(2 * i);
    const what = `${JSON.stringify(part)}: ${small}, ${large}`;
    assert.ok(large! < 5 * small! + 1_000, what);
    assert.ok(large! < WORK_MAX, what);
  }
  for (const count of work) assert.ok(count < WORK_MAX, `${count}`);
});
