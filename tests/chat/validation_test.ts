/** What names, texts and emoji may look like. @module */
import assert from "node:assert/strict";
import fc from "fast-check";
import { ChatError } from "../../src/chat/error.ts";
import { DEFAULT_LIMITS } from "../../src/chat/limits.ts";
import {
  checkLine,
  checkMessageText,
  checkPassword,
  checkUserName,
  normalChannelName,
  normalDisplayName,
  normalEmoji,
  utf8Length,
} from "../../src/chat/validation.ts";

const limits = DEFAULT_LIMITS;

function takes(check: () => unknown): boolean {
  try {
    check();
    return true;
  } catch (error) {
    assert(error instanceof ChatError);
    return false;
  }
}

Deno.test("A3 login names are 2 to 32 of a-z 0-9 . _ -", () => {
  for (const name of ["ab", "a1", "0x", "a.b_c-d", "a".repeat(32)]) {
    assert(takes(() => checkUserName(name, limits)), name);
  }
  for (const name of ["", "a", "A1", "-a", ".a", "_a", "a b", "ä1", "a\n", "a".repeat(33), "аb", "a@b"]) {
    assert(!takes(() => checkUserName(name, limits)), name);
  }
});

Deno.test("A3 names that mean everybody are not for users, but for channels", () => {
  for (const name of ["channel", "all", "everyone", "here"]) {
    assert(!takes(() => checkUserName(name, limits)));
    assert(takes(() => normalChannelName(name, limits)));
  }
});

Deno.test("A3 display names are NFKC, trimmed, single-spaced", () => {
  assert.equal(normalDisplayName("  Ａnn \u00a0\u3000 Lee ", limits), "Ann Lee");
  assert.equal(normalDisplayName("Cafe\u0301", limits), "Café");
  assert.equal(normalDisplayName("", limits), "");
  for (const name of ["Ἀλέξανδρος", "张伟", "عبد الله", "O’Neill", "👩 Ann", "❤️"]) {
    assert(takes(() => normalDisplayName(name, limits)), name);
  }
});

Deno.test("A3 display names have no bidi, zero-width, control or invisible characters", () => {
  const bad = [
    0x00,
    0x0a,
    0x1b,
    0x7f,
    0x85,
    0xad,
    0x34f,
    0x61c,
    0x115f,
    0x180e,
    0x200b,
    0x200c,
    0x200d,
    0x200e,
    0x200f,
    0x2028,
    0x2029,
    0x202a,
    0x202b,
    0x202c,
    0x202d,
    0x202e,
    0x2060,
    0x2066,
    0x2067,
    0x2068,
    0x2069,
    0x3164,
    0xfeff,
    0xffa0,
    0xfffc,
    0xe0001,
    0xe0041,
    0xe000,
    0xd800,
  ];
  for (const code of bad) {
    const name = `a${String.fromCodePoint(code)}b`;
    assert(!takes(() => normalDisplayName(name, limits)), `U+${code.toString(16)}`);
  }
  assert(!takes(() => normalDisplayName("ä".repeat(65), limits)));
});

Deno.test("A3 joiners, tags and selectors are in display names where a script or an emoji is made of them", () => {
  const right = [
    "علی\u200cرضا",
    "ශ්\u200dරී",
    "क्\u200d",
    "क्\u200cष",
    "👩\u200d💻 Ada",
    "Ada 🏴\u{e0067}\u{e0062}\u{e0077}\u{e006c}\u{e0073}\u{e007f}",
    "❤\ufe0f",
    "1\ufe0f\u20e3",
    "ℹ\ufe0f Info",
    "❤\ufe0e",
  ];
  for (const name of right) assert.equal(normalDisplayName(name, limits), name, name);
  const wrong = [
    "علی\u200c",
    "\u200cرضا",
    "ر\u200cضا",
    "علی\u200dرضا",
    "a\u200cb",
    "Ada\u200d",
    "ශ්\u200d\u200dරී",
    "👩\u200d",
    "👩\u200dA",
    "🏴\u{e0067}\u{e0062}",
    "A\u{e0067}\u{e007f}",
    "a\ufe0f",
    "\ufe0f",
    "張\u{e0100}",
  ];
  for (const name of wrong) assert(!takes(() => normalDisplayName(name, limits)), JSON.stringify(name));
});

Deno.test("A3 something of a display name can be seen", () => {
  const blank = [
    0x2800,
    0x3164,
    0xffa0,
    0x115f,
    0x1160,
    0xfe0f,
    0x1d173,
    0x1bca0,
    0x1d159,
    0x16fe4,
    0x345,
    0x20e3,
  ];
  for (const code of blank) {
    const name = String.fromCodePoint(code);
    for (const text of [name, ` ${name}${name}`]) {
      assert(!takes(() => normalDisplayName(text, limits)), `U+${code.toString(16)}`);
    }
  }
});

Deno.test("A3 a folded display name stays as it is", () => {
  const unit = fc.constantFrom(..."aÄ ﬁ①ｱ\u0301\u0327\u200c\u200d\ufe0f\u20e3ℹ1™👩💻क्رعල්ර\u3000");
  fc.assert(fc.property(fc.array(unit, { maxLength: 12 }), (units) => {
    let once: string;
    try {
      once = normalDisplayName(units.join(""), limits);
    } catch {
      return;
    }
    assert.equal(normalDisplayName(once, limits), once);
  }));
});

