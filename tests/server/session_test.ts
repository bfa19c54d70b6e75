/** What ends a session ends its sockets, at once; and what survives a cut or a restart. */
import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { login, request } from "../../src/client/mod.ts";
import { type Person, Rig, until } from "./rig.ts";
import { WireSocket } from "./wire_socket.ts";

const SESSION_ENDED = 3500;

async function general(rig: Rig): Promise<{ olga: Person; pia: Person; channelId: number }> {
  const olga = await rig.owner();
  const pia = await rig.person("pia");
  return { olga, pia, channelId: rig.app.core.store.channelByName("general")!.id };
}

/** The socket ends as the session's, and stays silent while others hear a message. */
async function endsSilently(rig: Rig, { wire, by, channelId }: {
  wire: WireSocket;
  by: Person;
  channelId: number;
}): Promise<void> {
  equal((await wire.closed).code, SESSION_ENDED);
  const before = wire.items.length;
  await using witness = await rig.live(by);
  await witness.sendMessage(channelId, "after the end");
  await until(
    "the witness hears it",
    () => witness.replica.channels.get(channelId)!.messages.at(-1)?.text === "after the end",
  );
  equal(wire.items.length, before);
}

function credentials({ name, password }: Person): { name: string; password: string } {
  return { name, password };
}

Deno.test("a revoked session's socket ends with 3500 and gets nothing more", async () => {
  await using rig = await Rig.start();
  const { olga, pia, channelId } = await general(rig);
  const second = await login(rig.url, { name: pia.name, password: pia.password });
  const wire = await WireSocket.open(rig.socketUrl, { token: second.token });
  await request(rig.url, ["revokeSessions", { sessionId: second.sessionId }], { token: pia.token });
  await endsSilently(rig, { wire, by: olga, channelId });
  await rejects(request(rig.url, ["listSessions", {}], { token: second.token }), { code: "unauthenticated" });
  equal((await request(rig.url, ["listSessions", {}], { token: pia.token })).sessions.length, 1);
  deepEqual(rig.errors(), []);
});

Deno.test("logging out ends the socket of that session alone", async () => {
  await using rig = await Rig.start();
  const { olga, pia, channelId } = await general(rig);
  const other = await login(rig.url, { name: pia.name, password: pia.password });
  const wire = await WireSocket.open(rig.socketUrl, { token: pia.token });
  const kept = await WireSocket.open(rig.socketUrl, { token: other.token, json: true });
  await request(rig.url, ["logout", {}], { token: pia.token });
  await endsSilently(rig, { wire, by: olga, channelId });
  await kept.take("event", ({ body }) => body.case === "messageSent");
  await kept.close();
});

Deno.test("a disabled account is out, and in again when it is enabled", async () => {
  await using rig = await Rig.start();
  const { olga, pia, channelId } = await general(rig);
  const wire = await WireSocket.open(rig.socketUrl, { token: pia.token, json: true });
  const disable = (disabled: boolean) =>
    request(rig.url, ["setUserDisabled", { userId: pia.user.id, disabled }], { token: olga.token });
  await disable(true);
  await endsSilently(rig, { wire, by: olga, channelId });
  await rejects(login(rig.url, credentials(pia)), { code: "unauthenticated" });
  await disable(false);
  await rejects(request(rig.url, ["listSessions", {}], { token: pia.token }), { code: "unauthenticated" });
  ok((await login(rig.url, credentials(pia))).token);
});

