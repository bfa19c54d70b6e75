import assert from "node:assert/strict";
import { ChatError, Code } from "../../src/chat/error.ts";
import type { DraftEvent } from "../../src/chat/event.ts";
import { ChannelRole, LeaveReason, SERVER_STREAM } from "../../src/chat/model.ts";
import type { Check } from "./check.ts";
import {
  ALL,
  ANN,
  BOB,
  CHANNEL,
  channel,
  draft,
  edit,
  event,
  inChannel,
  invite,
  keyed,
  message,
  put,
  user,
} from "./drafts.ts";

/** One of every kind, in an order in which each makes sense. */
const EVERY_KIND: DraftEvent[] = [
  event(SERVER_STREAM, "userAdded", { user: user(ANN, "ann") }),
  event(SERVER_STREAM, "userUpdated", { user: user(ANN, "ann", { displayName: "Ann 'Ä' 🐦" }) }),
  event(ANN, "passwordChanged", { passwordHash: "secret hash" }),
  event(ANN, "sessionStarted", { sessionId: 50, device: "phone", tokenHash: "secret token" }),
  event(SERVER_STREAM, "inviteCreated", { inviteId: 60, invite: invite(60) }),
  event(SERVER_STREAM, "inviteUsed", { inviteId: 60, creatorId: ANN }),
  event(SERVER_STREAM, "inviteRevoked", { inviteId: 60 }),
  event(SERVER_STREAM, "serverUpdated", { name: "Nest 'Ä' 🐦" }),
  inChannel("channelCreated", { channel: channel(CHANNEL, "nest") }),
  inChannel("channelUpdated", { channel: channel(CHANNEL, "nest", { topic: "eggs" }) }),
  inChannel("memberJoined", { userId: ANN, role: ChannelRole.OWNER }),
  event(ANN, "channelGained", { channelId: CHANNEL, role: ChannelRole.OWNER }),
  inChannel("memberRoleChanged", { userId: ANN, role: ChannelRole.MODERATOR }),
  inChannel("messageSent", { text: "hello @ann", replyTo: 0, mentionIds: [ANN, BOB], mentionChannel: true }),
  inChannel("reactionAdded", { messageSeq: 5, emoji: "🐣" }),
  inChannel("reactionRemoved", { messageSeq: 5, emoji: "🐣" }),
  event(ANN, "readMoved", { channelId: CHANNEL, seq: 5 }),
  inChannel("messageEdited", { messageSeq: 5, text: "hello", mentionIds: [BOB], mentionChannel: false }),
  inChannel("messageSent", { text: "", replyTo: 5, mentionIds: [], mentionChannel: true }),
  inChannel("messageDeleted", { messageSeq: 9 }),
  inChannel("messagePinned", { messageSeq: 5 }),
  inChannel("messageUnpinned", { messageSeq: 5 }),
  inChannel("memberLeft", { userId: BOB, reason: LeaveReason.BANNED }),
  inChannel("memberUnbanned", { userId: BOB }),
  inChannel("memberLeft", { userId: ANN, reason: LeaveReason.LEFT }),
  event(ANN, "channelLost", { channelId: CHANNEL, reason: LeaveReason.LEFT }),
  event(ANN, "sessionEnded", { sessionId: 50 }),
];

