/**
 * What one subscriber is owed next, as an immutable chain of chunks.
 *
 * All who are owed the same hold the same bundle, so that owing a chunk to a
 * thousand subscribers makes one object and not a thousand lists: those would
 * outlive the young generation, and collecting them would stop the server for
 * longer than all its sending takes.
 *
 * @module
 */
import type { Chunk, ItemEncoder } from "../ports.ts";

export class Bundle {
  readonly #encoder: ItemEncoder;
  readonly #before: Bundle | undefined;
  readonly #chunk: Chunk | undefined;
  /** The bundle that was last made of this one: neighbours mostly ask for the same. */
  #after: Bundle | undefined;
  #frame: Chunk | undefined;
  /** Number of chunks. */
  readonly length: number;

  private constructor(encoder: ItemEncoder, before?: Bundle, chunk?: Chunk) {
    this.#encoder = encoder;
    this.#before = before;
    this.#chunk = chunk;
    this.length = before ? before.length + 1 : 0;
  }

  /** The bundle that holds nothing, from which all others of one wire format are made. */
  static empty(encoder: ItemEncoder): Bundle {
    return new Bundle(encoder);
  }

  /** This and one chunk more. */
  with(chunk: Chunk): Bundle {
    const after = this.#after;
    if (after && after.#chunk === chunk) return after;
    return this.#after = new Bundle(this.#encoder, this, chunk);
  }

  /** All chunks as one, joined once for everybody. Only for bundles that hold something. */
  get frame(): Chunk {
    return this.#frame ??= this.length === 1 ? this.#chunk! : this.#encoder.join(this.#chunks());
  }

  #chunks(): Chunk[] {
    const chunks = new Array<Chunk>(this.length);
    // deno-lint-ignore no-this-alias -- it is where the walk begins
    let bundle: Bundle = this;
    for (let at = this.length - 1; at >= 0; at--) {
      chunks[at] = bundle.#chunk!;
      bundle = bundle.#before!;
    }
    return chunks;
  }
}
