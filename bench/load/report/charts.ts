/** Charts as SVG, drawn without a script: lines over a number, and bars. @module */

export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface ChartOptions {
  readonly title: string;
  readonly x: string;
  readonly y: string;
}

const WIDTH = 640;
const HEIGHT = 260;
const LEFT = 64;
const RIGHT = 24;
const TOP = 12;
const BOTTOM = 40;
const TICKS = 5;
/** Classes of the style sheet, so that colours follow light and dark. */
const COLOURS = 6;

export function lineChart(series: readonly Series[], { title, x, y }: ChartOptions): string {
  const points = series.flatMap((one) => one.points);
  if (points.length === 0) return "";
  const xs = points.map(([value]) => value);
  const xScale = scale([Math.min(...xs), Math.max(...xs)], [LEFT, WIDTH - RIGHT]);
  const yTicks = ticksUpTo(Math.max(...points.map(([, value]) => value)));
  const yScale = scale([0, yTicks.at(-1)!], [HEIGHT - BOTTOM, TOP]);
  const lines = series.map(({ name, points }, at) => {
    const colour = `c${at % COLOURS}`;
    const path = points.map(([px, py]) => `${xScale(px).toFixed(1)},${yScale(py).toFixed(1)}`).join(" ");
    const dots = points.length > 60
      ? ""
      : points.map(([px, py]) =>
        `<circle class="${colour}" cx="${xScale(px).toFixed(1)}" cy="${yScale(py).toFixed(1)}" r="3">` +
        `<title>${escaped(name)}: ${shown(px)} ${escaped(x)}, ${shown(py)} ${escaped(y)}</title></circle>`
      ).join("");
    return `<polyline class="${colour}" points="${path}"/>${dots}`;
  });
  const xTicks = [...new Set(xs.length <= TICKS ? xs : spread(Math.min(...xs), Math.max(...xs)))];
  return figure({
    title,
    legend: series.map(({ name }) => name),
    body: axes({ x, y, yTicks, yScale }) + xTicks.map((value) =>
      xTick(xScale(value), shown(value))
    ).join("") +
      lines.join(""),
  });
}

export function barChart(
  bars: readonly { readonly label: string; readonly value: number }[],
  options: ChartOptions,
): string {
  if (bars.length === 0) return "";
  const yTicks = ticksUpTo(Math.max(...bars.map(({ value }) => value)));
  const yScale = scale([0, yTicks.at(-1)!], [HEIGHT - BOTTOM, TOP]);
  const step = (WIDTH - LEFT - RIGHT) / bars.length;
  const body = bars.map(({ label, value }, at) => {
    const left = LEFT + at * step + step * 0.15;
    const top = yScale(value);
    return `<rect class="c0" x="${left.toFixed(1)}" y="${top.toFixed(1)}" width="${
      (step * 0.7).toFixed(1)
    }" ` +
      `height="${(HEIGHT - BOTTOM - top).toFixed(1)}"><title>${escaped(label)}: ${
        shown(value)
      }</title></rect>` +
      xTick(left + step * 0.35, label);
  });
  return figure({
    title: options.title,
    legend: [],
    body: axes({ ...options, yTicks, yScale }) + body.join(""),
  });
}

export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll(
    '"',
    "&quot;",
  );
}

function figure({ title, legend, body }: { title: string; legend: readonly string[]; body: string }): string {
  const names = legend.length < 2 && legend[0] === undefined
    ? ""
    : `<p class="legend">${
      legend.map((name, at) => `<span class="c${at % COLOURS}">■</span> ${escaped(name)}`).join("&ensp;")
    }</p>`;
  return `<figure><figcaption>${escaped(title)}</figcaption>${names}` +
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(title)}">${body}</svg></figure>`;
}

function axes(
  { x, y, yTicks, yScale }: {
    x: string;
    y: string;
    yTicks: readonly number[];
    yScale: (y: number) => number;
  },
): string {
  const lines = yTicks.map((tick) => {
    const at = yScale(tick).toFixed(1);
    return `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at}" y2="${at}"/>` +
      `<text class="y" x="${LEFT - 6}" y="${at}" dy="0.32em">${shown(tick)}</text>`;
  });
  return lines.join("") +
    `<text class="x" x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 6}">${escaped(x)}</text>` +
    `<text class="x" transform="translate(12 ${(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)">${
      escaped(y)
    }</text>`;
}

function xTick(at: number, label: string): string {
  return `<text class="x" x="${at.toFixed(1)}" y="${HEIGHT - BOTTOM + 16}">${escaped(label)}</text>`;
}

function scale(
  [from, to]: readonly [number, number],
  [start, end]: readonly [number, number],
): (value: number) => number {
  const span = to - from || 1;
  return (value) => start + (value - from) / span * (end - start);
}

/** Round numbers from 0 to at least the greatest value. */
function ticksUpTo(greatest: number): number[] {
  const raw = Math.max(greatest, 1e-6) / TICKS;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= raw)!;
  const count = Math.max(1, Math.ceil(greatest / step - 1e-9));
  return Array.from({ length: count + 1 }, (_, at) => at * step);
}

function spread(from: number, to: number): number[] {
  return Array.from({ length: TICKS + 1 }, (_, at) => Math.round(from + (to - from) * at / TICKS));
}

function shown(value: number): string {
  return value.toLocaleString("en", { maximumSignificantDigits: 4 });
}
