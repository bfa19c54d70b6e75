import assert from "node:assert/strict";
import { toJsonString } from "@bufbuild/protobuf";
import type { ChannelChange, ChannelState, RookeryClient } from "../../src/client/mod.ts";
import { CommandSchema } from "../../src/wire/gen/rookery/v1/command_pb.ts";
import { CHANNEL, channelView, event, type ItemInit, ME, OTHER, sent } from "./fake_server.ts";
import { type Harness, liveHarness, reconnect } from "./harness.ts";
import { settle } from "./manual_clock.ts";

function channel(client: RookeryClient): ChannelState {
  return client.replica.channels.get(CHANNEL)!;
}

function texts(client: RookeryClient): string[] {
  return channel(client).messages.map(({ text }) => text);
}

function readMoved(userSeq: number, seq: number): ItemInit {
  return event(ME, userSeq, { body: { case: "readMoved", value: { channelId: CHANNEL, seq } } });
}

/** Asks for the newest page and answers with messages of these numbers. */
async function page({ server, client }: Harness, seqs: number[], rest: {
  before?: number;
  headSeq?: number;
  moreBefore?: boolean;
} = {}): Promise<void> {
  const { before, headSeq = 10, moreBefore = false } = rest;
  const reading = client.history(CHANNEL, before === undefined ? {} : { before });
  await settle();
  const messages = seqs.map((seq) => ({ channelId: CHANNEL, seq, authorId: OTHER, text: `page ${seq}` }));
  await server.socket.answer("getHistory", {
    case: "messagePage",
    value: { messages, moreBefore, moreAfter: before !== undefined, headSeq },
  });
  await reading;
}

Deno.test("messages, edits, reactions and deletions are folded", async () => {
  const { server, client } = await liveHarness();
  const kinds: string[] = [];
  client.on("message", ({ kind }) => kinds.push(kind));
  const body = { messageSeq: 11, emoji: "👍" };
  await server.socket.say(
    sent(11, "hello"),
    event(CHANNEL, 12, { body: { case: "messageEdited", value: { messageSeq: 11, text: "hello!" } } }),
    event(CHANNEL, 13, { body: { case: "reactionAdded", value: body } }),
    event(CHANNEL, 14, { actorId: ME, body: { case: "reactionAdded", value: body } }),
    event(CHANNEL, 15, { body: { case: "reactionRemoved", value: body } }),
    event(CHANNEL, 16, { body: { case: "messagePinned", value: { messageSeq: 11 } } }),
  );
  const [message] = channel(client).messages;
  assert.equal(message?.text, "hello!");
  assert.equal(message?.pinned, true);
  assert.equal(message?.editedMs, 1012);
  assert.deepEqual(message?.reactions.map(({ emoji, userIds }) => [emoji, userIds]), [["👍", [ME]]]);
  await server.socket.say(
    event(CHANNEL, 17, { body: { case: "messageDeleted", value: { messageSeq: 11 } } }),
    event(CHANNEL, 18, { body: { case: "reactionAdded", value: body } }),
    event(CHANNEL, 19, { body: { case: "messagePinned", value: { messageSeq: 11 } } }),
    event(CHANNEL, 20, { body: { case: "messageEdited", value: { messageSeq: 11, text: "back" } } }),
  );
  const tombstone = channel(client).messages[0]!;
  const { text, deleted, editedMs, reactions, pinned } = tombstone;
  assert.deepEqual([text, deleted, editedMs, reactions, pinned], ["", true, 0, [], false]);
  assert.deepEqual(kinds, ["sent", "edited", "reacted", "reacted", "reacted", "pinned", "deleted"]);
  await client.close();
});

Deno.test("an event that is held already is counted and ignored", async () => {
  const { server, client } = await liveHarness();
  await server.socket.say(sent(11), sent(12));
  await server.socket.say(sent(12, "again"), sent(11, "again"), sent(13));
  assert.deepEqual(texts(client), ["message 11", "message 12", "message 13"]);
  assert.equal(client.stats.doubled, 2);
  assert.equal(client.state.name, "live");
  await client.close();
});

