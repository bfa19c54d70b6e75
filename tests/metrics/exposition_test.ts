import assert from "node:assert/strict";
import { Exposition } from "../../src/metrics/exposition.ts";
import { Histogram } from "../../src/metrics/histogram.ts";
import { LoopDelay } from "../../src/metrics/loop_delay.ts";
import { parseMetrics } from "./text_format.ts";

Deno.test("the text of each kind of metric", () => {
  const histogram = new Histogram([0.5, 1, 10]);
  for (const value of [0, 0.5, 0.75, 1, 11]) histogram.observe(value);
  const text = new Exposition()
    .counter("a_total", "All of a.", 3)
    .gauge("b", "B by kind.", [[{ kind: "x", place: "y" }, 1.5], [{ kind: "z" }, 1e-7]])
    .histogram("c_seconds", "Time of c.", histogram)
    .toString();
  assert.deepEqual(text.split("\n"), [
    "# HELP a_total All of a.",
    "# TYPE a_total counter",
    "a_total 3",
    "# HELP b B by kind.",
    "# TYPE b gauge",
    'b{kind="x",place="y"} 1.5',
    'b{kind="z"} 1e-7',
    "# HELP c_seconds Time of c.",
    "# TYPE c_seconds histogram",
    'c_seconds_bucket{le="0.5"} 2',
    'c_seconds_bucket{le="1"} 4',
    'c_seconds_bucket{le="10"} 4',
    'c_seconds_bucket{le="+Inf"} 5',
    "c_seconds_sum 13.25",
    "c_seconds_count 5",
    "",
  ]);
  assert.equal(parseMetrics(text).size, 3);
});

Deno.test("backslashes, line ends and quotes are escaped where the format asks for it", () => {
  const text = new Exposition().gauge("g", 'a\\b\n"c".', [[{ label: 'a\\b\n"c"' }, 1]]).toString();
  assert.equal(
    text,
    '# HELP g a\\\\b\\n"c".\n# TYPE g gauge\ng{label="a\\\\b\\n\\"c\\""} 1\n',
  );
  assert.deepEqual([...parseMetrics(text).keys()], ["g"]);
});

Deno.test("numbers that are none are written as Prometheus reads them", () => {
  const text = new Exposition()
    .gauge("g", "G.", [[{ is: "a" }, NaN], [{ is: "b" }, Infinity], [{ is: "c" }, -Infinity]])
    .toString();
  assert.match(text, /a"} NaN\n.*b"} \+Inf\n.*c"} -Inf\n$/);
  parseMetrics(text);
});

Deno.test("a loop that is blocked is seen to be late", async () => {
  using delay = new LoopDelay();
  const blockedUntilMs = performance.now() + 300;
  while (performance.now() < blockedUntilMs);
  while (delay.histogram.cumulative().at(-1) === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.ok(delay.histogram.sum > 0.19, `${delay.histogram.sum} s`);
  // On a busy machine there is another sample by now.
  const counts = delay.histogram.cumulative();
  assert.ok(counts.at(-1)! > counts[delay.histogram.bounds.indexOf(0.1)]!, "one was later than 100 ms");
});
