/**
 * Reads Prometheus' text format, version 0.0.4, and throws for whatever the
 * format or its customs forbid.
 *
 * @module
 */
import assert from "node:assert/strict";

export interface Family {
  readonly type: string;
  readonly help: string;
  /** By name and labels as they are written. */
  readonly samples: Map<string, number>;
}

const NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const HELP = new RegExp(`^# HELP (${NAME}) ((?:[^\\\\]|\\\\\\\\|\\\\n)+)$`);
const TYPE = new RegExp(`^# TYPE (${NAME}) (counter|gauge|histogram)$`);
const LABEL = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\]|\\\\\\\\|\\\\"|\\\\n)*"';
const NUMBER = "NaN|[+-]Inf|-?\\d+(?:\\.\\d+)?(?:e[+-]?\\d+)?";
const SAMPLE = new RegExp(`^(${NAME})((?:\\{${LABEL}(?:,${LABEL})*\\})?) (${NUMBER})$`);

export function parseMetrics(text: string): Map<string, Family> {
  assert.ok(text.endsWith("\n"), "the last line has an end");
  const families = new Map<string, Family>();
  const lines = text.slice(0, -1).split("\n");
  for (let at = 0; at < lines.length;) {
    const help = HELP.exec(lines[at]!);
    const type = TYPE.exec(lines[at + 1] ?? "");
    assert.ok(help && type, `a family begins with HELP and TYPE: ${lines[at]}`);
    const name = help[1]!;
    assert.equal(type[1], name);
    assert.ok(!families.has(name), `${name} is there once`);
    const samples = new Map<string, number>();
    for (at += 2; at < lines.length && !lines[at]!.startsWith("#"); at++) {
      const sample = SAMPLE.exec(lines[at]!);
      assert.ok(sample, `a sample: ${lines[at]}`);
      const suffixes = type[2] === "histogram" ? ["_bucket", "_sum", "_count"] : [""];
      assert.ok(suffixes.some((suffix) => sample[1] === name + suffix), `${sample[1]} belongs to ${name}`);
      const series = sample[1]! + sample[2]!;
      assert.ok(!samples.has(series), `${series} is there once`);
      samples.set(series, numberOf(sample[3]!));
    }
    const family = { type: type[2]!, help: help[2]!, samples };
    checkFamily(name, family);
    families.set(name, family);
  }
  return families;
}

function checkFamily(name: string, { type, help, samples }: Family): void {
  assert.ok(samples.size > 0, `${name} has a sample`);
  assert.match(help, /\.$/);
  assert.equal(type === "counter", name.endsWith("_total"), `${name} is a ${type}`);
  if (type === "counter") {
    for (const [series, value] of samples) assert.ok(value >= 0 && value < Infinity, `${series} ${value}`);
  } else if (type === "histogram") checkHistogram(name, samples);
}

function checkHistogram(name: string, samples: ReadonlyMap<string, number>): void {
  const buckets = [...samples].filter(([series]) => series.startsWith(`${name}_bucket`));
  const bounds = buckets.map(([series]) => numberOf(/^[^{]*\{le="(.+)"\}$/.exec(series)![1]!));
  assert.equal(bounds.at(-1), Infinity);
  for (const [at, [series, count]] of buckets.entries()) {
    if (at === 0) continue;
    assert.ok(bounds[at]! > bounds[at - 1]!, `bounds ascend at ${series}`);
    assert.ok(count >= buckets[at - 1]![1], `counts accumulate at ${series}`);
  }
  assert.equal(samples.get(`${name}_count`), buckets.at(-1)![1]);
  assert.ok(samples.get(`${name}_sum`)! >= 0);
  assert.equal(samples.size, buckets.length + 2);
}

function numberOf(text: string): number {
  return Number(text.replace("Inf", "Infinity"));
}
