import assert from "node:assert/strict";
import { type App, startApp } from "../../src/app.ts";
import { login, register, RookeryClient, serverInfo, type SessionToken } from "../../src/client/mod.ts";
import { loadConfig } from "../../src/config.ts";
import { Logger } from "../../src/logger.ts";
import { until } from "../until.ts";
import { cuttingWebSocket, seeded } from "./cutting_web_socket.ts";

const PASSWORD = "correct horse";

async function withServer(run: (start: () => Promise<App>) => Promise<void>): Promise<void> {
  const data = await Deno.makeTempDir();
  let port = 0;
  const start = async () => {
    const args = ["--data", data, "--port", `${port}`, "--registration", "open", "--bcrypt-cost", "4"];
    const config = loadConfig({ args, env: () => undefined, readFile: Deno.readTextFileSync });
    const app = await startApp(config, new Logger({ level: "error" }));
    port = app.port;
    return app;
  };
  try {
    await run(start);
  } finally {
    await Deno.remove(data, { recursive: true });
  }
}

async function account(url: string, name: string): Promise<SessionToken> {
  return await register(url, { name, password: PASSWORD, device: "test" });
}

Deno.test("a conversation is listed for the one who opened it, and for the others when something was said", () =>
  withServer(async (start) => {
    await using app = await start();
    const base = `http://127.0.0.1:${app.port}`;
    const [ada, bob] = [await account(base, "ada"), await account(base, "bob")];
    await using first = new RookeryClient(base, { token: ada.token });
    await using second = new RookeryClient(base, { token: bob.token });
    await Promise.all([first.live(), second.live()]);
    const told = second.events();
    const { id } = await first.openDirect([bob.user.id]);
    for await (const { body } of told) if (body.case === "channelGained") break;
    await until("the conversation is there", () => second.replica.channels.has(id));
    const listed = (client: RookeryClient) => client.replica.channels.get(id)?.listed;
    assert.deepEqual([listed(first), listed(second)], [true, false]);
    await using again = new RookeryClient(base, { token: bob.token });
    await again.live();
    assert.equal(listed(again), false);
    await first.sendMessage(id, "psst");
    await until("it is listed", () => listed(second) === true && listed(again) === true);
    await using later = new RookeryClient(base, { token: bob.token });
    await later.live();
    assert.equal(listed(later), true);
  }));

for (const format of ["proto", "json"] as const) {
  Deno.test(`two people talk over a real server (${format})`, () =>
    withServer(async (start) => {
      await using app = await start();
      const base = `http://127.0.0.1:${app.port}`;
      assert.equal((await serverInfo(base, { format })).limits.pageItems, 100);
      const ada = await account(base, "ada");
      await account(base, "bob");
      const bob = await login(base, { name: "bob", password: PASSWORD }, { format });
      await using first = new RookeryClient(base, { token: ada.token, format });
      await using second = new RookeryClient(base, { token: bob.token, format });
      await Promise.all([first.live(), second.live()]);
      const channel = await first.createChannel("room", { topic: "everything" });
      await second.joinChannel(channel.id);
      const events = second.events({ stream: channel.id });
      const stored = await Promise.all(
        ["one", "two", "three"].map((text) => first.sendMessage(channel.id, text)),
      );
      await first.editMessage({ channelId: channel.id, seq: stored[0]!.seq }, "ONE");
      await first.addReaction({ channelId: channel.id, seq: stored[1]!.seq }, "👍");
      await first.deleteMessage({ channelId: channel.id, seq: stored[2]!.seq });
      for await (const { body } of events) if (body.case === "messageDeleted") break;
      const held = second.replica.channels.get(channel.id)!;
      assert.deepEqual(held.messages.map(({ seq }) => seq), stored.map(({ seq }) => seq));
      const page = await second.history(channel.id);
      assert.deepEqual(held.messages, page.messages);
      assert.equal(held.floorSeq, 0);
      assert.equal(held.unread, 2);
      assert.equal((await second.markRead(channel.id, held.headSeq)).stream, bob.user.id);
      assert.equal((await first.markRead(channel.id, 0)).seq, 0);
      await assert.rejects(second.deleteMessage(page.messages[0]!), { code: "permission_denied" });
      for (const { stats } of [first, second]) assert.equal(stats.doubled + stats.gaps + stats.reloads, 0);
    }));
}

