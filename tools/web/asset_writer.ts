/** Files as the server hands them out. @module */
import { createHash } from "node:crypto";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const HASH_CHARS = 10;

export class AssetWriter {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    Deno.mkdirSync(`${folder}/assets`, { recursive: true });
  }

  /** Writes a file, with a brotli and a gzip twin; answers with its path relative to the page. */
  async add(name: string, text: string, { hashed = true } = {}): Promise<string> {
    const bytes = new TextEncoder().encode(text);
    const hash = createHash("sha256").update(bytes).digest("base64url").slice(0, HASH_CHARS);
    const path = hashed ? `assets/${name.replace(/\.(?=\w+$)/, `-${hash}.`)}` : name;
    const quality = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
    await Promise.all([
      Deno.writeFile(`${this.#folder}/${path}`, bytes),
      Deno.writeFile(`${this.#folder}/${path}.br`, brotliCompressSync(bytes, { params: quality })),
      Deno.writeFile(`${this.#folder}/${path}.gz`, gzipSync(bytes, { level: 9 })),
    ]);
    return path;
  }
}
