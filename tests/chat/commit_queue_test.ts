/** The one way to durable change: batches, order, repeated keys, failures. @module */
import assert from "node:assert/strict";
import { ChatError, Code } from "../../src/chat/error.ts";
import type { Event } from "../../src/chat/event.ts";
import { StoreFailure } from "../../src/chat/ports.ts";
import { settle } from "./clock.ts";
import { QueueRig } from "./queue_rig.ts";

Deno.test("D1 D2 nothing is answered or published before the commit, and the reply comes first", async () => {
  const rig = new QueueRig();
  rig.manual = true;
  rig.say("a");
  rig.say("b");
  await settle();
  assert.deepEqual(rig.told, ["commit of 2"]);
  rig.finish();
  await settle();
  assert.deepEqual(rig.told, ["commit of 2", "a stored as 1", "b stored as 2", "published a", "published b"]);
});

Deno.test("D8 commands gather while a commit runs: one batch in flight, one batch waiting", async () => {
  const rig = new QueueRig();
  rig.manual = true;
  rig.say("a");
  await settle();
  for (const text of ["b", "c", "d"]) rig.say(text);
  await settle();
  assert.deepEqual(rig.told, ["commit of 1"]);
  assert.equal(rig.queue.length, 3);
  rig.finish();
  await settle();
  // The next commit starts before the answers to the one before it.
  assert.deepEqual(rig.told.slice(1), ["commit of 3", "a stored as 1", "published a"]);
  rig.finish();
  await settle();
  assert.deepEqual(rig.batches.map((batch) => batch.length), [1, 3]);
  assert.deepEqual(rig.queue.counters, { batches: 2, commands: 4, events: 4, failures: 0 });
});

Deno.test("L5 a batch holds at most batchCommands", async () => {
  const rig = new QueueRig({ batchCommands: 2 });
  for (const text of ["a", "b", "c", "d", "e"]) rig.say(text);
  await settle();
  assert.deepEqual(rig.batches.map((batch) => batch.length), [2, 2, 1]);
  assert.equal(rig.store.head(7), 5);
});

Deno.test("L5 one who sends many at once holds up the others by one batch, and keeps the own order", async () => {
  const rig = new QueueRig({ userBatchCommands: 2, batchCommands: 4 });
  const told = () => rig.told.filter((line) => / stored as /.test(line)).map((line) => line.split(" ")[0]);
  for (const text of ["a1", "a2", "a3", "a4", "a5"]) rig.say(text, { actorId: 2 });
  for (const text of ["b1", "b2", "b3"]) rig.say(text, { actorId: 3 });
  rig.say("c1", { actorId: 4 });
  await settle();
  assert.deepEqual(told(), ["a1", "a2", "b1", "b2", "a3", "a4", "b3", "c1", "a5"]);
  assert.deepEqual(rig.batches.map((batch) => batch.length), [4, 4, 1]);
});

Deno.test("L5 one command too many is refused with the time to wait", async () => {
  const rig = new QueueRig({ queuedCommands: 1 });
  rig.manual = true;
  rig.say("a");
  await settle();
  rig.say("b");
  const refusals: unknown[] = [];
  rig.say("c", { fail: (error) => refusals.push(error) });
  assert.equal(refusals.length, 0, "not within the push");
  await settle();
  const [refusal] = refusals;
  assert(refusal instanceof ChatError);
  assert.equal(refusal.code, Code.RESOURCE_EXHAUSTED);
  assert(refusal.retryAfterMs > 0);
});

Deno.test("K2 the same key twice in one batch is stored once and answered twice", async () => {
  const rig = new QueueRig();
  rig.say("a", { key: "k" });
  rig.say("again", { key: "k" });
  rig.say("other", { key: "k", actorId: 3 });
  await settle();
  assert.deepEqual(rig.told, [
    "commit of 2",
    "a stored as 1",
    "again stored as 1",
    "other stored as 2",
    "published a",
    "published other",
  ]);
});

Deno.test("K2 a key that was stored before is answered with the first result and not published", async () => {
  const rig = new QueueRig();
  rig.say("a", { key: "k" });
  await settle();
  rig.told.length = 0;
  rig.say("again", { key: "k" });
  await settle();
  assert.deepEqual(rig.told, ["commit of 1", "again stored as 1"]);
});

