import assert from "node:assert/strict";
import { EVENTS, TOMBSTONE } from "../../src/store/events/mod.ts";
import { EventSchema } from "../../src/wire/gen/rookery/v1/event_pb.ts";

Deno.test("every event has the number in the database that the contract gives it, and a deleted message one of its own", () => {
  const ours = Object.entries(EVENTS).map(([name, { kind }]) => [name, kind]);
  const body = EventSchema.oneofs.find(({ localName }) => localName === "body")!;
  const theirs = body.fields.map(({ localName, number }) => [localName, number]);
  assert.deepEqual(Object.fromEntries(ours), Object.fromEntries(theirs));
  assert.ok(ours.every(([, kind]) => kind !== TOMBSTONE));
});