Deno.test("a missing event makes the client ask for it on a new connection", async () => {
  const { server, clock, client } = await liveHarness();
  const first = server.socket;
  await first.say(sent(11), sent(13), sent(14));
  assert.equal(client.stats.gaps, 1);
  assert.equal(client.state.name, "waiting");
  await first.say(sent(12));
  await clock.advance(1000);
  await server.socket.welcome({ channels: [channelView({ headSeq: 14 })] }, [sent(12), sent(13), sent(14)]);
  assert.deepEqual(texts(client), [11, 12, 13, 14].map((seq) => `message ${seq}`));
  assert.equal(client.stats.gaps, 1);
  await client.close();
});

Deno.test("a hole that stays is told as a reload", async () => {
  const { server, clock, client } = await liveHarness();
  const reloads: unknown[] = [];
  client.on("reload", (reload) => reloads.push(reload));
  await server.socket.say(sent(13));
  await clock.advance(1000);
  await server.socket.welcome({}, [sent(13)]);
  assert.equal(client.state.name, "live");
  assert.deepEqual(reloads, [{ stream: CHANNEL, headSeq: 12 }]);
  assert.deepEqual(texts(client), ["message 13"]);
  await client.close();
});

Deno.test("reload drops what is held and continues at the head", async () => {
  const harness = await liveHarness();
  const { server, client } = harness;
  const reloads: number[] = [];
  client.on("reload", ({ stream }) => reloads.push(stream));
  await server.socket.say(sent(11));
  await reconnect(harness);
  await server.socket.welcome({ channels: [channelView({ headSeq: 5000, readSeq: 10, unread: 900 })] }, [
    { case: "reload", value: { stream: CHANNEL, headSeq: 5000 } },
    sent(5001),
  ]);
  assert.deepEqual(reloads, [CHANNEL]);
  assert.deepEqual(texts(client), ["message 5001"]);
  assert.equal(channel(client).unread, 901);
  assert.deepEqual(client.resumePoint().cursors.find(({ stream }) => stream === CHANNEL)?.seq, 5001);
  assert.equal(client.stats.gaps, 0);
  await client.close();
});

Deno.test("R2 more channels than a frame has room for cursors: the oldest continue at the head", async () => {
  for (const format of ["json", "proto"] as const) {
    const harness = await liveHarness({ format });
    const { server, client } = harness;
    const many = Array.from({ length: 2500 }, (_, index) => 4_294_960_000 + index);
    const at = (headSeq: number) => [CHANNEL, ...many].map((id) => channelView({ id, headSeq }));
    await reconnect(harness);
    await server.socket.welcome({ channels: at(4_294_900_000) });
    await reconnect(harness);
    await server.socket.accept();
    const open = server.socket.commands.at(-1)!;
    assert(open.body.case === "open");
    const streams = open.body.value.cursors.map(({ stream }) => stream);
    assert.equal(streams.length, 1500);
    assert(streams.includes(1) && streams.includes(ME) && streams.includes(many.at(-1)!));
    assert(!streams.includes(CHANNEL));
    assert(toJsonString(CommandSchema, open).length < 65_000);
    const view = { ...channelView({ headSeq: 4_294_900_002 }) };
    await server.socket.welcome({ channels: [view, ...at(4_294_900_000).slice(1)] }, [sent(4_294_900_003)]);
    assert.equal(client.state.name, "live");
    assert.deepEqual([client.stats.gaps, client.stats.reloads], [0, 1]);
    assert.deepEqual(texts(client), ["message 4294900003"]);
    await client.close();
  }
});

Deno.test("another epoch drops everything", async () => {
  const harness = await liveHarness();
  const { server, client } = harness;
  await server.socket.say(sent(11), sent(12));
  await reconnect(harness);
  await server.socket.welcome({ epoch: "e2", channels: [channelView({ headSeq: 9 })] }, [
    { case: "reload", value: { stream: CHANNEL, headSeq: 9 } },
    sent(10),
  ]);
  assert.deepEqual(texts(client), ["message 10"]);
  assert.equal(client.resumePoint().epoch, "e2");
  assert.equal(client.stats.doubled + client.stats.gaps, 0);
  await client.close();
});

Deno.test("losing the user's own stream while live brings a new welcome", async () => {
  const { server, clock, client } = await liveHarness();
  await server.socket.say({ case: "reload", value: { stream: ME, headSeq: 3000 } });
  assert.equal(client.state.name, "waiting");
  await clock.advance(1000);
  await server.socket.welcome({ userHeadSeq: 3000, channels: [] });
  assert.equal(client.replica.channels.size, 0);
  assert.equal(client.state.name, "live");
  await client.close();
});