Deno.test("K3 a key that was used for another command is refused", async () => {
  const rig = new QueueRig();
  rig.say("a", { key: "k" });
  rig.say("b", { key: "k", first: "messageEdited" });
  await settle();
  assert.equal(rig.told[2], "b failed: Key not usable: it was used for another command");
});

Deno.test("K2 a command that is refused now is answered with its first result", async () => {
  const rig = new QueueRig();
  const refuse = () => {
    throw new ChatError(Code.NOT_FOUND, "No such channel");
  };
  rig.say("a", { key: "k" });
  await settle();
  rig.say("retry", { key: "k", decide: refuse });
  rig.say("new", { key: "l", decide: refuse });
  await settle();
  assert.deepEqual(rig.told.slice(3), ["retry stored as 1", "new failed: No such channel"]);
});

Deno.test("K7 a repeated key does not change what its neighbours are decided on", async () => {
  const rig = new QueueRig();
  const join = { stream: 7, body: { case: "memberJoined", value: { userId: 5, role: 1 } } } as const;
  const leave = { stream: 7, body: { case: "memberLeft", value: { userId: 5, reason: 2 } } } as const;
  rig.say("join", { key: "k", first: "memberJoined", decide: () => ({ events: [join] }) });
  await settle();
  rig.say("leave", { first: "memberLeft", decide: () => ({ events: [leave] }) });
  await settle();
  let member: boolean | undefined;
  rig.say("again", { key: "k", first: "memberJoined", decide: () => ({ events: [join] }) });
  rig.say("look", {
    decide: (facts) => {
      member = facts.membership(7, 5) !== undefined;
      return { events: [], unchanged: { case: "done", value: {} } };
    },
  });
  await settle();
  assert.equal(member, false, "the join is not stored a second time");
});

Deno.test("D4 a failing commit answers unavailable and publishes nothing; the queue goes on", async () => {
  const rig = new QueueRig();
  rig.fate = () => Promise.reject(new StoreFailure("disk full"));
  rig.say("a", { key: "k" });
  rig.say("again", { key: "k" });
  await settle();
  const unavailable = "failed: The server cannot store now: send again";
  assert.deepEqual(rig.told, ["commit of 1", `a ${unavailable}`, `again ${unavailable}`]);
  assert.equal(rig.queue.counters.failures, 1);
  rig.say("a", { key: "k" });
  await settle();
  assert.deepEqual(rig.told.slice(3), ["commit of 1", "a stored as 1", "published a"]);
});

Deno.test("D1 an answer that rests on a decision waits for its commit, and falls with it", async () => {
  const done = { case: "done", value: {} } as const;
  for (const fails of [false, true]) {
    const rig = new QueueRig();
    rig.manual = true;
    if (fails) rig.fate = () => Promise.reject(new StoreFailure("disk full"));
    rig.say("first", { decide: () => ({ events: [], unchanged: done }) });
    rig.say("a");
    rig.say("nothing to do", { decide: () => ({ events: [], unchanged: done }) });
    await settle();
    assert.deepEqual(rig.told, ["commit of 1"]);
    rig.finish();
    await settle();
    assert.equal(rig.told[1], "first done", "what stood before every decision is true in any case");
    const last = rig.told.find((line) => line.startsWith("nothing to do"));
    assert.equal(last?.includes("done"), !fails);
  }
});

Deno.test("D3 a draft that the store refuses fails alone", async () => {
  const rig = new QueueRig();
  rig.fate = async (batch) => {
    const [a, c] = await rig.store.commit([batch[0]!, batch[2]!]);
    return [a!, { status: "failed", error: new Error("constraint") }, c!];
  };
  for (const text of ["a", "b", "c"]) rig.say(text);
  await settle();
  assert.deepEqual(rig.told.slice(1, 4), ["a stored as 1", "b failed: constraint", "c stored as 2"]);
  assert.deepEqual(rig.told.slice(4), ["published a", "published c"]);
});

Deno.test("D3 an answer that throws keeps nobody else from theirs", async () => {
  const rig = new QueueRig();
  const explode = () => {
    throw new Error("boom");
  };
  rig.say("a", { settle: explode });
  rig.say("b");
  await settle();
  rig.say("c");
  await settle();
  assert.deepEqual(rig.told, [
    "commit of 2",
    "b stored as 2",
    "published a",
    "published b",
    "commit of 1",
    "c stored as 3",
    "published c",
  ]);
  assert.match(rig.log.lines.join(), /boom/);
});

