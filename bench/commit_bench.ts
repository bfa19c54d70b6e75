/** Durable commits through the real writer, by size of the batch. */
import { BatchRunner } from "../src/store/writer/batch_runner.ts";
import { encodeBatch } from "../src/store/writer/batch_codec.ts";
import { migrate, openForWriting } from "../src/store/database.ts";
import { openStore } from "../src/store/mod.ts";
import { messageDraft, range, seed } from "./seed.ts";

const CHANNELS = 10;
const SYNCHRONOUS_BATCH = 10;
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

// What the disk costs: the same statements at each level of "synchronous". The server always has FULL.
const cells = encodeBatch(
  range(SYNCHRONOUS_BATCH).map((at) => messageDraft(channelIds[at % CHANNELS]!, userIds[at % CHANNELS]!)),
);
for (const level of ["FULL", "NORMAL", "OFF"]) {
  const path = `${folder}/${level}.db`;
  migrate(path);
  const db = openForWriting(path);
  db.exec(`PRAGMA synchronous = ${level}`);
  const runner = new BatchRunner(db);
  Deno.bench({
    name: `synchronous = ${level}`,
    group: `commit of ${SYNCHRONOUS_BATCH} by synchronous level`,
    baseline: level === "FULL",
    n: 300,
    warmup: 10,
    fn: () => void runner.run(cells, Date.now()),
  });
}

// Nothing can be awaited at the end: the writer's thread ends with the process.
addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