Deno.test("a changed password ends the other sockets, not the one that asked", async () => {
  await using rig = await Rig.start();
  const { olga, pia, channelId } = await general(rig);
  const other = await login(rig.url, credentials(pia));
  const wire = await WireSocket.open(rig.socketUrl, { token: other.token });
  const mine = await WireSocket.open(rig.socketUrl, { token: pia.token });
  const value = { oldPassword: pia.password, newPassword: "another password" };
  mine.send({ id: 7, key: "change", body: { case: "changePassword", value } });
  equal((await mine.reply(7)).result.case, "stored");
  await endsSilently(rig, { wire, by: olga, channelId });
  await mine.take("event", ({ body }) => body.case === "messageSent");
  await rejects(login(rig.url, credentials(pia)), { code: "unauthenticated" });
  ok((await login(rig.url, { name: pia.name, password: "another password" })).token);
  await mine.close();
});

Deno.test("a client resumes after a cut and after a restart, without a hole or a double", async () => {
  await using rig = await Rig.start();
  const { olga, pia, channelId } = await general(rig);
  await using writer = await rig.live(olga, { format: "json" });
  const first = await rig.live(pia);
  await writer.sendMessage(channelId, "one");
  await until("one", () => first.replica.channels.get(channelId)!.messages.length === 1);
  const resume = first.resumePoint();
  await first.close();

  await writer.sendMessage(channelId, "two");
  await writer.editMessage({ channelId, seq: (await writer.sendMessage(channelId, "tree")).seq }, "three");
  const seen: unknown[] = [];
  await using back = rig.client(pia, { resume });
  back.on("event", ({ stream, body }) => stream === channelId && seen.push(body.case));
  await back.live();
  deepEqual(seen, ["messageSent", "messageSent", "messageEdited"]);

  await rig.restart();
  await Promise.all([writer.live(), back.live()]);
  await writer.sendMessage(channelId, "four");
  await until("four", () => back.replica.channels.get(channelId)!.messages.at(-1)?.text === "four");
  for (const { stats } of [writer, back]) {
    deepEqual([stats.doubled, stats.gaps, stats.reloads], [0, 0, 0]);
  }
  equal(back.stats.connections, 2);
  deepEqual(rig.errors(), []);
});

Deno.test("L8 what the server itself has made is taken back with the shortest keys that can be configured", async () => {
  await using rig = await Rig.start({ limits: { keyBytes: 22 } });
  const { pia, channelId } = await general(rig);
  const first = await login(rig.url, credentials(pia));
  const { deviceCredential } = first;
  ok((await login(rig.url, { ...credentials(pia), deviceCredential })).token);
  const cut = await rig.live(pia);
  const resume = cut.resumePoint();
  await cut.close();
  await using back = rig.client(pia, { resume });
  await back.live();
  deepEqual([back.stats.reloads, back.replica.channels.has(channelId)], [0, true]);
  deepEqual(rig.errors(), []);
});

Deno.test("clients are told goodbye when the server stops", async () => {
  await using rig = await Rig.start();
  const { olga } = await general(rig);
  const wire = await WireSocket.open(rig.socketUrl, { token: olga.token });
  await rig.stop();
  equal((await wire.take("goodbye")).code, 3000);
  equal((await wire.closed).code, 3000);
});

Deno.test("a retry with the same key gets the first result, also after a restart", async () => {
  await using rig = await Rig.start();
  const { olga, channelId } = await general(rig);
  const send = (text: string, format: "proto" | "json") =>
    request(rig.url, ["sendMessage", { channelId, text }], { token: olga.token, key: "once", format });
  const first = await send("the first", "proto");
  const { stream, seq, timeMs } = first;
  const again = await send("the first", "json");
  deepEqual([again.stream, again.seq, again.timeMs], [stream, seq, timeMs]);
  await rig.restart();
  const late = await send("the first", "proto");
  deepEqual([late.stream, late.seq, late.timeMs], [stream, seq, timeMs]);
  const { messages } = await request(rig.url, ["getHistory", { channelId }], { token: olga.token });
  deepEqual(messages.map(({ text }) => text), ["the first"]);
  const other = await request(rig.url, ["createChannel", { name: "other" }], {
    token: olga.token,
    key: "once",
  });
  equal(other.name, "other", "K3: with another kind of command it is another key");
});
