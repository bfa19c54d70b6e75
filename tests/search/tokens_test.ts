import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { SEARCH_TABLES } from "../../src/search/search_tables.ts";
import { matchOf, placeToken, tokensOf } from "../../src/search/tokens.ts";

const TOKENS: readonly (readonly [text: string, tokens: string])[] = [
  ["Hello, brave new_world 2.0!", "hello brave new_world 2 0"],
  ["Straße, STRASSE, ﬁne", "strasse strasse fine"],
  ["Café, cafe\u0301, naïve, Ångström", "cafe cafe naive angstrom"],
  ["Ὀδυσσεύς ΟΔΥΣΣΕΥΣ", "οδυσσευσ οδυσσευσ"],
  ["Ёлка елка", "елка елка"],
  ["مُحَمَّد محمد مـــحمد", "محمد محمد محمد"],
  ["שָׁלוֹם שלום", "שלום שלום"],
  ["हिन्दी", "हिन्दी"],
  ["上海在东边", "上海 海在 在东 东边 边"],
  ["パソコン ﾊﾟｿｺﾝ", "パソ ソコ コン ン パソ ソコ コン ン"],
  ["한국어", "한국 국어 어"],
  ["iPhone15手机", "iphone15 手机 机"],
  ["Ship it 🚀🎉", "ship it 🚀 🎉"],
  ["co\u00adoperate می\u200cخواهم", "cooperate میخواهم"],
  ["\ue000c12 \ue000", "c12"],
  [" .,;- ", ""],
];

for (const [text, tokens] of TOKENS) {
  Deno.test(`tokens of ${JSON.stringify(text)}`, () => assert.equal(tokensOf(text).join(" "), tokens));
}

Deno.test("a word without an end is cut, also between two characters of one sign", () => {
  assert.deepEqual(tokensOf("a".repeat(9_999)), ["a".repeat(40)]);
  const [token] = tokensOf("𝒳ñ".repeat(99).replaceAll("𝒳", "𐐀"));
  assert.equal([...token!].length, 40);
  assert.ok(token!.isWellFormed());
});

Deno.test("text never has a token that says where a message stands", () => {
  for (const token of [placeToken.channel(1), placeToken.author(2), placeToken.mention(0), placeToken.link]) {
    assert.ok(!tokensOf(`x ${token} y`).includes(token));
    assert.equal(matchOf(token)?.includes(token) ?? false, false);
  }
});

Deno.test("what is looked for cannot be anything but words to the index", () => {
  assert.equal(matchOf('a" OR "b NEAR(c) *'), '"a" AND "or" AND "b" AND "near" AND "c"');
  assert.equal(matchOf("-- '' \"\" *"), undefined);
});

/** Letters of ten scripts; the last five have no spaces, or are taken as if they had none. */
const ALPHABETS = [
  "abcdeéßñ",
  "абвгдё",
  "αβγδές",
  "אבגדה",
  "ابجده",
  "कखगघि",
  "上海北京大学东边",
  "かきくけカキ",
  "한국어사람",
  "กขคงสวัดี",
];
const UNSPACED_FROM = 6;
const MESSAGES = 400;
const QUERIES = 1_500;

Deno.test("whatever has the words, or the characters in a row, is among the candidates", () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  const below = dice(seed);
  using db = new DatabaseSync(":memory:");
  db.exec(SEARCH_TABLES.schema);
  const put = db.prepare("INSERT INTO words (rowid, tokens) VALUES (?, ?)");
  const find = db.prepare("SELECT rowid FROM words WHERE words MATCH ?");
  const word = () => {
    const script = below(ALPHABETS.length);
    const letters = [...ALPHABETS[script]!];
    return {
      script,
      text: Array.from({ length: 1 + below(5) }, () => letters[below(letters.length)]).join(""),
    };
  };
  const messages = Array.from({ length: MESSAGES }, () => Array.from({ length: 1 + below(6) }, word));
  const texts = messages.map((words) => words.map(({ text }) => text).join(" "));
  for (const [at, text] of texts.entries()) put.run(at + 1, tokensOf(text).join(" "));
  for (let query = 0; query < QUERIES; query++) {
    const source = below(MESSAGES);
    const { script, text } = messages[source]![below(messages[source]!.length)]!;
    const characters = [...text];
    const from = script < UNSPACED_FROM ? 0 : below(characters.length);
    const to = script < UNSPACED_FROM ? characters.length : from + 1 + below(characters.length - from);
    const begun = below(2) === 0;
    const end = begun && script < UNSPACED_FROM ? 1 + below(to) : to;
    const wanted = characters.slice(from, end).join("");
    const match = matchOf(wanted, { begun });
    if (match === undefined) continue;
    const found = new Set(find.all(match).map(({ rowid }) => rowid));
    for (const [at, words] of messages.entries()) {
      const has = words.some((other) => {
        if (script >= UNSPACED_FROM) return other.text.includes(wanted);
        return begun ? other.text.startsWith(wanted) : other.text === wanted;
      });
      if (has) assert.ok(found.has(at + 1), `seed ${seed}: ${wanted} is in ${texts[at]} (${match})`);
    }
  }
});

/** Numbers that look random and are the same for the same seed (mulberry32). */
function dice(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}
