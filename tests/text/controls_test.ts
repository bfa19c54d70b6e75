import assert from "node:assert/strict";
import fc from "fast-check";
import { hasControls, withoutControls } from "../../src/text/controls.ts";

Deno.test("control characters go, and nothing else does", () => {
  assert.equal(
    withoutControls("\u001b[1;31mred\u001b[0m\u0000 a\u0007\tb\u000bc\u0085d\ne"),
    "red a\tb\nc\nd\ne",
  );
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    assert.equal(hasControls(withoutControls(text)), false);
    if (!hasControls(text)) assert.equal(withoutControls(text), text.toWellFormed());
  }));
});
