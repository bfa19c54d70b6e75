/** Durable commits through the real writer, by size of the batch. */
import { openStore } from "../src/store/mod.ts";
import { messageDraft, range, seed } from "./seed.ts";

const CHANNELS = 10;
const folder = await Deno.makeTempDir({ prefix: "rookery_bench_" });
const { channelIds, userIds } = await seed(folder, {
  users: CHANNELS,
  channels: range(CHANNELS).map((at) => ({ name: `channel${at}`, members: [at] })),
});
const store = await openStore(folder);
let keys = 0;

for (const size of [1, 10, 100, 1000]) {
  Deno.bench({
    name: `commit ${size}`,
    group: "commit by batch size",
    baseline: size === 1,
    n: size === 1000 ? 100 : 300,
    warmup: 10,
    async fn() {
      await store.commit(
        range(size).map((at) => {
          const key = `bench-${(++keys).toString(36).padStart(9, "0")}`;
          return messageDraft(channelIds[at % CHANNELS]!, userIds[at % CHANNELS]!, { key });
        }),
      );
    },
  });
}

// Nothing can be awaited at the end: the writer's thread ends with the process.
addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