Deno.test("channels come and go", async () => {
  const { server, client } = await liveHarness();
  const changes: string[] = [];
  client.on("channel", ({ channelId, change }: ChannelChange) => changes.push(`${channelId} ${change}`));
  await server.socket.say(
    event(ME, 5, { body: { case: "channelGained", value: { channelId: 30, role: 1 } } }),
    { case: "subscribed", value: channelView({ id: 30, headSeq: 2 }) },
    event(30, 3, { body: { case: "memberJoined", value: { userId: OTHER, role: 1 } } }),
    event(30, 4, { body: { case: "memberRoleChanged", value: { userId: ME, role: 2 } } }),
    event(30, 5, { body: { case: "channelUpdated", value: { channel: { id: 30, name: "renamed" } } } }),
  );
  const gained = client.replica.channels.get(30)!;
  assert.deepEqual([gained.channel.name, gained.role, [...gained.members]], ["renamed", 2, [[OTHER, 1], [
    ME,
    2,
  ]]]);
  await server.socket.say(
    event(30, 6, { body: { case: "memberLeft", value: { userId: OTHER, reason: 1 } } }),
    event(ME, 6, { body: { case: "channelLost", value: { channelId: 30, reason: 2 } } }),
    event(30, 7, { body: { case: "messageSent", value: { text: "too late" } } }),
  );
  assert.deepEqual(changes, ["30 gained", "30 members", "30 members", "30 updated", "30 members", "30 lost"]);
  assert.equal(client.replica.channels.has(30), false);
  assert.equal(client.stats.strays, 1);
  assert.equal(client.stats.gaps, 0);
  await client.close();
});

Deno.test("a membership that ended and began again while away is kept", async () => {
  const harness = await liveHarness();
  const { server, client } = harness;
  await reconnect(harness);
  await server.socket.welcome({ userHeadSeq: 6, channels: [channelView({ headSeq: 12 })] }, [
    event(ME, 5, { body: { case: "channelLost", value: { channelId: CHANNEL, reason: 1 } } }),
    event(ME, 6, { body: { case: "channelGained", value: { channelId: CHANNEL, role: 1 } } }),
    sent(11),
    sent(12),
  ]);
  assert.deepEqual(texts(client), ["message 11", "message 12"]);
  await client.close();
});

Deno.test("unread messages are counted once, and reading takes them back", async () => {
  const harness = await liveHarness();
  const { server, client } = harness;
  const counts = () => [channel(client).unread, channel(client).mentions];
  const mention = { text: "@me", mentionIds: [ME] };
  await server.socket.say(
    sent(11),
    event(CHANNEL, 12, { body: { case: "messageSent", value: mention } }),
    sent(13, "mine", ME),
  );
  assert.deepEqual(counts(), [2, 1]);
  await server.socket.say(readMoved(5, 11));
  assert.deepEqual(counts(), [1, 1]);
  await server.socket.say(
    event(CHANNEL, 14, { body: { case: "messageDeleted", value: { messageSeq: 12 } } }),
  );
  assert.deepEqual(counts(), [0, 0]);
  await reconnect(harness);
  const view = channelView({ headSeq: 16, readSeq: 11, unread: 2 });
  await server.socket.welcome({ userHeadSeq: 5, channels: [view] }, [sent(15), sent(16)]);
  assert.deepEqual(counts(), [2, 0]);
  await server.socket.say(sent(17), readMoved(6, 17));
  assert.deepEqual(counts(), [0, 0]);
  await client.close();
});

Deno.test("a deletion that the welcome has counted already is not taken off again when it is told", async () => {
  const harness = await liveHarness();
  const { server, client } = harness;
  await server.socket.say(sent(11), sent(12));
  assert.equal(channel(client).unread, 2);
  await reconnect(harness);
  await server.socket.welcome({ channels: [channelView({ headSeq: 12, readSeq: 10, unread: 1 })] });
  await server.socket.say(
    event(CHANNEL, 13, { body: { case: "messageDeleted", value: { messageSeq: 11 } } }),
  );
  assert.equal(channel(client).unread, 1);
  await client.close();
});

Deno.test("unread is an upper bound until history reaches back to what was read", async () => {
  const harness = await liveHarness();
  const { server, client } = harness;
  await reconnect(harness);
  await server.socket.welcome({ channels: [channelView({ headSeq: 10, readSeq: 2, unread: 8 })] });
  await server.socket.say(readMoved(5, 5));
  assert.equal(channel(client).unread, 8);
  await page(harness, [4, 5, 6, 7, 8, 9, 10], { moreBefore: true });
  assert.equal(channel(client).unread, 5);
  await client.close();
});