export function eventContract(check: Check): void {
  check("commit numbers the events of each stream without gaps", async (store) => {
    const first = await put(
      store,
      draft(ANN, message("1"), event(ANN, "readMoved", { channelId: 1, seq: 1 })),
    );
    const second = await put(store, draft(ANN, message("2"), message("3")), draft(BOB, message("4")));
    assert.deepEqual(first.map(({ stream, seq }) => [stream, seq]), [[CHANNEL, 1], [ANN, 1]]);
    assert.deepEqual(second.map(({ stream, seq }) => [stream, seq]), [[CHANNEL, 2], [CHANNEL, 3], [
      CHANNEL,
      4,
    ]]);
    assert.deepEqual([store.head(CHANNEL), store.head(ANN), store.head(999)], [4, 1, 0]);
    assert.deepEqual(store.heads([999, CHANNEL, ANN, CHANNEL]), [0, 4, 1, 4]);
    assert.deepEqual(store.heads([]), []);
  });

  check("commit numbers messages and other events in one row", async (store) => {
    await put(
      store,
      draft(ANN, message("1")),
      draft(BOB, inChannel("reactionAdded", { messageSeq: 1, emoji: "x" })),
    );
    assert.equal(store.head(CHANNEL), 2);
    await put(store, draft(ANN, message("3")));
    assert.deepEqual(store.events(CHANNEL, ALL).map(({ seq, body }) => [seq, body.case]), [
      [1, "messageSent"],
      [2, "reactionAdded"],
      [3, "messageSent"],
    ]);
  });

  check("commit stamps one time that never goes back", async (store) => {
    const [first, second] = await put(store, draft(ANN, message("1")), draft(BOB, message("2")));
    const [third] = await put(store, draft(ANN, message("3")));
    assert.equal(first!.timeMs, second!.timeMs);
    assert.ok(third!.timeMs >= first!.timeMs && Number.isInteger(third!.timeMs));
    assert.deepEqual(store.events(CHANNEL, ALL).map(({ timeMs, actorId }) => [timeMs, actorId]), [
      [first!.timeMs, ANN],
      [first!.timeMs, BOB],
      [third!.timeMs, ANN],
    ]);
  });

  check("commit of nothing gives nothing", async (store) => {
    assert.deepEqual(await store.commit([]), []);
  });

  check("commit gives back what it was given, secrets included", async (store) => {
    const stored = await put(store, draft(ANN, ...EVERY_KIND));
    assert.deepEqual(stored.map(({ stream, body }) => ({ stream, body })), EVERY_KIND);
  });

  check("events gives every kind back, with present texts and without secrets", async (store) => {
    const stored = await put(store, draft(ANN, ...EVERY_KIND));
    const expected = stored.map(({ body, ...rest }) => {
      const present = { text: "hello", mentionIds: [BOB], mentionChannel: false };
      const gone = { text: "", mentionIds: [], mentionChannel: false };
      if (body.case === "messageSent") {
        const text = body.value.text === "" ? gone : present;
        return { ...rest, body: { ...body, value: { ...body.value, ...text } } };
      }
      if (body.case === "passwordChanged") return { ...rest, body: { ...body, value: { passwordHash: "" } } };
      if (body.case === "sessionStarted") {
        return { ...rest, body: { ...body, value: { ...body.value, tokenHash: "" } } };
      }
      if (body.case === "inviteCreated") {
        return { ...rest, body: { ...body, value: { inviteId: 60, invite: invite(60, { usesLeft: 1 }) } } };
      }
      return { ...rest, body };
    });
    const read = [SERVER_STREAM, ANN, CHANNEL].flatMap((stream) => store.events(stream, ALL));
    const key = (one: { stream: number; seq: number }) => one.stream * 1000 + one.seq;
    assert.deepEqual(read, expected.sort((a, b) => key(a) - key(b)));
  });

  check("events gives the range after, up to and including, at most limit", async (store) => {
    const reaction = inChannel("reactionAdded", { messageSeq: 1, emoji: "x" });
    await put(store, draft(ANN, message("1"), reaction, message("3"), reaction, message("5")));
    const seqs = (after: number, upTo: number, limit: number) =>
      store.events(CHANNEL, { after, upTo, limit }).map(({ seq }) => seq);
    assert.deepEqual(seqs(1, 4, 10), [2, 3, 4]);
    assert.deepEqual(seqs(0, 5, 3), [1, 2, 3]);
    assert.deepEqual(seqs(5, 9, 3), []);
    assert.deepEqual(seqs(9, 4, 3), []);
    assert.deepEqual(store.events(999, ALL), []);
  });

  check("events shows an edit as the text is now, empty when deleted", async (store) => {
    await put(
      store,
      draft(ANN, message("one")),
      draft(ANN, edit(1, "two", [BOB])),
      draft(ANN, edit(1, "three")),
    );
    const texts = () =>
      store.events(CHANNEL, ALL).map(({ body }) => "text" in body.value ? body.value.text : body.case);
    assert.deepEqual(texts(), ["three", "three", "three"]);
    await put(store, draft(ANN, inChannel("messageDeleted", { messageSeq: 1 })));
    assert.deepEqual(texts(), ["", "", "", "messageDeleted"]);
  });

  check("commit stores a key of an actor once, for ever", async (store) => {
    const [first] = await put(store, keyed(ANN, "k", message("first")));
    await put(store, keyed(BOB, "k", message("of somebody else")), keyed(ANN, "k2", message("another")));
    const outcomes = await store.commit([keyed(ANN, "k", message("again"), message("and more"))]);
    assert.deepEqual(outcomes, [{ status: "duplicate", first }]);
    assert.equal(store.head(CHANNEL), 3);
  });

  check("commit finds a key repeated within the batch", async (store) => {
    const outcomes = await store.commit([
      keyed(ANN, "k", message("first"), message("second")),
      keyed(ANN, "k", message("again")),
      draft(ANN, message("next")),
    ]);
    assert.deepEqual(outcomes.map(({ status }) => status), ["stored", "duplicate", "stored"]);
    assert.deepEqual(store.events(CHANNEL, ALL).map(({ seq }) => seq), [1, 2, 3]);
    assert.ok(outcomes[1]!.status === "duplicate" && outcomes[1]!.first.seq === 1);
  });

  check("commit finds repeated keys in a crowd of messages", async (store) => {
    await put(store, ...["a", "b"].map((key) => keyed(ANN, key, message(key))));
    const keys = Array.from({ length: 40 }, (_, index) => `${index % 32}`);
    keys[3] = "a";
    keys[20] = "b";
    const outcomes = await store.commit(keys.map((key) => keyed(ANN, key, message(key))));
    const seen = new Set(["a", "b"]);
    for (const [index, outcome] of outcomes.entries()) {
      const key = keys[index]!;
      assert.equal(outcome.status, seen.has(key) ? "duplicate" : "stored", `draft ${index}`);
      seen.add(key);
    }
    const history = store.history(CHANNEL, 100);
    assert.deepEqual(history.map(({ text }) => text), [...seen]);
    assert.deepEqual(history.map(({ seq }) => seq), history.map((_, index) => index + 1));
  });

  check("commit fails one draft in a crowd of messages", async (store) => {
    const texts = Array.from({ length: 40 }, (_, index) => index === 19 ? "a\0b" : `${index}`);
    const outcomes = await store.commit(texts.map((text) => keyed(ANN, text, message(text))));
    assert.deepEqual(outcomes.flatMap(({ status }, index) => status === "stored" ? [] : [index]), [19]);
    assert.deepEqual(
      store.history(CHANNEL, 100).map(({ seq }) => seq),
      texts.slice(1).map((_, index) => index + 1),
    );
  });

  check("commit answers a repeated key with the present text", async (store) => {
    await put(store, keyed(ANN, "k", message("first")));
    const outcomes = await store.commit([keyed(ANN, "k", message("again")), draft(ANN, edit(1, "edited"))]);
    assert.ok(outcomes[0]!.status === "duplicate" && outcomes[0]!.first.body.case === "messageSent");
    assert.equal(outcomes[0]!.first.body.value.text, "edited");
  });

  check("commit never joins drafts without a key", async (store) => {
    await put(store, draft(ANN, message("1")), draft(ANN, message("1")));
    assert.equal(store.head(CHANNEL), 2);
    assert.equal(store.findByKey(ANN, ""), undefined);
  });

  check("findByKey finds the first event of the draft, for its actor only", async (store) => {
    const [first] = await put(store, keyed(ANN, "k", message("first"), message("second")));
    assert.deepEqual(store.findByKey(ANN, "k"), first);
    assert.equal(store.findByKey(BOB, "k"), undefined);
    assert.equal(store.findByKey(ANN, "other"), undefined);
  });

  check("K9 a key's fingerprint stands with its event, until the message is deleted", async (store) => {
    // Nine, since plain drafts are stored eight at once.
    const drafts = Array.from({ length: 9 }, (_, at) => ({
      ...keyed(ANN, `k${at}`, message(`${at}`)),
      fingerprint: 2 ** 51 + at,
    }));
    const [first] = await put(store, ...drafts, keyed(ANN, "of before", message("old")));
    for (let at = 0; at < 9; at++) assert.equal(store.findByKey(ANN, `k${at}`)!.fingerprint, 2 ** 51 + at);
    assert.equal(store.findByKey(ANN, "of before")!.fingerprint, undefined);
    const [again] = await store.commit([{ ...drafts[0]!, fingerprint: 1 }]);
    assert.deepEqual(again, { status: "duplicate", first: { ...first, fingerprint: 2 ** 51 } });
    await put(store, { ...keyed(ANN, "e", edit(1, "edited")), fingerprint: 7 });
    assert.deepEqual([store.findByKey(ANN, "k0")!.fingerprint, store.findByKey(ANN, "e")!.fingerprint], [
      2 ** 51,
      7,
    ]);
    await put(store, draft(ANN, inChannel("messageDeleted", { messageSeq: 1 })));
    assert.equal(store.findByKey(ANN, "k0")!.fingerprint, undefined);
  });

  check("commit fails one draft and stores its neighbours without a gap", async (store) => {
    const taken = (id: number) => event(SERVER_STREAM, "userAdded", { user: user(id, "ann") });
    const outcomes = await store.commit([
      draft(ANN, message("before"), taken(10)),
      keyed(BOB, "k", message("lost"), taken(11), message("lost too")),
      draft(ANN, message("after")),
    ]);
    assert.deepEqual(outcomes.map(({ status }) => status), ["stored", "failed", "stored"]);
    assert.ok(outcomes[1]!.status === "failed" && outcomes[1]!.error instanceof ChatError);
    assert.equal(outcomes[1]!.error.code, Code.ALREADY_EXISTS);
    assert.deepEqual(store.history(CHANNEL, 10).map(({ seq, text }) => [seq, text]), [[1, "before"], [
      2,
      "after",
    ]]);
    assert.deepEqual([store.head(SERVER_STREAM), store.maxId()], [1, 10]);
    assert.equal(store.findByKey(BOB, "k"), undefined);
    assert.deepEqual((await put(store, keyed(BOB, "k", message("again")))).map(({ seq }) => seq), [3]);
  });

  check("commit refuses text that could not be given back", async (store) => {
    const texts = await store.commit([
      draft(ANN, message("a\0b")),
      draft(ANN, message("good")),
      draft(ANN, inChannel("channelCreated", { channel: channel(CHANNEL, "x", { topic: "\0" }) })),
    ]);
    assert.deepEqual(texts.map(({ status }) => status), ["failed", "stored", "failed"]);
  });

  check("commit keeps every character", async (store) => {
    const text = "a'b\"c\\d\n\r\t\u0001 ä 日本 👩‍👩‍👧 \u{10FFFF}" + "x".repeat(16_000);
    await put(store, draft(ANN, message(text)));
    assert.equal(store.history(CHANNEL, 1)[0]!.text, text);
  });
}