Deno.test("a restart loses, doubles and reorders nothing", () =>
  withServer(async (start) => {
    let app = await start();
    const base = `http://127.0.0.1:${app.port}`;
    const ada = await account(base, "ada");
    const bob = await account(base, "bob");
    await using first = new RookeryClient(base, { token: ada.token, backoff: { capMs: 100 } });
    await using second = new RookeryClient(base, { token: bob.token, backoff: { capMs: 100 } });
    await Promise.all([first.live(), second.live()]);
    const channel = await first.createChannel("room");
    await second.joinChannel(channel.id);
    const events = second.events({ stream: channel.id });
    const texts = Array.from({ length: 300 }, (_, n) => `message ${n}`);
    const sends = texts.slice(0, 150).map((text) => first.sendMessage(channel.id, text));
    const restarted = app[Symbol.asyncDispose]().then(start);
    for (const text of texts.slice(150)) sends.push(first.sendMessage(channel.id, text));
    app = await restarted;
    await using _running = app;
    // The goodbye asks for a pause that the test need not sit out.
    first.connect();
    second.connect();
    await Promise.all(sends);
    const got: string[] = [];
    for await (const { body } of events) {
      if (body.case === "messageSent") got.push(body.value.text);
      if (got.length === texts.length) break;
    }
    assert.deepEqual(got, texts);
    for (const { stats } of [first, second]) assert.equal(stats.doubled + stats.gaps + stats.reloads, 0);
  }));

Deno.test("connections that are cut again and again lose, double and reorder nothing", () =>
  withServer(async (start) => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    console.log(`seed ${seed}`);
    const random = seeded(seed);
    await using app = await start();
    const base = `http://127.0.0.1:${app.port}`;
    const ada = await account(base, "ada");
    const bob = await account(base, "bob");
    const options = {
      backoff: { baseMs: 1, capMs: 5 },
      random,
      WebSocket: cuttingWebSocket(random, { frames: 12 }),
    };
    await using first = new RookeryClient(base, { token: ada.token, ...options });
    await using second = new RookeryClient(base, { token: bob.token, ...options });
    await Promise.all([first.live(), second.live()]);
    const channel = await first.createChannel("room");
    await second.joinChannel(channel.id);
    const events = second.events({ stream: channel.id });
    const texts = Array.from({ length: 400 }, (_, n) => `message ${n}`);
    const sends: Promise<unknown>[] = [];
    const got: string[] = [];
    const reading = (async () => {
      for await (const { body } of events) {
        if (body.case === "messageSent") got.push(body.value.text);
        if (got.length === texts.length) break;
      }
    })();
    for (const [n, text] of texts.entries()) {
      sends.push(first.sendMessage(channel.id, text));
      // Every now and then the sender waits for an answer, so that frames are of all sizes.
      if (random() < 0.2) await sends[n];
    }
    await Promise.all([...sends, reading]);
    assert.deepEqual(got, texts);
    for (const { stats } of [first, second]) assert.equal(stats.doubled + stats.gaps + stats.reloads, 0);
    assert.notEqual(first.stats.connections, 1);
  }));

Deno.test("a session that is revoked ends its client", () =>
  withServer(async (start) => {
    await using app = await start();
    const base = `http://127.0.0.1:${app.port}`;
    const ada = await account(base, "ada");
    const again = await login(base, { name: "ada", password: PASSWORD });
    await using first = new RookeryClient(base, { token: ada.token });
    await using second = new RookeryClient(base, { token: again.token });
    await Promise.all([first.live(), second.live()]);
    const ended = new Promise((resolve) =>
      second.on("state", ({ name }) => name === "ended" && resolve(name))
    );
    await first.revokeSessions({ allOthers: true });
    await ended;
    await using late = new RookeryClient(base, { token: again.token });
    await assert.rejects(late.live(), { code: "unauthenticated" });
    await first.logout();
    assert.equal(first.state.name, "ended");
    await assert.rejects(login(base, { name: "ada", password: "wrong password" }), {
      code: "unauthenticated",
    });
  }));
