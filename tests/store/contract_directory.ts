import assert from "node:assert/strict";
import { ChatError } from "../../src/chat/error.ts";
import {
  type Channel,
  ChannelKind,
  LeaveReason,
  SERVER_STREAM,
  ServerRole,
  type User,
} from "../../src/chat/model.ts";
import type { AnyStore, Check } from "./check.ts";
import { ANN, BOB, channel, draft, event, put, user } from "./drafts.ts";

function add(store: AnyStore, ...users: User[]) {
  return put(store, ...users.map((one) => draft(ANN, event(SERVER_STREAM, "userAdded", { user: one }))));
}

function create(store: AnyStore, ...channels: Channel[]) {
  return put(store, ...channels.map((one) => draft(ANN, event(one.id, "channelCreated", { channel: one }))));
}

export function directoryContract(check: Check): void {
  check("user is found by id and by name, as updated last", async (store) => {
    await add(store, user(2, "ann"), user(3, "bob"));
    const changed = user(2, "ann", { displayName: "Ann", role: ServerRole.OWNER, disabled: true });
    await put(store, draft(ANN, event(SERVER_STREAM, "userUpdated", { user: changed })));
    assert.deepEqual([store.user(2), store.userByName("ann")], [changed, changed]);
    assert.deepEqual(store.user(3), user(3, "bob"));
    assert.deepEqual([store.user(9), store.userByName("zoe")], [undefined, undefined]);
  });

  check("users pages by name within a prefix", async (store) => {
    await add(store, user(5, "bea"), user(2, "ann"), user(4, "ben"), user(3, "anna"), user(6, "b"));
    const names = (prefix: string, after: string, limit: number) =>
      store.users({ prefix, after, limit }).map(({ name }) => name);
    assert.deepEqual(names("", "", 3), ["ann", "anna", "b"]);
    assert.deepEqual(names("", "b", 9), ["bea", "ben"]);
    assert.deepEqual(names("be", "", 9), ["bea", "ben"]);
    assert.deepEqual(names("be", "bea", 9), ["ben"]);
    assert.deepEqual(names("x", "", 9), []);
  });

  check("ownerCount counts owners that are not disabled", async (store) => {
    assert.equal(store.ownerCount(), 0);
    const owner = { role: ServerRole.OWNER };
    await add(
      store,
      user(2, "ann", owner),
      user(3, "bob", owner),
      user(4, "cara", { role: ServerRole.ADMIN }),
    );
    const disabled = user(3, "bob", { ...owner, disabled: true });
    await put(store, draft(ANN, event(SERVER_STREAM, "userUpdated", { user: disabled })));
    assert.equal(store.ownerCount(), 1);
  });

  check("serverName is the one given last, and empty before", async (store) => {
    assert.equal(store.serverName(), "");
    const named = (name: string) => event(SERVER_STREAM, "serverUpdated", { name });
    await put(store, draft(ANN, named("Nest")), draft(ANN, named("Eyrie 🐦")));
    assert.equal(store.serverName(), "Eyrie 🐦");
    await store.commit([
      draft(ANN, named("Lost"), event(SERVER_STREAM, "userAdded", { user: user(2, "a\0b") })),
    ]);
    assert.equal(store.serverName(), "Eyrie 🐦", "a draft that fails leaves nothing");
    await put(store, draft(ANN, named("")));
    assert.equal(store.serverName(), "");
  });

  check("channel is found by id and by name, as updated last", async (store) => {
    await create(store, channel(100, "nest"), channel(101, "tree", { kind: ChannelKind.PRIVATE }));
    const changed = channel(100, "eyrie", { topic: "high", archived: true });
    await put(store, draft(ANN, event(100, "channelUpdated", { channel: changed })));
    assert.deepEqual([store.channel(100), store.channelByName("eyrie")], [changed, changed]);
    assert.deepEqual([store.channel(9), store.channelByName("nest"), store.channelByName("")], [
      undefined,
      undefined,
      undefined,
    ]);
    await create(store, channel(102, "nest"));
    assert.equal(store.channelByName("nest")!.id, 102);
  });

  check("privateChannels finds those of a name that somebody is a member of", async (store) => {
    const secret = (id: number) => channel(id, "nest", { kind: ChannelKind.PRIVATE });
    await create(store, secret(100), channel(101, "nest"), secret(102), secret(103), secret(104));
    const join = (id: number, userId: number) => event(id, "memberJoined", { userId, role: 1 });
    await put(
      store,
      draft(ANN, join(101, BOB), join(104, BOB), join(102, BOB), join(103, BOB), join(100, ANN)),
    );
    await put(store, draft(ANN, event(103, "memberLeft", { userId: BOB, reason: LeaveReason.BANNED })));
    assert.deepEqual(store.privateChannels(BOB, "nest").map(({ id }) => id), [102, 104]);
    assert.deepEqual(store.privateChannels(BOB, "tree"), []);
    assert.equal(store.channelByName("nest")!.id, 101);
  });

  check("directsOpened counts the conversations that somebody began", async (store) => {
    const direct = (id: number, creatorId: number, directUserIds: number[]) =>
      channel(id, "", { kind: ChannelKind.DIRECT, creatorId, directUserIds });
    await create(store, direct(100, ANN, [2, 3]), direct(101, ANN, [2, 4]), direct(102, BOB, [3, 4]));
    await create(store, channel(103, "nest"));
    assert.deepEqual([ANN, BOB, 9].map((id) => store.directsOpened(id)), [2, 1, 0]);
  });

  check("directChannel finds the conversation of exactly these users", async (store) => {
    const direct = (id: number, directUserIds: number[]) =>
      channel(id, "", { kind: ChannelKind.DIRECT, directUserIds });
    await create(store, direct(100, [2, 3]), direct(101, [2, 3, 4]), channel(102, "nest"));
    assert.deepEqual(store.directChannel([2, 3]), direct(100, [2, 3]));
    assert.equal(store.directChannel([2, 3, 4])!.id, 101);
    assert.deepEqual([store.directChannel([3, 4]), store.directChannel([])], [undefined, undefined]);
  });

  check("publicChannels pages the public ones by name", async (store) => {
    await create(
      store,
      channel(100, "birds"),
      channel(101, "all"),
      channel(102, "bats", { archived: true }),
      channel(103, "bees", { kind: ChannelKind.PRIVATE }),
      channel(104, "", { kind: ChannelKind.DIRECT, directUserIds: [2, 3] }),
    );
    const names = (prefix: string, after: string, limit: number, includeArchived: boolean) =>
      store.publicChannels({ prefix, after, limit, includeArchived }).map(({ name }) => name);
    assert.deepEqual(names("", "", 9, false), ["all", "birds"]);
    assert.deepEqual(names("", "", 2, true), ["all", "bats"]);
    assert.deepEqual(names("b", "bats", 9, true), ["birds"]);
  });

  check("commit refuses names and conversations that are taken", async (store) => {
    const direct = (id: number) => channel(id, "", { kind: ChannelKind.DIRECT, directUserIds: [2, 3] });
    const secret = (id: number) => channel(id, "nest", { kind: ChannelKind.PRIVATE });
    await create(store, channel(100, "nest"), direct(101));
    await add(store, user(2, "ann"));
    const outcomes = await store.commit([
      draft(ANN, event(102, "channelCreated", { channel: channel(102, "nest") })),
      draft(ANN, event(103, "channelCreated", { channel: direct(103) })),
      draft(ANN, event(SERVER_STREAM, "userAdded", { user: user(9, "ann") })),
      draft(ANN, event(104, "channelCreated", { channel: channel(104, "", { kind: ChannelKind.DIRECT }) })),
      draft(ANN, event(105, "channelCreated", { channel: secret(105) })),
      draft(ANN, event(106, "channelCreated", { channel: secret(106) })),
      draft(ANN, event(107, "channelCreated", { channel: channel(107, "tree") })),
      draft(ANN, event(107, "channelUpdated", { channel: channel(107, "nest") })),
    ]);
    const errors = outcomes.map((one) => one.status === "failed" && one.error instanceof ChatError);
    assert.deepEqual(errors, [true, true, true, false, false, false, false, true]);
    assert.deepEqual([store.head(102), store.channel(103), store.user(9)], [0, undefined, undefined]);
  });

  check("maxId is the highest id of users, channels, sessions and invites", async (store) => {
    assert.equal(store.maxId(), 1);
    await add(store, user(12, "ann"), user(7, "bob"));
    assert.equal(store.maxId(), 12);
    await create(store, channel(20, "nest"));
    assert.equal(store.maxId(), 20);
    const session = { sessionId: 31, device: "", tokenHash: "t" };
    await put(store, draft(ANN, event(ANN, "sessionStarted", session)));
    await put(store, draft(ANN, event(ANN, "sessionEnded", { sessionId: 31 })));
    assert.equal(store.maxId(), 31);
  });

  check("epoch is a name that stays", (store) => {
    assert.ok(store.epoch.length > 0);
    return Promise.resolve();
  });
}