Deno.test("A13 channel names are of every script, stored in small letters and composed", () => {
  const stored: Record<string, string> = {
    "büro": "büro",
    "BU\u0308RO": "büro",
    "公告": "公告",
    "ﬁﬁ": "fifi",
    "ＡＢＣ": "abc",
    "Новости": "новости",
    "dev-новости": "dev-новости",
    "東京tokyo": "東京tokyo",
    "ประกาศ": "ประกาศ",
    "هم\u200cاندیشی": "هم\u200cاندیشی",
    "שלום-2": "שלום-2",
    "straße": "straße",
    "0x": "0x",
    "𞤀𞤁": "𞤢𞤣",
    ["ж".repeat(32)]: "ж".repeat(32),
  };
  for (const [name, expected] of Object.entries(stored)) {
    assert.equal(normalChannelName(name, limits), expected);
    assert.equal(normalChannelName(expected, limits), expected, "folding again");
  }
  const wrong = [
    "",
    "a",
    "ж".repeat(33),
    "-a",
    "\u0301a",
    "a b",
    "a\u00a0b",
    "a/b",
    "a#b",
    "ab\u200b",
    "a\u200cb",
    "ab\u202e",
    "ab\ufe0f",
    "\u3164\u3164",
    "ab😀",
    "pаypal",
    "αlpha",
    "dev-اخبار",
    "שלוםabc",
    "ab\ud800",
  ];
  for (const name of wrong) assert(!takes(() => normalChannelName(name, limits)), JSON.stringify(name));
});

Deno.test("M4 spellings of one emoji are one reaction, skin tones are several", () => {
  const canonical: Record<string, string> = {
    "❤": "❤\ufe0f",
    "❤\ufe0f": "❤\ufe0f",
    "👍\ufe0f": "👍",
    "👍": "👍",
    "👍🏽": "👍🏽",
    "☝\ufe0f": "☝\ufe0f",
    "☝🏽": "☝🏽",
    "❤\u200d🔥": "❤\ufe0f\u200d🔥",
    "1\u20e3": "1\ufe0f\u20e3",
    "🕵🏽\u200d♂": "🕵🏽\u200d♂\ufe0f",
    ":+1:": ":+1:",
  };
  for (const [emoji, expected] of Object.entries(canonical)) {
    assert.equal(normalEmoji(emoji, limits), expected, emoji);
    assert.equal(normalEmoji(expected, limits), expected);
  }
});

Deno.test("M1 messages are 1 byte to 16 KiB of valid Unicode, tabs and line breaks included", () => {
  for (
    const text of [
      "a",
      "\u200b.",
      "\u0600",
      "a\tb\r\nc",
      "👩‍👩‍👧",
      "\u202eabc",
      "x".repeat(16384),
      "ä".repeat(8192),
    ]
  ) {
    assert(takes(() => checkMessageText(text, limits)), text.slice(0, 20));
  }
  for (
    const text of [
      "",
      " \n\t",
      "\u200b",
      "\u200d \ufe0f\u2060\n",
      "\u3164\u115f\u00ad",
      "\u{e0041}\ufeff\u2800",
      "\u{1d159}\u{1d173}",
      "a\0",
      "a\u001b[31m",
      "\ud800",
      "a\udc00",
      "x".repeat(16385),
      "ä".repeat(8193),
    ]
  ) {
    assert(!takes(() => checkMessageText(text, limits)), JSON.stringify(text.slice(0, 20)));
  }
});

Deno.test("L1 M8 topics and device names are one line, and do not change the direction of what is beside them", () => {
  const rule = { what: "Topic", bytesMax: 10 };
  for (const text of ["äääää", "שלום", "a\u200fb", "❤\u200d🔥"]) {
    assert(takes(() => checkLine(text, rule)), text);
  }
  const bad = ["a\nb", "a\u2028b", "a\tb", "ääääää", "a\u202eb", "\u202a", "a\u2066b", "\u2069"];
  for (const text of bad) assert(!takes(() => checkLine(text, rule)), JSON.stringify(text));
});

Deno.test("M4 a reaction is one emoji or one :shortcode:", () => {
  for (const emoji of ["👍", "👍🏽", "❤️", "❤", "🇫🇷", "👩‍👩‍👧‍👦", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "1️⃣", ":+1:", ":party_parrot:"]) {
    assert(takes(() => normalEmoji(emoji, limits)), emoji);
  }
  for (
    const emoji of ["", "a", "1", "👍👍", "👍 ", "::", ":a b:", ":A:", "<b>", "\u200d", `:${"x".repeat(40)}:`]
  ) {
    assert(!takes(() => normalEmoji(emoji, limits)), emoji);
  }
});

Deno.test("A4 passwords have 8 to 72 bytes and no NUL", () => {
  for (const password of ["12345678", "x".repeat(72), "ä".repeat(36), "        "]) {
    assert(takes(() => checkPassword(password, limits)));
  }
  for (const password of ["", "1234567", "x".repeat(73), "ä".repeat(37), "1234567\0"]) {
    assert(!takes(() => checkPassword(password, limits)));
  }
});

Deno.test("utf8Length counts what an encoder would write", () => {
  const encoder = new TextEncoder();
  for (const text of ["", "abc", "äöü", "€", "😀", "a😀b€ä", "\uffff", "\u0800\u07ff"]) {
    assert.equal(utf8Length(text), encoder.encode(text).length, text);
  }
});
