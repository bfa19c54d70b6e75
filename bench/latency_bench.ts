/** From send to the last receiver: one message at a time, over real sockets, through a real file. */
import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import type { CommandSchema } from "../src/wire/gen/rookery/v1/command_pb.ts";
import { ClientFrameSchema } from "../src/wire/gen/rookery/v1/frame_pb.ts";
import { range, seed } from "./seed.ts";
import { startServer } from "./server_process.ts";

const RECEIVERS = [1, 100, 425];
const OPEN = frameOf({ id: 1, body: { case: "open", value: {} } });

function frameOf(command: MessageInitShape<typeof CommandSchema>) {
  return toBinary(ClientFrameSchema, create(ClientFrameSchema, { commands: [command] }));
}

const folder = await Deno.makeTempDir({ prefix: "rookery_bench_" });
// The last user sends; their own copy comes too, and is not waited for.
const senderAt = Math.max(...RECEIVERS);
const { tokens, channelIds } = await seed(folder, {
  users: senderAt + 1,
  channels: RECEIVERS.map((count) => ({ name: `to${count}`, members: [...range(count), senderAt] })),
});
const server = await startServer({ folder });
addEventListener("unload", () => {
  server.kill();
  Deno.removeSync(folder, { recursive: true });
});

let missing = 0;
let all = () => {};

async function connect(token: string, onFrame: () => void): Promise<WebSocket> {
  const socket = new WebSocket(server.socketUrl, ["rookery.v1.proto", `bearer.${token}`]);
  socket.binaryType = "arraybuffer";
  await new Promise((resolve, reject) => [socket.onopen, socket.onerror] = [resolve, reject]);
  socket.send(OPEN);
  // The welcome and "caught up" share the first frame.
  await new Promise((resolve) => socket.onmessage = resolve);
  socket.onmessage = onFrame;
  return socket;
}

for (const token of tokens.slice(0, senderAt)) {
  await connect(token, () => {
    if (--missing === 0) all();
  });
}
const sender = await connect(tokens[senderAt]!, () => {});

for (const [at, count] of RECEIVERS.entries()) {
  const value = { channelId: channelIds[at]!, text: "A message of a usual length, no more." };
  const frame = frameOf({ id: 0, body: { case: "sendMessage", value } });
  Deno.bench({
    name: `send to the last of ${count}`,
    group: "end-to-end latency",
    baseline: count === 1,
    n: 300,
    warmup: 50,
    async fn() {
      missing = count;
      const received = new Promise<void>((resolve) => all = resolve);
      sender.send(frame);
      await received;
    },
  });
}
