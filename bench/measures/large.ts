/** Measures on a large file: 1,000,000 messages, 10,000 users. @module */
import { request } from "../../src/client/mod.ts";
import { openStore } from "../../src/store/mod.ts";
import { closeAll, connectAll, frameOf } from "../load/connection.ts";
import { Histogram, rounded } from "../load/histogram.ts";
import { range, seed } from "../seed.ts";
import { type ServerProcess, startServer } from "../server_process.ts";
import { CORES, temporaryFolder } from "./processes.ts";

const USERS = 10_000;
const MESSAGES = 1_000_000;
const CHANNELS = 100;
const MEMBERS = 100;
const STARTS = 5;
const PAGES = 3000;
const PAGE = 50;
const WARM_UP = 300;
/** A message has more than this on the wire. */
const MESSAGE_BYTES = 30;

/** (c) and (d), which share the file. */
export async function measureHistoryAndStart(): Promise<{ c: unknown; d: unknown }> {
  await using folder = await temporaryFolder();
  const { tokens, channelIds } = await seed(folder.path, {
    users: USERS,
    channels: range(CHANNELS).map((at) => ({
      name: `channel${at}`,
      members: range(MEMBERS).map((member) => at * MEMBERS + member),
    })),
    messages: MESSAGES,
  });
  const inside = await insideReader(folder.path, channelIds);
  const startsMs: number[] = [];
  for (let at = 0; at < STARTS; at++) {
    await using server = await startServer({ folder: folder.path, core: CORES.server });
    startsMs.push(rounded(server.startMs));
  }
  await using server = await startServer({ folder: folder.path, core: CORES.server });
  const overHttp = await pages(PAGES, (at) => {
    const channel = at % CHANNELS;
    return getPage(server, {
      token: tokens[channel * MEMBERS]!,
      channelId: channelIds[channel]!,
      before: before(at),
    });
  });
  const overSocket = await pagesOverSocket(server, { tokens, channelIds });
  return {
    c: { messages: MESSAGES, users: USERS, startsMs: startsMs.sort((a, b) => a - b).join(" ") },
    d: { overSocketMs: overSocket, overHttpMs: overHttp, insideReaderMs: inside },
  };
}

async function insideReader(folder: string, channelIds: readonly number[]) {
  await using store = await openStore(folder);
  return await pages(PAGES, (at) => {
    store.history(channelIds[at % CHANNELS]!, PAGE + 1, { before: before(at) });
  });
}

async function getPage(
  { url }: ServerProcess,
  { token, channelId, before }: { token: string; channelId: number; before: number },
): Promise<void> {
  const body = { channelId, position: { case: "before", value: before }, limit: PAGE } as const;
  const { messages } = await request(url, ["getHistory", body], { token });
  if (messages.length !== PAGE) throw new Error(`A page of ${messages.length}`);
}

/** The way clients take: a command on the open socket. */
async function pagesOverSocket(
  { socketUrl }: ServerProcess,
  { tokens, channelIds }: { tokens: readonly string[]; channelIds: readonly number[] },
) {
  const sockets = await connectAll(socketUrl, range(CHANNELS).map((channel) => tokens[channel * MEMBERS]!));
  const result = await pages(PAGES, async (at) => {
    const channel = at % CHANNELS;
    const position = { case: "before", value: before(at) } as const;
    const { promise, resolve } = Promise.withResolvers<Uint8Array>();
    const socket = sockets[channel]!;
    socket.onmessage = ({ data }) => resolve(data);
    const value = { channelId: channelIds[channel]!, position, limit: PAGE };
    socket.send(frameOf({ id: 2, body: { case: "getHistory", value } }));
    const page = await promise;
    if (page.length < PAGE * MESSAGE_BYTES) throw new Error(`A page of ${page.length} bytes`);
  });
  await closeAll(sockets);
  return result;
}

/** Somewhere in the channel, scattered and the same in every run. */
function before(at: number): number {
  return 300 + (Math.imul(at, 2_654_435_761) >>> 0) % (MESSAGES / CHANNELS - 300);
}

async function pages(count: number, page: (at: number) => void | Promise<void>) {
  const histogram = new Histogram();
  for (let at = -WARM_UP; at < count; at++) {
    const beforeMs = performance.now();
    await page(Math.abs(at));
    if (at >= 0) histogram.add(performance.now() - beforeMs);
  }
  return histogram.quantiles();
}
