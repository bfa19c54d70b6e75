import assert from "node:assert/strict";
import { ChatError, Code } from "../../src/chat/error.ts";
import type { DraftEvent } from "../../src/chat/event.ts";
import { SERVER_STREAM, ServerRole } from "../../src/chat/model.ts";
import type { Check } from "./check.ts";
import { ANN, BOB, draft, event, invite, message, put } from "./drafts.ts";

function start(userId: number, sessionId: number, tokenHash = `hash ${sessionId}`): DraftEvent {
  return event(userId, "sessionStarted", { sessionId, device: `device ${sessionId}`, tokenHash });
}

export function accountContract(check: Check): void {
  check("passwordHash is that of the last change", async (store) => {
    await put(store, draft(ANN, event(ANN, "passwordChanged", { passwordHash: "one" })));
    await put(store, draft(ANN, event(ANN, "passwordChanged", { passwordHash: "two" })));
    assert.deepEqual([store.passwordHash(ANN), store.passwordHash(BOB)], ["two", undefined]);
  });

  check("sessionByTokenHash finds a session while it lasts", async (store) => {
    const [begun] = await put(store, draft(ANN, start(ANN, 50)));
    assert.deepEqual(store.sessionByTokenHash("hash 50"), {
      id: 50,
      userId: ANN,
      device: "device 50",
      createdMs: begun!.timeMs,
      lastUsedMs: begun!.timeMs,
    });
    await put(store, draft(ANN, event(ANN, "sessionEnded", { sessionId: 50 })));
    assert.equal(store.sessionByTokenHash("hash 50"), undefined);
  });

  check("sessionsOf lists the newest first", async (store) => {
    await put(store, draft(ANN, start(ANN, 50)), draft(ANN, start(ANN, 52)), draft(BOB, start(BOB, 51)));
    await put(store, draft(ANN, start(ANN, 53)), draft(ANN, event(ANN, "sessionEnded", { sessionId: 52 })));
    assert.deepEqual(store.sessionsOf(ANN).map(({ id }) => id), [53, 50]);
    assert.deepEqual(store.sessionsOf(999), []);
  });

  check("commit refuses a token that is in use", async (store) => {
    await put(store, draft(ANN, start(ANN, 50)));
    const [outcome] = await store.commit([draft(BOB, start(BOB, 51, "hash 50"))]);
    assert.equal(outcome!.status, "failed");
    assert.deepEqual([store.head(BOB), store.maxId()], [0, 50]);
  });

  check("touchSessions moves the last use forwards", async (store) => {
    const [begun] = await put(store, draft(ANN, start(ANN, 50)), draft(ANN, start(ANN, 51)));
    const later = begun!.timeMs + 1000;
    store.touchSessions(new Map([[50, later], [51, 1], [99, later]]));
    // The next commit comes after it, whatever way the store takes.
    await put(store, draft(ANN, message("x")));
    assert.equal(store.sessionByTokenHash("hash 50")!.lastUsedMs, later);
    assert.equal(store.sessionByTokenHash("hash 51")!.lastUsedMs, begun!.timeMs);
  });

  check("invite counts its uses down until it is revoked", async (store) => {
    const made = invite(60, { role: ServerRole.ADMIN, expiresMs: 1_900_000_000_000, channelIds: [7, 8] });
    await put(store, draft(ANN, event(SERVER_STREAM, "inviteCreated", { inviteId: 60, invite: made })));
    assert.deepEqual(store.invite(60), made);
    await put(store, draft(BOB, event(SERVER_STREAM, "inviteUsed", { inviteId: 60, creatorId: ANN })));
    assert.equal(store.invite(60)!.usesLeft, 1);
    await put(store, draft(ANN, event(SERVER_STREAM, "inviteRevoked", { inviteId: 60 })));
    assert.deepEqual([store.invite(60), store.invite(61), store.invites({ after: 0, limit: 9, nowMs: 0 })], [
      undefined,
      undefined,
      [],
    ]);
  });

  check("invites lists the newest first, page by page", async (store) => {
    for (const id of [60, 62, 61]) {
      await put(
        store,
        draft(ANN, event(SERVER_STREAM, "inviteCreated", { inviteId: id, invite: invite(id) })),
      );
    }
    const pageOf = (after: number, limit: number) =>
      store.invites({ after, limit, nowMs: 5000 }).map(({ id }) => id);
    assert.deepEqual(pageOf(0, 9), [62, 61, 60]);
    assert.deepEqual([pageOf(0, 2), pageOf(61, 2), pageOf(60, 2)], [[62, 61], [60], []]);
    // Where the last one of a page is gone the next page begins all the same.
    await put(store, draft(ANN, event(SERVER_STREAM, "inviteRevoked", { inviteId: 61 })));
    assert.deepEqual([pageOf(0, 2), pageOf(61, 2)], [[62, 60], [60]]);
  });

  check("invites leaves out those that are used up or have expired", async (store) => {
    const ends: [id: number, end: Parameters<typeof invite>[1]][] = [
      [60, { expiresMs: 5000 }],
      [61, { expiresMs: 5001 }],
      [62, { expiresMs: 0 }],
      [63, { expiresMs: 9000, usesLeft: 1 }],
      [64, { expiresMs: 0, usesLeft: 1 }],
    ];
    for (const [id, end] of ends) {
      const made = event(SERVER_STREAM, "inviteCreated", { inviteId: id, invite: invite(id, end) });
      await put(store, draft(ANN, made));
    }
    const live = (nowMs: number) => store.invites({ after: 0, limit: 9, nowMs }).map(({ id }) => id);
    assert.deepEqual(live(5000), [64, 63, 62, 61]);
    for (const inviteId of [63, 64]) {
      await put(store, draft(BOB, event(SERVER_STREAM, "inviteUsed", { inviteId, creatorId: ANN })));
    }
    assert.deepEqual([live(4999), live(5000), live(5001)], [[62, 61, 60], [62, 61], [62]]);
  });

  check("commit lets an invite be used no more often than it says", async (store) => {
    const made = invite(60, { usesLeft: 1 });
    await put(store, draft(ANN, event(SERVER_STREAM, "inviteCreated", { inviteId: 60, invite: made })));
    const use = () => draft(BOB, event(SERVER_STREAM, "inviteUsed", { inviteId: 60, creatorId: ANN }));
    const outcomes = await store.commit([use(), use()]);
    assert.deepEqual(outcomes.map(({ status }) => status), ["stored", "failed"]);
    assert.ok(outcomes[1]!.status === "failed" && outcomes[1]!.error instanceof ChatError);
    assert.equal(outcomes[1]!.error.code, Code.FAILED_PRECONDITION);
    assert.equal(store.invite(60)!.usesLeft, 0);
  });
}
