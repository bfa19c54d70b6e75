/**
 * A storm of reconnects: all clients are cut off, a message each turn is said
 * into their channels meanwhile, and all come back at once with their cursors.
 *
 * @module
 */
import type { ResumeJob, ResumeResult } from "../protocol.ts";
import { delay, nowUs } from "./clock.ts";
import { closeAll, connectAll } from "./connect.ts";
import { FrameScanner, ITEM } from "./frames.ts";
import type { RawSocket } from "./raw_socket.ts";
import { connectRaw, frameOf } from "./rookery_proto.ts";
import type { Stdio } from "./stdio.ts";
import { textOf } from "./text.ts";
import { Tally } from "./tally.ts";
import { Timeline } from "./timeline.ts";
import { fromBinary } from "@bufbuild/protobuf";
import { ServerFrameSchema, type Welcome } from "../../../src/wire/gen/rookery/v1/frame_pb.ts";

const GIVE_UP_MS = 60_000;

interface Storm {
  readonly timeline: Timeline;
  readonly tally: Tally;
  startUs: number;
  reloads: number;
}

export async function resume(job: ResumeJob, stdio: Stdio): Promise<ResumeResult> {
  const before = performance.now();
  const cursors = await present(job);
  stdio.say({ type: "ready", connectMs: performance.now() - before });
  const startUs = await stdio.go();
  const channels = [...new Set(job.users.flatMap(({ channelIds }) => channelIds))];
  await speak(job, channels);
  const timeline = new Timeline();
  const storm: Storm = {
    timeline,
    tally: new Tally(new Timeline()),
    startUs: Math.max(startUs, nowUs()),
    reloads: 0,
  };
  const sockets: RawSocket[] = [];
  const all = Promise.all(
    job.users.map(({ token }, at) => comeBack({ job, token, cursors: cursors[at]! }, storm, sockets)),
  );
  // Whoever has not caught up by then is missing in the counts.
  await Promise.race([all, delay(GIVE_UP_MS)]);
  await closeAll(sockets);
  const expected = job.users.reduce((sum, { channelIds }) => sum + channelIds.length * job.missed, 0);
  return { caughtUp: timeline.take(), expected, counts: storm.tally.counts, reloads: storm.reloads };
}

/** Connects everybody, remembers where they are, and cuts them off. */
async function present(job: ResumeJob): Promise<Uint8Array[]> {
  const opens: Uint8Array[] = [];
  const sockets = await connectAll(job.users.map((user, at) => ({ ...user, at })), async ({ token, at }) => {
    const socket = await connectRaw(job.socketUrl, token);
    const welcome = await firstWelcome(socket);
    const cursors = welcome.channels.map(({ channel, headSeq }) => ({ stream: channel!.id, seq: headSeq }));
    cursors.push({ stream: welcome.user!.id, seq: welcome.userHeadSeq });
    opens[at] = frameOf({ id: 1, body: { case: "open", value: { epoch: welcome.epoch, cursors } } });
    return socket;
  });
  for (const socket of sockets) socket.cut();
  return opens;
}

async function firstWelcome(socket: RawSocket): Promise<Welcome> {
  const { promise, resolve } = Promise.withResolvers<Welcome>();
  socket.onmessage = (data) => {
    for (const { item } of fromBinary(ServerFrameSchema, data).items) {
      if (item.case === "reply" && item.value.result.case === "welcome") resolve(item.value.result.value);
    }
  };
  socket.start();
  socket.send(frameOf({ id: 1, body: { case: "open", value: {} } }));
  return await promise;
}

/** Says what all will have missed; resolves when the last is acknowledged. */
async function speak(job: ResumeJob, channels: readonly number[]): Promise<void> {
  for (const channelId of channels) {
    const author = job.users.find(({ channelIds }) => channelIds.includes(channelId))!;
    const socket = await connectRaw(job.socketUrl, author.token);
    let answers = 0;
    const { promise, resolve } = Promise.withResolvers<void>();
    const scanner = new FrameScanner({ reply: () => ++answers === job.missed && resolve() });
    socket.onmessage = (data) => scanner.scan(data);
    socket.start();
    for (let id = 1; id <= job.missed; id++) {
      const text = textOf(nowUs(), { measured: true, bytes: job.bytes });
      socket.send(frameOf({ id, body: { case: "sendMessage", value: { channelId, text } } }));
    }
    await promise;
    await closeAll([socket]);
  }
}

/** Reconnects one client; resolves when it has caught up. */
async function comeBack(
  { job, token, cursors }: { job: ResumeJob; token: string; cursors: Uint8Array },
  storm: Storm,
  sockets: RawSocket[],
): Promise<void> {
  const socket = await connectRaw(job.socketUrl, token);
  sockets.push(socket);
  const { promise, resolve } = Promise.withResolvers<void>();
  const receiver = storm.tally.receiver(false);
  const scanner = new FrameScanner({
    message: (stream, seq, place) => receiver.numbered(stream, seq, place, place),
    other: (stream, seq) => receiver.other(stream, seq),
    item(tag) {
      if (tag === ITEM.reload) storm.reloads++;
      if (tag !== ITEM.caughtUp) return;
      storm.timeline.record(nowUs() - storm.startUs);
      resolve();
    },
  });
  socket.onmessage = (data) => scanner.scan(data);
  socket.start();
  socket.send(cursors);
  await promise;
}