Deno.test("S6 a decision sees the batch so far, and nothing of a batch that failed", async () => {
  const rig = new QueueRig();
  const user = { id: 9, name: "nine", displayName: "", role: 1, disabled: false } as const;
  const event = { stream: 1, body: { case: "userAdded", value: { user } } } as const;
  const seen: boolean[] = [];
  const look = () =>
    rig.say("look", {
      decide: (facts) => {
        seen.push(facts.userByName("nine") !== undefined);
        return { events: [], unchanged: { case: "done", value: {} } };
      },
    });
  rig.fate = () => Promise.reject(new StoreFailure("disk full"));
  rig.say("add", { decide: () => ({ events: [event] }) });
  look();
  await settle();
  look();
  await settle();
  assert.deepEqual(seen, [true, false]);
});

Deno.test("O1 closing commits what is queued and refuses the rest", async () => {
  const rig = new QueueRig();
  rig.manual = true;
  rig.say("a");
  await settle();
  rig.say("b");
  let closed = false;
  const closing = rig.queue.close().then(() => closed = true);
  rig.say("late");
  await settle();
  assert(!closed);
  rig.finish();
  await settle();
  rig.finish();
  await closing;
  assert.equal(rig.store.head(7), 2);
  assert(rig.told.includes("late failed: The server is stopping: reconnect and send again"));
});

Deno.test("D8 a queue that cannot go on says so, keeps nobody waiting, and takes nothing more", async () => {
  const rig = new QueueRig();
  rig.manual = true;
  // Stored, as the store says, but no event at all: what the facts are now, nobody knows.
  rig.fate = () => Promise.resolve([{ status: "stored", events: [undefined as unknown as Event] }]);
  rig.say("a");
  await settle();
  rig.say("b");
  rig.finish();
  await settle();
  assert.equal(rig.fatal.length, 1);
  assert(rig.fatal[0] instanceof TypeError);
  rig.say("c");
  await settle();
  assert.deepEqual(rig.told.slice(1), [
    "b failed: The server cannot store now: send again",
    "c failed: The server is stopping: reconnect and send again",
  ]);
  await rig.queue.close();
});

Deno.test("D8 what rests on a draft that failed alone has to be asked again; what came before it is answered", async () => {
  const rig = new QueueRig();
  const nothing = () => ({ events: [], unchanged: { case: "done", value: {} } as const });
  rig.fate = async ([first]) => {
    const [outcome] = await rig.store.commit([first!]);
    return [outcome!, { status: "failed", error: new Error("this row cannot be stored") }];
  };
  rig.say("first");
  rig.say("before", { decide: nothing });
  rig.say("broken");
  rig.say("after", { decide: nothing });
  await settle();
  assert.deepEqual(rig.told, [
    "commit of 2",
    "first stored as 1",
    "before done",
    "broken failed: this row cannot be stored",
    "after failed: The server cannot store now: send again",
    "published first",
  ]);
});

Deno.test("O10 a pause keeps commands until the queue goes on, and waits for the commit that runs", async () => {
  const rig = new QueueRig();
  rig.manual = true;
  rig.say("a");
  await settle();
  rig.say("b");
  let paused = false;
  void rig.queue.pause().then(() => paused = true);
  await settle();
  assert.equal(paused, false);
  rig.finish();
  await settle();
  rig.say("c");
  await settle();
  assert.equal(paused, true);
  assert.deepEqual(rig.told, ["commit of 1", "a stored as 1", "published a"]);
  rig.queue.resume();
  await settle();
  rig.finish();
  await settle();
  assert.deepEqual(rig.batches.map((batch) => batch.length), [1, 2]);
  assert.deepEqual(rig.told.slice(-4), ["b stored as 2", "c stored as 3", "published b", "published c"]);
});

Deno.test("O10 what a pause keeps is refused when it takes too long, and when the server ends", async () => {
  const rig = new QueueRig();
  await rig.queue.pause();
  rig.say("a");
  rig.queue.refuseKept("another has it");
  rig.say("b");
  await settle();
  assert.deepEqual(rig.told, ["a failed: another has it", "b failed: another has it"]);
  rig.queue.resume();
  rig.say("c");
  await settle();
  assert.deepEqual(rig.told.slice(2), ["commit of 1", "c stored as 1", "published c"]);
  await rig.queue.pause();
  rig.say("d");
  await rig.queue.close();
  assert.match(rig.told.at(-1)!, /^d failed: The server is stopping/);
  assert.equal(rig.batches.length, 1);
});
