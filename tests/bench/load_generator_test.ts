/** The load generator sees what is lost, doubled and out of order, and reads every frame right. @module */
import assert from "node:assert/strict";
import fc from "fast-check";
import { FrameScanner } from "../../bench/load/generator/frames.ts";
import { Tally } from "../../bench/load/generator/tally.ts";
import { intendedUsOf, textOf } from "../../bench/load/generator/text.ts";
import { Timeline } from "../../bench/load/generator/timeline.ts";
import { deal } from "../../bench/load/lab/generators.ts";
import type { ChatJob } from "../../bench/load/protocol.ts";
import type { Event } from "../../src/chat/event.ts";
import { Format } from "../../src/wire/format.ts";
import { encodeFrame, ENCODERS, type ProtoChunk } from "../../src/wire/server_codec.ts";
import { serverItem } from "../wire/arbitrary.ts";

const CHANNEL = 300;
const INTENDED_US = 1_764_031_234_567_123;

function message(seq: number, { measured = true, channel = CHANNEL } = {}): ProtoChunk {
  const text = textOf(INTENDED_US + seq, { measured, bytes: 40 });
  const value = { text, replyTo: 0, mentionIds: [], mentionChannel: false };
  const event: Event = {
    stream: channel,
    seq,
    timeMs: 1_764_031_234_567,
    actorId: 9,
    body: { case: "messageSent", value },
  };
  return encodeFrame({ case: "event", value: event }, Format.PROTO) as ProtoChunk;
}

function frame(...chunks: ProtoChunk[]): ProtoChunk {
  return ENCODERS[Format.PROTO]!.join(chunks) as ProtoChunk;
}

/** A receiver that is given frames, as the dialect gives them. */
function listener(tally: Tally): (bytes: Uint8Array) => void {
  const receiver = tally.receiver(true);
  const scanner = new FrameScanner({
    pass: (bytes, at) => receiver.pass(bytes, at),
    message: (stream, seq, place) => receiver.numbered(stream, seq, place, place),
    other: (stream, seq) => receiver.other(stream, seq),
  });
  return (bytes) => {
    receiver.arrive();
    scanner.scan(bytes);
  };
}

Deno.test("a text tells its intended time, and that of a warm-up tells none", () => {
  for (const bytes of [17, 40, 1000]) {
    const text = textOf(INTENDED_US, { measured: true, bytes });
    assert.equal(text.length, bytes);
    assert.equal(intendedUsOf(new TextEncoder().encode(text), 0), INTENDED_US);
  }
  const warmUp = new TextEncoder().encode(textOf(INTENDED_US, { measured: false, bytes: 40 }));
  assert.equal(intendedUsOf(warmUp, 0), 0);
});

Deno.test("every event of every kind is told with its stream and number", () => {
  fc.assert(fc.property(fc.array(serverItem, { maxLength: 4 }), (items) => {
    const expected = items.flatMap((item) =>
      item.case === "event" && item.value.stream > 0 && item.value.seq > 0
        ? [[item.value.stream, item.value.seq]]
        : []
    );
    // The server gives every event a stream and a number; the scanner rests on that.
    fc.pre(items.every((item) => item.case !== "event" || (item.value.stream > 0 && item.value.seq > 0)));
    const told: number[][] = [];
    const tell = (stream: number, seq: number) => void told.push([stream, seq]);
    // A message always has a text.
    fc.pre(
      items.every((item) =>
        item.case !== "event" || item.value.body?.case !== "messageSent" || item.value.body.value.text !== ""
      ),
    );
    const bytes = frame(...items.map((item) => encodeFrame(item, Format.PROTO) as ProtoChunk));
    new FrameScanner({ message: tell, other: tell }).scan(bytes);
    assert.deepEqual(told, expected);
  }));
});

Deno.test("a frame that is cut off is an error and not an endless loop", () => {
  const whole = frame(message(1), message(2));
  const errors = Array.from({ length: whole.length - 1 }, (_, size) => {
    try {
      new FrameScanner({ message: () => {} }).scan(whole.subarray(0, size + 1));
      return false;
    } catch {
      return true;
    }
  });
  assert(errors.filter((thrown) => thrown).length > 0);
});

Deno.test("what everybody gets is counted for everybody, whether read or passed over", () => {
  const tally = new Tally(new Timeline());
  const receivers = Array.from({ length: 5 }, () => listener(tally));
  const frames = [
    frame(message(100)),
    frame(message(101), message(102)),
    frame(...range(103, 400).map((seq) => message(seq))),
  ];
  for (const bytes of frames) for (const hear of receivers) hear(bytes);
  assert.deepEqual(tally.counts, {
    delivered: 5 * 301,
    received: 5 * 301,
    doubled: 0,
    reordered: 0,
    holes: 0,
    reloads: 0,
  });
});

Deno.test("loss, doubles and wrong order are seen, also in what is passed over", () => {
  const tally = new Tally(new Timeline());
  const all = range(1, 20).map((seq) => message(seq));
  listener(tally)(frame(...all));
  const other = listener(tally);
  other(frame(...all.slice(0, 5), ...all.slice(7)));
  assert.equal(tally.counts.holes, 2);
  other(frame(all.at(-1)!));
  assert.equal(tally.counts.doubled, 1);
  other(frame(all[5]!));
  assert.equal(tally.counts.reordered, 1);
});

Deno.test("a message of another channel with the same number is not taken for this one's", () => {
  const tally = new Tally(new Timeline());
  const hear = listener(tally);
  hear(
    frame(message(1), message(1, { channel: CHANNEL + 1 }), message(2), message(2, { channel: CHANNEL + 1 })),
  );
  const second = listener(tally);
  second(frame(message(1), message(2), message(2, { channel: CHANNEL + 1 })));
  assert.equal(tally.counts.received, 7);
  assert.equal(tally.counts.doubled, 0);
  assert.equal(tally.counts.holes, 0);
});

Deno.test("warm-up messages are delivered and not counted as received", () => {
  const tally = new Tally(new Timeline());
  listener(tally)(frame(message(1, { measured: false }), message(2)));
  assert.equal(tally.counts.delivered, 2);
  assert.equal(tally.counts.received, 1);
});

Deno.test("a job is dealt out whole: every user once, timed and deaf ones too", () => {
  const job: ChatJob = {
    kind: "chat",
    dialect: "relay",
    socketUrl: "ws://127.0.0.1:1",
    users: range(0, 10).map((at) => ({ token: String(at), channelIds: [0] })),
    receivers: { 0: 11 },
    everyMs: 1000,
    bytes: 40,
    warmUpMs: 0,
    measureMs: 1000,
    timed: 5,
    deaf: 2,
  };
  const jobs = deal(job, 3);
  assert.deepEqual(
    jobs.flatMap(({ users }) => users.map(({ token }) => Number(token))).sort((a, b) => a - b),
    range(0, 10),
  );
  assert.equal(jobs.reduce((sum, { timed }) => sum + timed, 0), 5);
  assert.equal(jobs.reduce((sum, { deaf }) => sum + deaf, 0), 2);
});

/** From the first to the last, both included. */
function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}
