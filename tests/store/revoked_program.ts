/** Opens a store, gives up all access to files, and goes on writing past a checkpoint. */
import { openStore } from "../../src/store/mod.ts";
import { ANN, CHANNEL, draft, message, put } from "./drafts.ts";

const folder = Deno.args[0]!;
await using store = await openStore(folder);
await Deno.permissions.revoke({ name: "write" });
const { state } = await Deno.permissions.revoke({ name: "read" });
for (let round = 0; round < 12; round++) {
  await put(store, ...Array.from({ length: 500 }, () => draft(ANN, message("x".repeat(2000)))));
}
const stored = store.history(CHANNEL, 10_000).length;
console.log(`read: ${state}, stored: ${stored}`);
