/** A file in the data folder that keeps what users have spent of their allowances. @module */
import type { KeptAllowances } from "../chat/allowances.ts";
import type { AllowanceStore, DiskReserve, Log } from "../chat/ports.ts";

const FILE = "allowances.json";
/** Some ten thousand users who have all spent much. */
const BYTES_MAX = 4 * 1024 * 1024;

export class AllowanceFile implements AllowanceStore {
  readonly #path: string;
  readonly #disk: DiskReserve | undefined;
  readonly #log: Log;
  #written = "[]";
  #writing: Promise<void> = Promise.resolve();

  /** For whoever holds the folder. */
  constructor(folder: string, { disk, log }: { readonly disk: DiskReserve | undefined; readonly log: Log }) {
    this.#path = `${folder}/${FILE}`;
    this.#disk = disk;
    this.#log = log;
  }

  read(): KeptAllowances | undefined {
    try {
      if (Deno.statSync(this.#path).size > BYTES_MAX) throw new Error(`${FILE} is too long`);
      const kept = parsed(Deno.readTextFileSync(this.#path));
      this.#written = JSON.stringify(kept.spent);
      return kept;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) this.#report(error);
      return undefined;
    }
  }

  write(kept: KeptAllowances): Promise<void> {
    return this.#writing = this.#writing.then(() => this.#write(kept)).catch((error) => this.#report(error));
  }

  async #write(kept: KeptAllowances): Promise<void> {
    const spent = JSON.stringify(kept.spent);
    const text = JSON.stringify(kept) + "\n";
    if (spent === this.#written || this.#disk?.take(text.length) === false) return;
    if (text.length > BYTES_MAX) throw new Error(`${FILE} would be too long`);
    const draft = `${this.#path}.part`;
    // Of one that was killed at this very place.
    await Deno.remove(draft).catch(unlessMissing);
    await Deno.writeTextFile(draft, text, { mode: 0o600, createNew: true });
    await Deno.rename(draft, this.#path);
    this.#written = spent;
  }

  #report(error: unknown): void {
    this.#log.report("allowances_not_kept", {
      reason: error instanceof Error ? error.message : String(error),
    });
  }
}

function unlessMissing(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}

/** Throws when the text is not of this program. */
function parsed(text: string): KeptAllowances {
  const { atMs, spent } = JSON.parse(text) as KeptAllowances;
  const isKept = Number.isFinite(atMs) && Array.isArray(spent) &&
    spent.every((one) =>
      Number.isFinite(one?.userId) && Number.isFinite(one.wholeMs) && typeof one.expense === "string"
    );
  if (!isKept) throw new Error(`${FILE} is not as the server writes it`);
  return { atMs, spent };
}