Deno.test("pages that continue what is held are taken in", async () => {
  const harness = await liveHarness();
  const { server, client } = harness;
  await server.socket.say(sent(11));
  await page(harness, [8, 9, 11], { moreBefore: true, headSeq: 11 });
  assert.deepEqual(texts(client), ["page 8", "page 9", "message 11"]);
  await page(harness, [2, 3], { before: 5, headSeq: 11 });
  assert.equal(channel(client).floorSeq, 7);
  await page(harness, [2, 7], { before: 8, headSeq: 11 });
  assert.deepEqual(texts(client), ["page 2", "page 7", "page 8", "page 9", "message 11"]);
  assert.equal(channel(client).floorSeq, 0);
  await server.socket.say(
    event(CHANNEL, 12, { body: { case: "messageEdited", value: { messageSeq: 7, text: "edited" } } }),
  );
  assert.equal(texts(client)[1], "edited");
  await client.close();
});

Deno.test("a page that is older than what is held, or lies apart, is left out", async () => {
  const harness = await liveHarness();
  const { server, client } = harness;
  await server.socket.say(sent(11), sent(12));
  await page(harness, [9, 10], { headSeq: 11 });
  await page(harness, [2, 3], { before: 4, headSeq: 12 });
  assert.deepEqual(texts(client), ["message 11", "message 12"]);
  assert.equal(channel(client).floorSeq, 10);
  await client.close();
});

Deno.test("the window drops its oldest messages, but not those that were fetched", async () => {
  const harness = await liveHarness({ windowMessages: 4 });
  const { server, client } = harness;
  for (let seq = 11; seq <= 16; seq++) await server.socket.say(sent(seq));
  assert.deepEqual(channel(client).messages.map(({ seq }) => seq), [13, 14, 15, 16]);
  assert.equal(channel(client).floorSeq, 12);
  await page(harness, [9, 10, 11, 12], { before: 13, moreBefore: true, headSeq: 16 });
  await server.socket.say(sent(17));
  assert.equal(channel(client).messages.length, 9);
  client.replica.trim(CHANNEL);
  assert.deepEqual(channel(client).messages.map(({ seq }) => seq), [14, 15, 16, 17]);
  await client.close();
});

Deno.test("typing ends with the message, or by itself", async () => {
  const { server, clock, client } = await liveHarness();
  const seen: unknown[] = [];
  client.on("typing", ({ userIds }) => seen.push(userIds));
  const typing: ItemInit = { case: "typing", value: { channelId: CHANNEL, userId: OTHER } };
  await server.socket.say(typing);
  await clock.advance(3000);
  await server.socket.say(typing);
  await clock.advance(5999);
  assert.deepEqual(seen, [[OTHER]]);
  await clock.advance(1);
  assert.deepEqual(seen, [[OTHER], []]);
  await server.socket.say(typing, sent(11));
  assert.deepEqual(seen, [[OTHER], [], [OTHER], []]);
  await client.close();
});

Deno.test("nobody types for an hour because the clock was put back", async () => {
  const { server, clock, client } = await liveHarness();
  await server.socket.say({ case: "typing", value: { channelId: CHANNEL, userId: OTHER } });
  clock.putBack(3600_000);
  await clock.advance(6000);
  assert.deepEqual(client.replica.typing(CHANNEL), []);
  await client.close();
});

Deno.test("users are remembered as the server's stream and pages tell of them", async () => {
  const { server, client } = await liveHarness();
  const user = { id: OTHER, name: "other", displayName: "Other" };
  const reading = client.getUsers([OTHER]);
  await settle();
  await server.socket.answer("getUsers", { case: "userPage", value: { users: [user] } });
  assert.equal((await reading).users[0]?.displayName, "Other");
  await server.socket.say(
    event(1, 6, { body: { case: "userUpdated", value: { user: { ...user, displayName: "Else" } } } }),
    event(1, 7, { body: { case: "userUpdated", value: { user: { id: ME, name: "me", role: 2 } } } }),
  );
  assert.equal(client.replica.users.get(OTHER)?.displayName, "Else");
  assert.equal(client.replica.me?.role, 2);
  await client.close();
});
