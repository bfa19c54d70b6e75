/**
 * The text format in which Prometheus reads metrics, version 0.0.4:
 * https://prometheus.io/docs/instrumenting/exposition_formats/
 *
 * @module
 */
import type { Histogram } from "./histogram.ts";

export type Labels = Readonly<Record<string, string>>;
/** One number, or one for each set of labels. */
export type Samples = number | readonly (readonly [Labels, number])[];

/** Collects metrics and writes them down. Names and label names are the caller's and have to be valid. */
export class Exposition {
  readonly #lines: string[] = [];

  /** A number that only grows; its name ends in _total. */
  counter(name: string, help: string, samples: Samples): this {
    return this.#family(name, { help, type: "counter" }, samples);
  }

  /** A number that comes and goes. */
  gauge(name: string, help: string, samples: Samples): this {
    return this.#family(name, { help, type: "gauge" }, samples);
  }

  histogram(name: string, help: string, histogram: Histogram): this {
    const { bounds, sum } = histogram;
    const counts = histogram.cumulative();
    this.#head(name, { help, type: "histogram" });
    for (const [at, count] of counts.entries()) {
      this.#sample(`${name}_bucket`, { le: at < bounds.length ? numeral(bounds[at]!) : "+Inf" }, count);
    }
    this.#sample(`${name}_sum`, {}, sum);
    this.#sample(`${name}_count`, {}, counts.at(-1)!);
    return this;
  }

  toString(): string {
    return this.#lines.map((line) => `${line}\n`).join("");
  }

  #family(name: string, head: { help: string; type: string }, samples: Samples): this {
    this.#head(name, head);
    if (typeof samples === "number") this.#sample(name, {}, samples);
    else for (const [labels, value] of samples) this.#sample(name, labels, value);
    return this;
  }

  #head(name: string, { help, type }: { help: string; type: string }): void {
    this.#lines.push(`# HELP ${name} ${escaped(help)}`, `# TYPE ${name} ${type}`);
  }

  #sample(name: string, labels: Labels, value: number): void {
    const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapedLabel(text)}"`);
    const shown = pairs.length > 0 ? `{${pairs.join(",")}}` : "";
    this.#lines.push(`${name}${shown} ${numeral(value)}`);
  }
}

/** As Go reads a float, which is how Prometheus does. */
function numeral(value: number): string {
  return Number.isFinite(value) ? String(value) : Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
}

function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}

function escapedLabel(text: string): string {
  return escaped(text).replaceAll('"', '\\"');
}
