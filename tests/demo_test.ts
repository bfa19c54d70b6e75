/** The demo's comparison must see what it exists to see: doctored data shows that it does. @module */
import { deepStrictEqual as deepEqual, equal, match, ok, throws } from "node:assert/strict";
import { compare } from "../tools/demo/compare.ts";
import { countOf, FAULTS, type Finding } from "../tools/demo/findings.ts";
import type { CommandRecord, DeviceRecord, HeldChannel, HeldEvent, Segment } from "../tools/demo/ledger.ts";
import { parseOptions } from "../tools/demo/options.ts";
import { OptionError } from "../tools/options.ts";
import { commandKey, placeKey, type Truth } from "../tools/demo/truth.ts";
import { cutToBytes, markOf } from "../tools/demo/writer.ts";

const CHANNEL = 9;
const ADA = 3;
const BOB = 5;

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer I)[] ? I[] : T[K] };

interface World {
  ada: Mutable<DeviceRecord>;
  bob: Mutable<DeviceRecord>;
  log: HeldEvent[];
  truth: Truth;
}

/** Ada and Bob in one channel: Ada says three things, edits the first and deletes the second. */
function world(): World {
  const event = (seq: number, actorId: number, what: Partial<HeldEvent>): HeldEvent => ({
    stream: CHANNEL,
    seq,
    timeMs: 1000 + seq,
    actorId,
    kind: "messageSent",
    target: 0,
    text: "",
    ...what,
  });
  const log = [
    event(1, ADA, { kind: "memberJoined", target: ADA }),
    event(2, BOB, { kind: "memberJoined", target: BOB }),
    event(3, ADA, { text: "uno [demo 4]" }),
    event(4, ADA, { text: "" }),
    event(5, ADA, { text: "three [demo 3]" }),
    event(6, ADA, { kind: "messageEdited", target: 3, text: "uno [demo 4]" }),
    event(7, ADA, { kind: "messageDeleted", target: 4 }),
  ];
  const asSent = log.map((held) =>
    held.seq === 3
      ? { ...held, text: "one [demo 1]" }
      : held.seq === 4
      ? { ...held, text: "two [demo 2]" }
      : held
  );
  const command = (seq: number, name: CommandRecord["name"], text?: string): CommandRecord => ({
    userId: ADA,
    key: `key${seq}`,
    name,
    text,
    status: "acknowledged",
    stored: { stream: CHANNEL, seq, timeMs: 1000 + seq },
  });
  const commands = [
    command(3, "sendMessage", "one [demo 1]"),
    command(4, "sendMessage", "two [demo 2]"),
    command(5, "sendMessage", "three [demo 3]"),
    command(6, "editMessage", "uno [demo 4]"),
    command(7, "deleteMessage"),
  ];
  const message = (seq: number, text: string, more: { editedMs?: number; deleted?: boolean } = {}) => ({
    $typeName: "rookery.v1.Message" as const,
    channelId: CHANNEL,
    seq,
    authorId: ADA,
    timeMs: 1000 + seq,
    text,
    replyTo: 0,
    mentionIds: [],
    mentionChannel: false,
    editedMs: 0,
    deleted: false,
    reactions: [],
    pinned: false,
    ...more,
  });
  const messages = [
    message(3, "uno [demo 4]", { editedMs: 1006 }),
    message(4, "", { deleted: true }),
    message(5, "three [demo 3]"),
  ];
  const channel = (): HeldChannel => ({
    id: CHANNEL,
    role: 1,
    headSeq: 7,
    readSeq: 2,
    unread: 2,
    mentions: 0,
    floorSeq: 2,
    messages: messages.map((one) => ({ ...one })),
  });
  const device = (name: string, userId: number, format: "proto" | "json"): Mutable<DeviceRecord> => ({
    name,
    format,
    userId,
    segments: [
      { stream: 1, after: 0, events: [], end: "open" },
      { stream: userId, after: 0, events: [], end: "open" },
      { stream: CHANNEL, after: 2, events: asSent.slice(2), end: "open" },
    ],
    commands: [],
    channels: [channel()],
    stats: { events: 5, doubled: 0, gaps: 0, reloads: 0, strays: 0, connections: 1 },
  });
  const place = { role: 1, readSeq: 2, unread: 2, mentions: 0 };
  const truth: Truth = {
    streams: new Map([[CHANNEL, log]]),
    messages: new Map([[CHANNEL, messages]]),
    places: new Map([[placeKey(CHANNEL, ADA), place], [placeKey(CHANNEL, BOB), place]]),
    byKey: new Map(commands.map((one) => [commandKey(one), log[one.stored!.seq - 1]!])),
  };
  return { ada: { ...device("ada", ADA, "proto"), commands }, bob: device("bob", BOB, "json"), log, truth };
}

