/** Stores in folders that are thrown away. @module */
import { openStore, type SqliteStore, type StoreOptions } from "../../src/store/mod.ts";

/** A folder that is removed when disposed. */
export class TempFolder implements AsyncDisposable {
  readonly path: string;

  constructor() {
    this.path = Deno.makeTempDirSync({ prefix: "rookery_store_" });
  }

  get database(): string {
    return `${this.path}/rookery.db`;
  }

  open(options?: StoreOptions): Promise<SqliteStore> {
    return openStore(this.path, options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.path, { recursive: true });
  }
}
