import assert from "node:assert/strict";
import type { DraftEvent } from "../../src/chat/event.ts";
import { ChannelKind, ChannelRole, LeaveReason } from "../../src/chat/model.ts";
import type { AnyStore, Check } from "./check.ts";
import { ANN, BOB, CHANNEL, channel, draft, event, inChannel, message, put } from "./drafts.ts";

function join(userId: number, role: ChannelRole = ChannelRole.MEMBER, stream = CHANNEL): DraftEvent {
  return event(stream, "memberJoined", { userId, role });
}

function leave(userId: number, reason: LeaveReason, stream = CHANNEL): DraftEvent {
  return event(stream, "memberLeft", { userId, reason });
}

function read(store: AnyStore, userId: number, seq: number) {
  return put(store, draft(userId, event(userId, "readMoved", { channelId: CHANNEL, seq })));
}

export function membershipContract(check: Check): void {
  check("membership begins with everything older read", async (store) => {
    await put(store, draft(ANN, message("old"), join(BOB, ChannelRole.MODERATOR)));
    assert.deepEqual(store.membership(CHANNEL, BOB), {
      channelId: CHANNEL,
      userId: BOB,
      role: ChannelRole.MODERATOR,
      banned: false,
      added: true,
      readSeq: 2,
    });
    assert.equal(store.membership(CHANNEL, ANN), undefined);
  });

  check("membership moves its read marker forwards only", async (store) => {
    await put(store, draft(ANN, join(ANN), join(BOB)));
    await read(store, BOB, 9);
    await read(store, BOB, 4);
    assert.equal(store.membership(CHANNEL, BOB)!.readSeq, 9);
    assert.equal(store.membership(CHANNEL, ANN)!.readSeq, 1);
    await read(store, 77, 4);
    assert.equal(store.membership(CHANNEL, 77), undefined);
  });

  check("membership keeps its read marker when joined again", async (store) => {
    await put(store, draft(ANN, join(BOB)));
    await read(store, BOB, 9);
    await put(store, draft(ANN, join(BOB, ChannelRole.OWNER)));
    assert.deepEqual(
      [store.membership(CHANNEL, BOB)!.readSeq, store.membership(CHANNEL, BOB)!.role],
      [9, ChannelRole.OWNER],
    );
    await put(store, draft(ANN, leave(BOB, LeaveReason.LEFT)));
    await put(store, draft(ANN, join(BOB)));
    assert.equal(store.membership(CHANNEL, BOB)!.readSeq, 4);
  });

  check("membership ends by leaving and by removal", async (store) => {
    await put(store, draft(ANN, join(ANN), join(BOB)));
    await put(store, draft(ANN, leave(ANN, LeaveReason.LEFT), leave(BOB, LeaveReason.REMOVED)));
    assert.deepEqual([store.membership(CHANNEL, ANN), store.membership(CHANNEL, BOB)], [
      undefined,
      undefined,
    ]);
  });

  check("membership of the banned stays, without a role, until lifted", async (store) => {
    await put(store, draft(ANN, inChannel("channelCreated", { channel: channel(CHANNEL, "nest") })));
    await put(store, draft(ANN, join(ANN), join(BOB, ChannelRole.MODERATOR)));
    assert.equal(store.channelsOf(BOB).length, 1);
    await put(store, draft(ANN, leave(BOB, LeaveReason.BANNED), leave(9, LeaveReason.BANNED)));
    assert.deepEqual([store.membership(CHANNEL, BOB)!.banned, store.membership(CHANNEL, 9)!.banned], [
      true,
      true,
    ]);
    await put(store, draft(ANN, inChannel("memberRoleChanged", { userId: BOB, role: ChannelRole.OWNER })));
    assert.equal(store.membership(CHANNEL, BOB)!.role, ChannelRole.MEMBER);
    assert.deepEqual(store.channelsOf(BOB), []);
    const unban = (userId: number) => inChannel("memberUnbanned", { userId });
    await put(store, draft(ANN, unban(BOB), unban(ANN), unban(77)));
    assert.equal(store.membership(CHANNEL, BOB), undefined);
    assert.equal(store.membership(CHANNEL, ANN)!.banned, false);
  });

  check("membership follows role changes", async (store) => {
    await put(
      store,
      draft(ANN, join(BOB), inChannel("memberRoleChanged", { userId: BOB, role: ChannelRole.OWNER })),
    );
    assert.equal(store.membership(CHANNEL, BOB)!.role, ChannelRole.OWNER);
    await put(store, draft(ANN, inChannel("memberRoleChanged", { userId: 9, role: ChannelRole.OWNER })));
    assert.equal(store.membership(CHANNEL, 9), undefined);
  });

  check("channelsOf lists the channels of one user", async (store) => {
    const places = [CHANNEL, 200, 300].map((id) => channel(id, `c${id}`));
    await put(
      store,
      draft(ANN, ...places.map((place) => event(place.id, "channelCreated", { channel: place }))),
    );
    await put(store, draft(ANN, join(BOB, 1, 300), join(BOB, 2, 200), join(ANN, 1, 200), join(BOB)));
    await put(store, draft(ANN, join(BOB, 1, 400), leave(BOB, LeaveReason.LEFT, 400)));
    assert.deepEqual(store.channelsOf(BOB).map(({ channel, membership }) => [channel.id, membership.role]), [
      [CHANNEL, 1],
      [200, 2],
      [300, 1],
    ]);
    assert.deepEqual(store.channelsOf(BOB)[1], {
      channel: store.channel(200),
      membership: store.membership(200, BOB),
    });
    assert.deepEqual(store.channelsOf(999), []);
  });

  check("members pages by user id, the banned apart", async (store) => {
    await put(store, draft(ANN, join(5), join(4, ChannelRole.OWNER), join(7), join(6)));
    await put(store, draft(ANN, leave(7, LeaveReason.BANNED), leave(3, LeaveReason.BANNED)));
    const ids = (after: number, limit: number, banned: boolean) =>
      store.members(CHANNEL, { after, limit, banned }).map(({ userId }) => userId);
    assert.deepEqual(ids(0, 2, false), [4, 5]);
    assert.deepEqual(ids(5, 2, false), [6]);
    assert.deepEqual(ids(0, 9, true), [3, 7]);
    assert.deepEqual(store.members(CHANNEL, { after: 0, limit: 1, banned: false }), [{ userId: 4, role: 3 }]);
  });

  check("channelOwners leaves the banned and the gone out", async (store) => {
    const owners = [5, 3, 2, 6].map((id) => join(id, ChannelRole.OWNER));
    await put(store, draft(ANN, ...owners, join(4, ChannelRole.MODERATOR)));
    assert.deepEqual(store.channelOwners(CHANNEL), [2, 3, 5, 6]);
    await put(store, draft(ANN, leave(2, LeaveReason.BANNED), leave(5, LeaveReason.LEFT)));
    assert.deepEqual(store.channelOwners(CHANNEL), [3, 6]);
    assert.deepEqual(store.channelOwners(999), []);
  });

  check(
    "channelCount tells joining from being added, and leaves bans and direct conversations out",
    async (store) => {
      const counts = (userId: number) => [false, true].map((added) => store.channelCount(userId, { added }));
      const direct = channel(300, "", { kind: ChannelKind.DIRECT, directUserIds: [ANN, BOB] });
      await put(store, draft(ANN, event(300, "channelCreated", { channel: direct }), join(BOB, 1, 300)));
      await put(store, draft(ANN, join(BOB), join(BOB, 1, 200), join(BOB, 1, 201)));
      assert.deepEqual(counts(BOB), [0, 3]);
      await put(store, draft(ANN, leave(BOB, LeaveReason.BANNED)));
      assert.deepEqual([counts(BOB), counts(999)], [[0, 2], [0, 0]]);
      await put(store, draft(BOB, leave(BOB, LeaveReason.LEFT, 200)), draft(BOB, join(BOB, 1, 200)));
      assert.deepEqual(counts(BOB), [1, 1]);
      const role = event(201, "memberRoleChanged", { userId: BOB, role: ChannelRole.MODERATOR });
      await put(store, draft(BOB, role));
      assert.deepEqual(counts(BOB), [1, 1], "a role says nothing of how somebody came");
    },
  );
}
