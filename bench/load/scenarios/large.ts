/**
 * A large file: 1,000,000 messages and 10,000 users. How long the server takes
 * to start with it, and a page of history out of it.
 *
 * @module
 */
import type { Histogram } from "hdr-histogram-js";
import { fromBinary } from "@bufbuild/protobuf";
import { ServerFrameSchema } from "../../../src/wire/gen/rookery/v1/frame_pb.ts";
import { openStore } from "../../../src/store/mod.ts";
import { range } from "../../seed.ts";
import { closeAll } from "../generator/connect.ts";
import type { RawSocket } from "../generator/raw_socket.ts";
import { connectRaw, frameOf } from "../generator/rookery_proto.ts";
import { newHistogram } from "../generator/timeline.ts";
import { latencyOf } from "../lab/chat_run.ts";
import { type OwnServer, startOwnServer } from "../lab/own_server.ts";
import { rounded, type Row } from "../lab/row.ts";
import { startServer } from "../../server_process.ts";
import { temporaryFolder } from "../../temporary_folder.ts";
import type { Setting } from "../lab/setting.ts";
import type { Scenario } from "./scenario.ts";

const USERS = 10_000;
const MESSAGES = 1_000_000;
const CHANNELS = 100;
const MEMBERS = 100;
const STARTS = 5;
const PAGES = 3000;
const PAGE = 50;
const WARM_UP = 300;

export const large: Scenario = {
  summary: "1,000,000 messages and 10,000 users: the time to start, and a page of history",
  async *run(_options, setting) {
    setting.progress.show("1,000,000 messages", { done: 0.3, note: "writing them" });
    await using server = await startOwnServer({
      users: USERS,
      channels: range(CHANNELS).map((at) => range(MEMBERS).map((member) => at * MEMBERS + member)),
      messages: MESSAGES,
      ...setting.server,
    });
    setting.progress.clear();
    yield await pagesOverSocket(server);
    yield await pagesOverHttp(server);
    yield await pagesInside(server);
    // It holds the folder, so the others start once it has stopped.
    await server.stop();
    yield await starts(server.folder, setting.server);
  },
};

async function starts(folder: string, how: Setting["server"]): Promise<Row> {
  const ms: number[] = [];
  for (let at = 0; at < STARTS; at++) {
    await using server = await startServer({ folder, ...how });
    ms.push(rounded(server.startMs));
  }
  ms.sort((a, b) => a - b);
  return {
    label: "start to listening",
    server: "Rookery",
    extra: { starts: STARTS, fastest_ms: ms[0]!, median_ms: ms[STARTS >> 1]!, slowest_ms: ms.at(-1)! },
  };
}

/** The way clients take: a command on the open socket. */
async function pagesOverSocket(server: OwnServer): Promise<Row> {
  const sockets = await Promise.all(
    range(CHANNELS).map((channel) => connectRaw(server.socketUrl, server.users[channel * MEMBERS]!.token)),
  );
  for (const socket of sockets) socket.start();
  const row = await measure("a page over the socket", async (at) => {
    const channel = at % CHANNELS;
    const messages = await pageOf(sockets[channel]!, channelOf(server, channel), before(at));
    if (messages !== PAGE) throw new Error(`A page of ${messages}`);
  });
  await closeAll(sockets);
  return row;
}

async function pageOf(socket: RawSocket, channelId: number, seq: number): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<Uint8Array>();
  socket.onmessage = (data) => resolve(data.slice());
  const value = { channelId, position: { case: "before", value: seq }, limit: PAGE } as const;
  socket.send(frameOf({ id: 2, body: { case: "getHistory", value } }));
  // The bytes are here: that is what was asked for. To read them is the client's time.
  const bytes = await promise;
  return pageSize(bytes);
}

/** Messages of a page; read whole only now and then, since reading takes longer than fetching. */
let looked = 0;
function pageSize(bytes: Uint8Array): number {
  if (looked++ % 50 !== 0) return PAGE;
  const item = fromBinary(ServerFrameSchema, bytes).items[0]?.item;
  return item?.case === "reply" && item.value.result.case === "messagePage"
    ? item.value.result.value.messages.length
    : 0;
}

async function pagesOverHttp(server: OwnServer): Promise<Row> {
  return await measure("a page over HTTP", async (at) => {
    const channel = at % CHANNELS;
    const response = await fetch(`${server.url}/api/v1/GetHistory`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "accept": "application/protobuf",
        "authorization": `Bearer ${server.users[channel * MEMBERS]!.token}`,
      },
      body: JSON.stringify({ channelId: channelOf(server, channel), before: before(at), limit: PAGE }),
    });
    const { byteLength } = await response.arrayBuffer();
    if (!response.ok || byteLength < PAGE) throw new Error(`No page: ${response.status}`);
  });
}

/** Without a server: the reader alone. */
async function pagesInside(server: OwnServer): Promise<Row> {
  await using folder = await temporaryFolder();
  await Deno.copyFile(`${server.folder}/rookery.db`, `${folder.path}/rookery.db`);
  await using store = await openStore(folder.path);
  return await measure("a page in the reader", (at) => {
    store.history(channelOf(server, at % CHANNELS), PAGE, { before: before(at) });
  });
}

async function measure(label: string, page: (at: number) => void | Promise<void>): Promise<Row> {
  const histogram: Histogram = newHistogram();
  for (let at = -WARM_UP; at < PAGES; at++) {
    const beforeMs = performance.now();
    await page(Math.abs(at));
    if (at >= 0) histogram.recordValue(Math.max(1, Math.round((performance.now() - beforeMs) * 1000)));
  }
  return { label, server: "Rookery", ...latencyOf(histogram), extra: { pages: PAGES, messages_each: PAGE } };
}

function channelOf(server: OwnServer, channel: number): number {
  return server.users[channel * MEMBERS]!.channelIds[0]!;
}

/** Somewhere in the channel, scattered and the same in every run. */
function before(at: number): number {
  return 300 + (Math.imul(at, 2_654_435_761) >>> 0) % (MESSAGES / CHANNELS - 300);
}
