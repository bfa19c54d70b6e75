import assert from "node:assert/strict";
import { type RookeryClient, Timeline } from "../../src/client/mod.ts";
import { Rig, until } from "../server/rig.ts";

interface Talk extends AsyncDisposable {
  readonly rig: Rig;
  readonly speaker: RookeryClient;
  readonly reader: RookeryClient;
  readonly channelId: number;
  /** Numbers of the messages, oldest first. */
  readonly seqs: readonly number[];
}

async function talk(messages: number): Promise<Talk> {
  const rig = await Rig.start();
  const [owner, person] = [await rig.owner(), await rig.person("paula")];
  const speaker = await rig.live(owner);
  const [channelId] = speaker.replica.channels.keys();
  const stored = await Promise.all(
    Array.from({ length: messages }, (_, i) => speaker.sendMessage(channelId!, `message ${i + 1}`)),
  );
  const reader = await rig.live(person, { windowMessages: 50 });
  return {
    rig,
    speaker,
    reader,
    channelId: channelId!,
    seqs: stored.map(({ seq }) => seq),
    async [Symbol.asyncDispose]() {
      await Promise.all([speaker.close(), reader.close()]);
      await rig[Symbol.asyncDispose]();
    },
  };
}

function texts(timeline: Timeline): string[] {
  return timeline.messages.map(({ text }) => text);
}

Deno.test("a timeline goes through all of history, holds few messages, and has no hole", async () => {
  await using it = await talk(200);
  using timeline = new Timeline(it.reader, it.channelId, { limit: 60, pageItems: 30 });
  timeline.following = false;
  await timeline.latest();
  const seen = new Set(texts(timeline));
  assert.equal(timeline.atEnd, true);
  while (!timeline.atStart) {
    await timeline.older();
    assert.ok(timeline.messages.length <= 60);
    const seqs = timeline.messages.map(({ seq }) => seq);
    const from = it.seqs.indexOf(seqs[0]!);
    assert.deepEqual(seqs, it.seqs.slice(from, from + seqs.length));
    for (const text of texts(timeline)) seen.add(text);
  }
  assert.equal(seen.size, 200);
  assert.equal(timeline.atEnd, false);
  while (!timeline.atEnd) await timeline.newer();
  assert.equal(texts(timeline).at(-1), "message 200");
  assert.ok(
    it.reader.replica.channels.get(it.channelId)!.messages.length <= 63,
    "the replica holds its window",
  );
});

Deno.test("messages far from the end follow edits, reactions and deletions", async () => {
  await using it = await talk(120);
  using timeline = new Timeline(it.reader, it.channelId, { limit: 40, pageItems: 20 });
  await timeline.around(it.seqs[20]!);
  let changes = 0;
  timeline.on("change", () => changes++);
  const [first, second, third] = timeline.messages;
  await it.speaker.editMessage(first!, "edited");
  await it.speaker.addReaction(second!, "👍");
  await it.speaker.deleteMessage(third!);
  await it.speaker.sendMessage(it.channelId, "not seen from here");
  await until("the changes are here", () => timeline.messages[2]?.deleted === true);
  assert.equal(timeline.messages[0]!.text, "edited");
  assert.equal(timeline.messages[1]!.reactions[0]!.emoji, "👍");
  assert.ok(changes >= 3);
  assert.ok(!texts(timeline).includes("not seen from here"));
});

Deno.test("at the end new messages push old ones out; a reader of old ones is left alone", async () => {
  await using it = await talk(30);
  using timeline = new Timeline(it.reader, it.channelId, { limit: 40, pageItems: 10 });
  await timeline.latest();
  for (let i = 0; i < 30; i++) await it.speaker.sendMessage(it.channelId, `new ${i}`);
  await until("the newest is here", () => texts(timeline).at(-1) === "new 29");
  assert.equal(timeline.messages.length, 20);
  assert.equal(timeline.atStart, false);

  timeline.following = false;
  await timeline.older();
  await timeline.older();
  assert.equal(timeline.messages.length, 40);
  const before = texts(timeline);
  await it.speaker.sendMessage(it.channelId, "left out");
  await until("it is known that there is more", () => !timeline.atEnd);
  assert.deepEqual(texts(timeline), before);
  timeline.following = true;
  await timeline.latest();
  assert.equal(texts(timeline).at(-1), "left out");
});

Deno.test("what happens while a page is on its way is not lost, and an overtaken page does no harm", async () => {
  await using it = await talk(60);
  using timeline = new Timeline(it.reader, it.channelId, { limit: 40, pageItems: 20 });
  const far = timeline.around(it.seqs[5]!);
  const latest = timeline.latest();
  const sent = Promise.all([1, 2, 3].map((n) => it.speaker.sendMessage(it.channelId, `during ${n}`)));
  await Promise.all([far, latest, sent]);
  await until("the newest is here", () => texts(timeline).at(-1) === "during 3");
  assert.deepEqual(texts(timeline).slice(-4), ["message 60", "during 1", "during 2", "during 3"]);
});

Deno.test("a reload empties the timeline, and asking without a connection rejects", async () => {
  await using it = await talk(20);
  using timeline = new Timeline(it.reader, it.channelId);
  await timeline.latest();
  it.reader.replica.reload(it.channelId, it.reader.replica.channels.get(it.channelId)!.headSeq);
  assert.deepEqual([texts(timeline), timeline.atEnd], [[], false]);
  await timeline.latest();
  assert.equal(timeline.messages.length, 20);
  await it.reader.close();
  await assert.rejects(timeline.around(it.seqs[3]!), { code: "unavailable" });
  assert.equal(timeline.loading, false);
});