function counts({ ada, bob, truth }: World): Record<string, number> {
  const findings = compare([ada, bob], truth);
  return Object.fromEntries(
    FAULTS.map((fault) => [fault, countOf(findings, fault)] as const).filter(([, count]) => count > 0),
  );
}

function channelOf(device: DeviceRecord): Segment {
  return device.segments.find(({ stream }) => stream === CHANNEL)!;
}

Deno.test("nothing is wrong with what is right", () => {
  const { ada, bob, truth } = world();
  deepEqual(compare([ada, bob], truth), []);
});

Deno.test("a dropped event is lost", () => {
  const doctored = world();
  channelOf(doctored.bob).events.splice(2, 1);
  deepEqual(counts(doctored), { lost: 1 });
});

Deno.test("events that are dropped at the end are lost, in the format of their client", () => {
  const { ada, bob, truth } = world();
  channelOf(bob).events.splice(-2);
  const findings = compare([ada, bob], truth);
  equal(countOf(findings, "lost", "json"), 2);
  equal(countOf(findings, "lost", "proto"), 0);
});

Deno.test("an event that is handed over twice is doubled", () => {
  const doctored = world();
  const { events } = channelOf(doctored.bob);
  events.push(events[1]!);
  deepEqual(counts(doctored), { doubled: 1 });
});

Deno.test("two events that changed places are reordered", () => {
  const doctored = world();
  const { events } = channelOf(doctored.bob);
  [events[1], events[2]] = [events[2]!, events[1]!];
  deepEqual(counts(doctored), { reordered: 1 });
});

Deno.test("an event that says something else is lost", () => {
  const doctored = world();
  const { events } = channelOf(doctored.bob);
  events[0] = { ...events[0]!, text: "nobody said this" };
  deepEqual(counts(doctored), { lost: 1 });
});

Deno.test("an acknowledged command without an event is lost", () => {
  const doctored = world();
  const unstored: CommandRecord = { ...doctored.ada.commands[0]!, key: "forgotten" };
  doctored.ada.commands.push(unstored);
  deepEqual(counts(doctored), { lost: 1 });
});

Deno.test("a command that was never answered is lost, a fair refusal is not", () => {
  const doctored = world();
  const { stored: _, ...unanswered } = { ...doctored.ada.commands[0]!, key: "open", status: "sent" as const };
  doctored.ada.commands.push(unanswered);
  const refusal = { code: "not_found", message: "No such message" };
  doctored.ada.commands.push({ ...unanswered, key: "refused", status: "refused", refusal });
  deepEqual(counts(doctored), { lost: 1 });
});

Deno.test("a command that is stored twice is doubled", () => {
  const doctored = world();
  const again = { ...doctored.log[4]!, seq: 8, timeMs: 1008 };
  doctored.log.push(again);
  for (const device of [doctored.ada, doctored.bob]) {
    channelOf(device).events.push(again);
    device.channels[0] = { ...device.channels[0]!, headSeq: 8 };
  }
  deepEqual(counts(doctored), { doubled: 1 });
});

Deno.test("a wrong number of unread messages or mentions is miscounted, an upper bound is not", () => {
  for (
    const [wrong, found] of [[{ unread: 3 }, true], [{ mentions: 1 }, true], [
      { unread: 3, floorSeq: 3 },
      false,
    ]] as const
  ) {
    const doctored = world();
    doctored.bob.channels[0] = { ...doctored.bob.channels[0]!, ...wrong };
    deepEqual(counts(doctored).miscounted, found ? 1 : undefined);
  }
});

