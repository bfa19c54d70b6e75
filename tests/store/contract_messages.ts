import assert from "node:assert/strict";
import type { Check } from "./check.ts";
import { ANN, BOB, CHANNEL, draft, edit, event, inChannel, message, put } from "./drafts.ts";

const CARA = 4;

function react(messageSeq: number, emoji: string) {
  return inChannel("reactionAdded", { messageSeq, emoji });
}

function unreact(messageSeq: number, emoji: string) {
  return inChannel("reactionRemoved", { messageSeq, emoji });
}

function remove(messageSeq: number) {
  return inChannel("messageDeleted", { messageSeq });
}

export function messageContract(check: Check): void {
  check("history gives a message with all its fields", async (store) => {
    const value = { text: "hi", replyTo: 7, mentionIds: [BOB, CARA], mentionChannel: true };
    const [sent] = await put(store, draft(ANN, inChannel("messageSent", value)));
    assert.deepEqual(store.history(CHANNEL, 10), [{
      channelId: CHANNEL,
      seq: 1,
      authorId: ANN,
      timeMs: sent!.timeMs,
      ...value,
      editedMs: 0,
      deleted: false,
      reactions: [],
      pinned: false,
    }]);
  });

  check("history gives the page at each position, oldest first", async (store) => {
    const sends = Array.from(
      { length: 6 },
      (_, index) => draft(ANN, message(`${index}`), react(1, `${index}`)),
    );
    await put(store, ...sends);
    const seqs = (limit: number, position?: { before: number } | { after: number }) =>
      store.history(CHANNEL, limit, position).map(({ seq }) => seq);
    assert.deepEqual(seqs(3), [7, 9, 11]);
    assert.deepEqual(seqs(99), [1, 3, 5, 7, 9, 11]);
    assert.deepEqual(seqs(2, { before: 7 }), [3, 5]);
    assert.deepEqual(seqs(2, { before: 8 }), [5, 7]);
    assert.deepEqual(seqs(2, { before: 1 }), []);
    assert.deepEqual(seqs(2, { after: 0 }), [1, 3]);
    assert.deepEqual(seqs(2, { after: 7 }), [9, 11]);
    assert.deepEqual(seqs(2, { after: 11 }), []);
    assert.deepEqual(store.history(999, 10), []);
  });

  check("history shows edits and when they were made", async (store) => {
    await put(store, draft(ANN, message("old", { mentionIds: [BOB] })));
    const [edited] = await put(store, draft(ANN, edit(1, "new", [CARA])));
    const [shown] = store.history(CHANNEL, 10);
    assert.deepEqual([shown!.text, shown!.mentionIds, shown!.editedMs], ["new", [CARA], edited!.timeMs]);
    assert.equal(store.history(CHANNEL, 10).length, 1);
  });

  check("history shows a deleted message as an empty tombstone", async (store) => {
    await put(store, draft(ANN, message("secret", { mentionIds: [BOB], mentionChannel: true })));
    await put(
      store,
      draft(BOB, react(1, "x")),
      draft(ANN, edit(1, "secret 2", [BOB])),
      draft(ANN, remove(1)),
    );
    const [shown] = store.history(CHANNEL, 10);
    const { timeMs } = shown!;
    assert.deepEqual(shown, {
      channelId: CHANNEL,
      seq: 1,
      authorId: ANN,
      timeMs,
      text: "",
      replyTo: 0,
      mentionIds: [],
      mentionChannel: false,
      editedMs: 0,
      deleted: true,
      reactions: [],
      pinned: false,
    });
  });

  check("commit changes nothing in a message that is deleted", async (store) => {
    await put(store, draft(ANN, message("secret")));
    await put(store, draft(ANN, remove(1)), draft(ANN, edit(1, "back")), draft(BOB, react(1, "x")));
    const [shown] = store.history(CHANNEL, 10);
    assert.deepEqual([shown!.text, shown!.deleted, shown!.reactions], ["", true, []]);
    assert.equal(store.head(CHANNEL), 4);
  });

  check(
    "history groups reactions: emoji in the order in which they came, and people within",
    async (store) => {
      await put(store, draft(ANN, message("one")), draft(ANN, message("two")));
      await put(
        store,
        draft(BOB, react(1, "b")),
        draft(ANN, react(1, "a")),
        draft(CARA, react(1, "b")),
        draft(BOB, react(2, "a")),
        draft(ANN, react(1, "b")),
        draft(ANN, react(1, "b")),
      );
      const reactions = () => store.history(CHANNEL, 10).map((one) => one.reactions);
      assert.deepEqual(reactions(), [
        [{ emoji: "b", userIds: [BOB, CARA, ANN] }, { emoji: "a", userIds: [ANN] }],
        [{ emoji: "a", userIds: [BOB] }],
      ]);
      await put(store, draft(BOB, unreact(1, "b")), draft(BOB, unreact(2, "a")), draft(BOB, unreact(2, "a")));
      assert.deepEqual(reactions(), [
        [{ emoji: "b", userIds: [CARA, ANN] }, { emoji: "a", userIds: [ANN] }],
        [],
      ]);
      await put(store, draft(BOB, react(1, "b")), draft(CARA, unreact(1, "b")), draft(ANN, unreact(1, "b")));
      assert.deepEqual(reactions()[0], [{ emoji: "b", userIds: [BOB] }, { emoji: "a", userIds: [ANN] }]);
      await put(store, draft(BOB, unreact(1, "b")), draft(BOB, react(1, "b")));
      assert.deepEqual(reactions()[0], [{ emoji: "a", userIds: [ANN] }, { emoji: "b", userIds: [BOB] }]);
    },
  );

  check("messageFacts knows messages only", async (store) => {
    await put(
      store,
      draft(ANN, message("one")),
      draft(BOB, react(1, "x")),
      draft(BOB, message("three"), remove(3)),
    );
    assert.deepEqual(store.messageFacts(CHANNEL, 1), { authorId: ANN, deleted: false });
    assert.equal(store.messageFacts(CHANNEL, 2), undefined);
    assert.deepEqual(store.messageFacts(CHANNEL, 3), { authorId: BOB, deleted: true });
    assert.equal(store.messageFacts(CHANNEL, 9), undefined);
  });

  check("reactionFacts tells mine and counts different emojis", async (store) => {
    await put(store, draft(ANN, message("one"), react(1, "a"), react(1, "b")), draft(BOB, react(1, "b")));
    const facts = (userId: number, emoji: string) => store.reactionFacts(CHANNEL, 1, { userId, emoji });
    assert.deepEqual(facts(ANN, "a"), { mine: true, total: 2 });
    assert.deepEqual(facts(BOB, "a"), { mine: false, total: 2 });
    assert.deepEqual(store.reactionFacts(CHANNEL, 9, { userId: ANN, emoji: "a" }), { mine: false, total: 0 });
  });

  check(
    "pins are listed with the present text, the newest pin first, until they are taken away",
    async (store) => {
      const pin = (messageSeq: number) => inChannel("messagePinned", { messageSeq });
      await put(store, draft(ANN, message("1"), message("2"), message("3")));
      await put(store, draft(BOB, pin(2), pin(1), pin(2), pin(3), pin(9)));
      await put(store, draft(ANN, edit(2, "two", [])));
      const pins = (page = { before: 0, limit: 9 }) =>
        [...store.pins(CHANNEL, page)].map((
          { seq, userId, message },
        ) => [seq, userId, message.text, message.pinned]);
      assert.deepEqual(pins(), [[7, BOB, "3", true], [5, BOB, "1", true], [4, BOB, "two", true]]);
      assert.deepEqual(pins({ before: 7, limit: 1 }), [[5, BOB, "1", true]]);
      assert.deepEqual([store.pinCount(CHANNEL), store.pinned(CHANNEL, 2), store.pinned(CHANNEL, 9)], [
        3,
        true,
        false,
      ]);
      assert.deepEqual(store.history(CHANNEL, 9).map(({ pinned }) => pinned), [true, true, true]);
      await put(store, draft(ANN, inChannel("messageUnpinned", { messageSeq: 1 }), remove(3), pin(3)));
      assert.deepEqual(pins(), [[4, BOB, "two", true]]);
      assert.deepEqual(store.history(CHANNEL, 9).map(({ pinned }) => pinned), [false, true, false]);
      assert.deepEqual([
        store.pinCount(CHANNEL),
        store.pinCount(ANN),
        [...store.pins(ANN, { before: 0, limit: 9 })],
      ], [1, 0, []]);
    },
  );

  check("unread counts messages of others after the marker, up to the limit", async (store) => {
    await put(store, draft(BOB, message("1"), message("2"), message("3")), draft(ANN, message("4")));
    await put(store, draft(BOB, remove(2)), draft(CARA, react(1, "x")), draft(CARA, message("7")));
    const unread = (userId: number, afterSeq: number, limit = 100, upToSeq = 100) =>
      store.unread(CHANNEL, userId, { afterSeq, upToSeq, limit }).unread;
    assert.deepEqual([unread(ANN, 0), unread(ANN, 1), unread(ANN, 3), unread(ANN, 7)], [3, 2, 1, 0]);
    assert.deepEqual([unread(BOB, 0), unread(ANN, 0, 2), unread(ANN, 0, 0)], [2, 2, 0]);
    assert.deepEqual([unread(ANN, 0, 100, 3), unread(ANN, 0, 100, 1), unread(ANN, 3, 100, 3)], [2, 1, 0]);
  });

  check("unread counts mentions of the user and of everybody once", async (store) => {
    await put(
      store,
      draft(BOB, message("1", { mentionIds: [ANN] }), message("2", { mentionChannel: true })),
      draft(BOB, message("3", { mentionIds: [ANN, ANN, CARA], mentionChannel: true })),
      draft(ANN, message("4", { mentionIds: [ANN], mentionChannel: true })),
      draft(
        BOB,
        event(200, "messageSent", { text: "", replyTo: 0, mentionIds: [ANN], mentionChannel: true }),
      ),
    );
    const mentions = (userId: number, afterSeq: number, limit = 100, upToSeq = 100) =>
      store.unread(CHANNEL, userId, { afterSeq, upToSeq, limit }).mentions;
    assert.deepEqual([mentions(ANN, 0), mentions(ANN, 2), mentions(ANN, 3)], [3, 1, 0]);
    assert.deepEqual([mentions(BOB, 0), mentions(CARA, 0), mentions(ANN, 0, 2)], [1, 3, 2]);
    assert.deepEqual([mentions(ANN, 0, 100, 2), mentions(CARA, 0, 100, 1)], [2, 0]);
  });

  check("unread follows mentions through edits and deletions", async (store) => {
    await put(store, draft(BOB, message("1", { mentionIds: [ANN] }), message("2", { mentionChannel: true })));
    const mentions = (userId: number) =>
      store.unread(CHANNEL, userId, { afterSeq: 0, upToSeq: 100, limit: 100 }).mentions;
    await put(store, draft(BOB, edit(1, "1", [CARA])));
    assert.deepEqual([mentions(ANN), mentions(CARA)], [1, 2]);
    await put(store, draft(BOB, remove(2)), draft(BOB, remove(1)));
    assert.deepEqual([mentions(ANN), mentions(CARA)], [0, 0]);
  });

  check("unread ignores who edited a message", async (store) => {
    await put(store, draft(ANN, message("1")), draft(BOB, edit(1, "moderated", [ANN])));
    assert.deepEqual(store.unread(CHANNEL, ANN, { afterSeq: 0, upToSeq: 100, limit: 9 }), {
      unread: 0,
      mentions: 0,
    });
  });
}
