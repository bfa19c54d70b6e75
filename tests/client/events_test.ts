import assert from "node:assert/strict";
import type { Event } from "../../src/client/mod.ts";
import { CHANNEL, event, ME, sent } from "./fake_server.ts";
import { liveHarness } from "./harness.ts";

async function collect(events: AsyncIterable<Event>): Promise<number[]> {
  const seqs: number[] = [];
  for await (const { seq } of events) seqs.push(seq);
  return seqs;
}

Deno.test("events are iterated in order until the client is closed", async () => {
  const { server, client } = await liveHarness();
  const all = collect(client.events());
  const one = collect(client.events({ stream: CHANNEL }));
  await server.socket.say(sent(11), event(ME, 5, { body: { case: "passwordChanged", value: {} } }), sent(12));
  await server.socket.say(sent(12));
  await client.close();
  assert.deepEqual(await all, [11, 5, 12]);
  assert.deepEqual(await one, [11, 12]);
});

Deno.test("an iterator ends by its signal or by leaving the loop", async () => {
  const { server, client } = await liveHarness();
  const abort = new AbortController();
  const aborted = collect(client.events({ signal: abort.signal }));
  const left = client.events();
  await server.socket.say(sent(11));
  for await (const _ of left) break;
  await server.socket.say(sent(12));
  assert.equal(left.queued, 0);
  abort.abort();
  assert.deepEqual(await aborted, [11, 12]);
  await client.close();
});

Deno.test("an iterator throws rather than leave a hole", async () => {
  const { server, client } = await liveHarness({ eventQueue: 2 });
  const slow = client.events();
  await server.socket.say(sent(11), sent(12), sent(13), sent(14));
  assert.deepEqual([(await slow.next()).value?.seq, (await slow.next()).value?.seq], [11, 12]);
  await assert.rejects(slow.next(), { code: "resource_exhausted" });
  assert.deepEqual(await slow.next(), { done: true, value: undefined });

  const reloaded = client.events({ stream: CHANNEL });
  const other = client.events({ stream: ME });
  const waiting = assert.rejects(reloaded.next(), { code: "failed_precondition" });
  await server.socket.say({ case: "reload", value: { stream: CHANNEL, headSeq: 99 } });
  await waiting;
  const ended = assert.rejects(other.next(), { code: "unauthenticated" });
  await server.socket.drop(3500, "revoked");
  await ended;
});

Deno.test("a listener that is taken off hears nothing more", async () => {
  const { server, client } = await liveHarness();
  const seqs: number[] = [];
  const off = client.on("event", ({ seq }) => seqs.push(seq));
  await server.socket.say(sent(11));
  off();
  await server.socket.say(sent(12));
  assert.deepEqual(seqs, [11]);
  await client.close();
});