Deno.test("a message that is folded differently is lost", () => {
  for (const wrong of [{ text: "one [demo 1]" }, { deleted: true }, { editedMs: 0 }, { replyTo: 1 }]) {
    const doctored = world();
    const [held] = doctored.bob.channels;
    doctored.bob.channels[0] = {
      ...held!,
      messages: [{ ...held!.messages[0]!, ...wrong }, ...held!.messages.slice(1)],
    };
    deepEqual(counts(doctored), { lost: 1 }, JSON.stringify(wrong));
  }
});

Deno.test("a text that changed between the command and the database is lost", () => {
  const doctored = world();
  doctored.ada.commands[2] = { ...doctored.ada.commands[2]!, text: "thrée [demo 3]" };
  deepEqual(counts(doctored), { lost: 1 });
});

Deno.test("a stream that a member does not receive is lost, from the joining on", () => {
  const { ada, bob, truth } = world();
  bob.segments = bob.segments.filter(({ stream }) => stream !== CHANNEL);
  equal(countOf(compare([ada, bob], truth), "lost"), 6);
});

Deno.test("who has left is owed everything up to the leaving, and nothing behind it", () => {
  const left = (kept: number) => {
    const doctored = world();
    const leaving = {
      ...doctored.log[4]!,
      seq: 8,
      timeMs: 1008,
      actorId: BOB,
      kind: "memberLeft",
      target: BOB,
      text: "",
    };
    const behind = { ...leaving, seq: 9, actorId: ADA, kind: "channelCreated", target: 0 };
    doctored.log.push(leaving, behind);
    const truth = { ...doctored.truth, places: new Map(doctored.truth.places) };
    truth.places.delete(placeKey(CHANNEL, BOB));
    doctored.bob.channels = [];
    doctored.ada.channels[0] = { ...doctored.ada.channels[0]!, headSeq: 9 };
    channelOf(doctored.ada).events.push(leaving, behind);
    channelOf(doctored.bob).events.push(...[leaving, behind].slice(0, kept));
    channelOf(doctored.bob).end = "left";
    const command: CommandRecord = {
      userId: BOB,
      key: "go",
      name: "leaveChannel",
      text: undefined,
      status: "acknowledged",
    };
    doctored.bob.commands.push({ ...command, stored: { stream: CHANNEL, seq: 8, timeMs: 1008 } });
    truth.byKey = new Map([...truth.byKey, [commandKey(command), leaving]]);
    return counts({ ...doctored, truth });
  };
  deepEqual(left(0), { lost: 1 });
  deepEqual(left(1), {});
  deepEqual(left(2), { leaked: 1 });
});

Deno.test("what the SDK noticed on the wire counts", () => {
  const doctored = world();
  doctored.bob.stats = { ...doctored.bob.stats, doubled: 2, gaps: 1 };
  deepEqual(counts(doctored), { lost: 1, doubled: 2 });
});

Deno.test("findings say whose, where and what", () => {
  const { ada, bob, truth } = world();
  channelOf(bob).events.splice(2, 1);
  const [finding] = compare([ada, bob], truth) as [Finding];
  match(finding.what, /^bob: stream 9 .*lacks 5$/);
});

Deno.test("long texts are cut to the byte and between characters", () => {
  equal(cutToBytes("aé", 2), "a");
  equal(cutToBytes("a😀b", 5), "a😀");
  equal(markOf("text\n[demo 12]"), "[demo 12]");
  equal(markOf("[demo 12] text"), undefined);
});

Deno.test("options are checked", () => {
  deepEqual(parseOptions(["--seed", "7", "--clients", "6", "--messages=100", "--json"]), {
    seed: 7,
    clients: 6,
    messages: 100,
    json: true,
  });
  equal(parseOptions(["--help"]), undefined);
  ok(parseOptions([])!.clients >= 20);
  for (const args of [["--clients", "1"], ["--seed", "x"], ["--nope"], ["more"]]) {
    throws(() => parseOptions(args), OptionError, args.join(" "));
  }
});
