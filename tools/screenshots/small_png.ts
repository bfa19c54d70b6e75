/** Pictures of pages with 256 colors: a third of the bytes, and nobody sees it. @module */
import { crc32, deflateSync, inflateSync } from "node:zlib";

interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Bytes of one pixel: 3 or 4. */
  readonly channels: number;
  readonly data: Uint8Array;
}

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const COLORS = 256;

/** The same picture with a palette. Throws when it is not an opaque 8-bit PNG such as Chromium makes. */
export function smallPng(png: Uint8Array): Uint8Array<ArrayBuffer> {
  const pixels = decoded(png);
  const { palette, indexOf } = paletteOf(pixels);
  const { width, height, channels, data } = pixels;
  const rows = new Uint8Array((width + 1) * height);
  for (let y = 0, from = 0, to = 0; y < height; y++) {
    to++;
    for (let x = 0; x < width; x++, from += channels) {
      rows[to++] = indexOf(data[from]!, data[from + 1]!, data[from + 2]!);
    }
  }
  const header = new DataView(new ArrayBuffer(13));
  header.setUint32(0, width);
  header.setUint32(4, height);
  // 8 bits, palette, no filters of its own kind, not interlaced.
  header.setUint32(8, 0x08030000);
  return joined([
    SIGNATURE,
    chunk("IHDR", new Uint8Array(header.buffer)),
    chunk("PLTE", palette),
    chunk("IDAT", deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk("IEND", new Uint8Array()),
  ]);
}

function decoded(png: Uint8Array): Pixels {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const width = view.getUint32(16);
  const height = view.getUint32(20);
  const channels = ({ 2: 3, 6: 4 } as Record<number, number>)[png[25]!];
  if (png[24] !== 8 || channels === undefined || png[28] !== 0) {
    throw new Error("Not a PNG as Chromium makes it");
  }
  const parts: Uint8Array[] = [];
  for (let at = 8; at < png.length;) {
    const size = view.getUint32(at);
    const type = String.fromCharCode(...png.subarray(at + 4, at + 8));
    if (type === "IDAT") parts.push(png.subarray(at + 8, at + 8 + size));
    at += size + 12;
  }
  return {
    width,
    height,
    channels,
    data: unfiltered(inflateSync(joined(parts)), { width, height, channels }),
  };
}

/** Each row says how it was made from its neighbours (PNG specification, section 9). */
function unfiltered(rows: Uint8Array, { width, height, channels }: Omit<Pixels, "data">): Uint8Array {
  const stride = width * channels;
  const data = new Uint8Array(stride * height);
  for (let y = 0; y < height; y++) {
    const filter = rows[y * (stride + 1)]!;
    for (let x = 0; x < stride; x++) {
      const at = y * stride + x;
      const left = x >= channels ? data[at - channels]! : 0;
      const up = y > 0 ? data[at - stride]! : 0;
      const corner = x >= channels && y > 0 ? data[at - stride - channels]! : 0;
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter]!;
      data[at] = rows[y * (stride + 1) + 1 + x]! + guess;
    }
  }
  return data;
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

/** The colors that are there most, and for every other one the nearest of them. */
function paletteOf({ channels, data }: Pixels) {
  const counts = new Map<number, number>();
  for (let at = 0; at < data.length; at += channels) {
    const color = data[at]! << 16 | data[at + 1]! << 8 | data[at + 2]!;
    counts.set(color, (counts.get(color) ?? 0) + 1);
  }
  const colors = spread([...counts].sort((a, b) => b[1] - a[1]).map(([color]) => color));
  const known = new Map<number, number>();
  const indexOf = (red: number, green: number, blue: number) => {
    const color = red << 16 | green << 8 | blue;
    let index = known.get(color);
    if (index === undefined) known.set(color, index = nearest(colors, color).index);
    return index;
  };
  return { palette: Uint8Array.from(colors.flatMap((color) => parts(color))), indexOf };
}

/** Takes the frequent ones, leaving out those that are all but the same as one taken before. */
function spread(colors: readonly number[]): number[] {
  for (const distance of [400, 200, 100, 40, 0]) {
    const taken: number[] = [];
    for (const color of colors) {
      if (taken.length === COLORS) break;
      if (taken.length < 24 || nearest(taken, color).distance > distance) taken.push(color);
    }
    if (taken.length === COLORS || distance === 0) return taken;
  }
  return [];
}

function nearest(colors: readonly number[], color: number): { index: number; distance: number } {
  const [red, green, blue] = parts(color);
  let best = { index: 0, distance: Infinity };
  colors.forEach((other, index) => {
    const [r, g, b] = parts(other);
    const distance = 3 * (r - red) ** 2 + 4 * (g - green) ** 2 + 2 * (b - blue) ** 2;
    if (distance < best.distance) best = { index, distance };
  });
  return best;
}

function parts(color: number): [number, number, number] {
  return [color >> 16, color >> 8 & 255, color & 255];
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(data.length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(data, 8);
  view.setUint32(data.length + 8, crc32(bytes.subarray(4, data.length + 8)));
  return bytes;
}

function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
