import assert from "node:assert/strict";
import { login, request, RookeryClient, RookeryError } from "../../src/client/mod.ts";
import { Place } from "./program.ts";

const PASSWORD = "correct horse\n";

async function placeWithUsers(...names: readonly string[]): Promise<{ place: Place; url: string }> {
  const place = new Place();
  for (const [i, name] of names.entries()) {
    const role = i === 0 ? "owner" : "member";
    await place.ok(["user", "add", name, "--role", role, "--password-stdin"], { stdin: PASSWORD });
  }
  const { url } = await place.serve();
  return { place, url };
}

Deno.test("two people talk, and everybody sees the same order", async () => {
  const { place, url } = await placeWithUsers("ada", "bob");
  await using _ = place;
  const talk = (user: string) =>
    place.start(["chat", url, "--user", user, "--password-stdin", "--channel", "general", "--follow"]);
  const ada = talk("ada");
  await ada.type(PASSWORD);
  await ada.complaint(/in #general as ada/);
  const bob = talk("bob");
  await bob.type(PASSWORD);
  await bob.complaint(/in #general as bob/);
  await ada.type("Hello Bob\n");
  await bob.output(/ada: Hello Bob\n/);
  await bob.type("Grüß dich, 你好 👋\n");
  await ada.output(/bob: Grüß dich, 你好 👋\n/);
  await ada.type("Bye\n");
  await Promise.all([ada, bob].map((screen) => screen.output(/ada: Bye\n/)));
  const ended = await Promise.all([ada.stop("SIGINT"), bob.stop("SIGTERM")]);
  assert.deepEqual(ended.map(({ code }) => code), [0, 0]);
  const said = ended.map(({ stdout }) => stdout.replaceAll(/^\d\d:\d\d /gm, ""));
  assert.deepEqual(said, Array(2).fill("ada: Hello Bob\nbob: Grüß dich, 你好 👋\nada: Bye\n"));
});

Deno.test("the session is kept for the next time, for its owner only, unless that is not wanted", async () => {
  const { place, url } = await placeWithUsers("ada");
  await using _ = place;
  const file = `${place.folder}/home/sessions.json`;
  const chat = ["chat", url, "--channel", "general"];
  const signIn = [...chat, "--user", "ada", "--password-stdin"];
  await place.ok([...signIn, "--no-save"], { stdin: `${PASSWORD}one\n` });
  await assert.rejects(Deno.stat(file), Deno.errors.NotFound);
  await place.ok(signIn, { stdin: `${PASSWORD}two\n` });
  assert.equal((await Deno.stat(file)).mode! & 0o777, 0o600);
  const again = await place.ok([...chat, "--history", "2"], { stdin: "three\n" });
  assert.equal(again.replaceAll(/^\d\d:\d\d /gm, ""), "ada: one\nada: two\nada: three\n");

  await place.ok(["user", "passwd", "ada", "--password-stdin"], { stdin: "another one" });
  const { code, stderr } = await place.run(chat, { stdin: "four\n" });
  assert.equal(code, 2);
  assert.match(stderr, /^rookery: Not signed in: .*\n$/);
});

Deno.test("A5 a terminal that has logged in once is let in while others guess, also after a logout", async () => {
  const { place, url } = await placeWithUsers("ada", "bob");
  await using _ = place;
  const file = `${place.folder}/home/sessions.json`;
  const saved = async () => JSON.parse(await Deno.readTextFile(file)).servers[url];
  const signIn = (name: string, ...more: string[]) =>
    place.run(["chat", url, "--channel", "general", "--user", name, "--password-stdin", ...more], {
      stdin: PASSWORD,
    });
  for (const name of ["bob", "ada"]) assert.equal((await signIn(name)).code, 0);
  const [bob, ada] = await saved();
  assert.deepEqual([bob.name, ada.name], ["bob", "ada"]);
  assert.notEqual(bob.deviceCredential, ada.deviceCredential);
  await request(url, ["logout", {}], { token: ada.token });
  await guessUntilRefused(url, "ada");

  const stranger = await signIn("ada", "--no-save");
  assert.equal(stranger.code, 1);
  assert.match(stranger.stderr, /^rookery: Too many/);
  const known = await signIn("Ada");
  assert.equal(known.code, 0, known.stderr);
  const [, again, ...others] = await saved();
  assert.deepEqual([again.name, others], ["ada", []]);
  assert.notEqual(again.token, ada.token);
  assert.match(again.deviceCredential, /^[\w-]{38}$/);
  assert.equal((await Deno.stat(file)).mode! & 0o777, 0o600);
});

/** Guesses from the terminal's own address until strangers, and that address, have no attempt left. */
async function guessUntilRefused(url: string, name: string): Promise<void> {
  for (;;) {
    try {
      await login(url, { name, password: "a guess at it" });
    } catch (error) {
      if (!(error instanceof RookeryError)) throw error;
      if (error.code === "resource_exhausted") return;
      assert.equal(error.code, "unauthenticated");
    }
  }
}

Deno.test("a session may come from the environment, or from a file that it names", async () => {
  const { place, url } = await placeWithUsers("ada");
  await using _ = place;
  const chat = ["chat", url, "--channel", "general"];
  await place.ok([...chat, "--user", "ada", "--password-stdin"], { stdin: PASSWORD });
  const { servers } = JSON.parse(await Deno.readTextFile(`${place.folder}/home/sessions.json`));
  const [{ token }] = servers[url];
  const [secret, elsewhere] = [`${place.folder}/token`, `${place.folder}/elsewhere`];
  await Deno.writeTextFile(secret, `${token}\n`);
  const home = { ROOKERY_HOME: elsewhere };
  const options = { stdin: "from a file\n", env: { ...home, ROOKERY_TOKEN_FILE: secret } };
  assert.match(await place.ok(chat, options), /ada: from a file\n$/);
  const both = await place.run(chat, { env: { ...home, ROOKERY_TOKEN: token, ROOKERY_TOKEN_FILE: secret } });
  assert.equal(both.code, 2);
  assert.equal(both.stderr, "rookery: ROOKERY_TOKEN and ROOKERY_TOKEN_FILE are both set: choose one\n");
  await assert.rejects(Deno.stat(elsewhere), Deno.errors.NotFound);
});

Deno.test("what was sent during an outage arrives once", async () => {
  await using place = new Place();
  await place.ok(["user", "add", "ada", "--role", "owner", "--password-stdin"], { stdin: PASSWORD });
  const first = await place.serve();
  const ada = place.start(["chat", first.url, "--user", "ada", "--password-stdin", "--channel", "general"]);
  await ada.type(PASSWORD);
  await ada.complaint(/in #general as ada/);
  await first.program.stop();
  await ada.complaint(/reconnecting/);
  await ada.type("written in the dark\n");
  await ada.endInput();
  await place.serve(["--port", new URL(first.url).port]);
  const { code, stdout } = await ada.finished();
  assert.equal(code, 0);
  assert.match(stdout, /^\d\d:\d\d ada: written in the dark\n$/);
});

Deno.test("characters that turn the direction of text do not reach the terminal", async () => {
  const { place, url } = await placeWithUsers("ada");
  await using _ = place;
  const stdin = `${PASSWORD}\u202ebackwards\n`;
  const said = await place.ok(["chat", url, "--user", "ada", "--password-stdin", "--channel", "general"], {
    stdin,
  });
  assert.match(said, /^\d\d:\d\d ada: backwards\n$/);
});

Deno.test("A13 a channel of any script is entered from a pipe by any spelling of its name", async () => {
  const { place, url } = await placeWithUsers("ada", "bob");
  await using _ = place;
  const [ada, bob] = await Promise.all(
    ["ada", "bob"].map((name) => login(url, { name, password: PASSWORD.trim() })),
  );
  await using client = new RookeryClient(url, { token: ada!.token });
  await client.live();
  const { id: office } = await client.createChannel("Büro");
  const { id: board } = await client.createChannel("公告");
  const spellings: [typed: string, stored: string, id: number][] = [
    ["büro", "büro", office],
    ["#BU\u0308RO", "büro", office],
    ["ＢÜＲＯ", "büro", office],
    ["公告", "公告", board],
    ["＃公告", "公告", board],
  ];
  for (const [typed, stored, id] of spellings) {
    const chat = ["chat", url, "--no-save", "--channel", typed];
    const { code, stdout, stderr } = await place.run(chat, {
      stdin: `to ${typed}\n`,
      env: { ROOKERY_TOKEN: bob!.token },
    });
    assert.equal(code, 0, stderr);
    assert.equal(stderr, `rookery: in #${stored} as bob\n`);
    assert.match(stdout, new RegExp(`bob: to ${typed}\n$`));
    const { messages } = await client.history(id, { limit: 1 });
    assert.equal(messages[0]?.text, `to ${typed}`);
  }
  const link = await place.ok(["invite", "create", "--channel", "#BU\u0308RO"]);
  assert.match(link, /#invite=/);
});

Deno.test("a message that is refused is told, and the exit code says so", async () => {
  const { place, url } = await placeWithUsers("ada");
  await using _ = place;
  const chat = ["chat", url, "--user", "ada", "--password-stdin", "--channel", "general"];
  const { code, stdout, stderr } = await place.run(chat, { stdin: `${PASSWORD}\u200b\nfi\x01ne\n` });
  assert.equal(code, 1);
  assert.match(stderr, /^rookery: Message not sent: .*$/m);
  assert.match(stderr, /^rookery: A control character was left out$/m);
  assert.match(stdout, /ada: fine\n$/);
});

Deno.test("a wrong password and a server that is not there are one line", async () => {
  const { place, url } = await placeWithUsers("ada");
  await using _ = place;
  const args = (base: string) => ["chat", base, "--user", "ada", "--password-stdin", "--channel", "general"];
  const wrong = await place.run(args(url), { stdin: "not this one\n" });
  assert.deepEqual({ ...wrong }, { code: 1, stdout: "", stderr: "rookery: Name or password is wrong\n" });
  const nobody = await place.run(args("http://127.0.0.1:1"), { stdin: PASSWORD });
  assert.equal(nobody.code, 1);
  assert.match(nobody.stderr, /^rookery: No answer from http:\/\/127\.0\.0\.1:1.*\n$/);
});

Deno.test("a pipe in which nothing comes ends on a signal and after its time, and tells what was not stored", async () => {
  const { place, url } = await placeWithUsers("ada");
  await using _ = place;
  const chat = ["chat", url, "--user", "ada", "--channel", "general"];
  await place.ok([...chat, "--password-stdin"], { stdin: PASSWORD });
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    const waiting = place.start(chat);
    await waiting.complaint(/in #general as ada/);
    waiting.signal(signal);
    // Its input stays open.
    assert.equal((await waiting.finished()).code, 0, signal);
  }
  const timed = place.start([...chat, "--timeout", "2"]);
  assert.equal((await timed.finished()).code, 0);
  const silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = silent.addr as Deno.NetAddr;
  const env = { ROOKERY_TOKEN: "x".repeat(43) };
  const nowhere = place.start(
    ["chat", `http://127.0.0.1:${port}`, "--channel", "general", "--timeout", "2"],
    { env },
  );
  const { code, stderr } = await nowhere.finished();
  silent.close();
  assert.equal(code, 1);
  assert.match(stderr, /Ended before the channel was reached: nothing was sent\n$/);
});

Deno.test("a proxy of the environment is not asked for what is on this machine", async () => {
  const { place, url } = await placeWithUsers("ada");
  await using _ = place;
  const { port } = new URL(url);
  const dead = {
    HTTP_PROXY: "http://127.0.0.1:9",
    http_proxy: "http://127.0.0.1:9",
    HTTPS_PROXY: "http://127.0.0.1:9",
  };
  for (const [host, noProxy] of [["127.0.0.1", undefined], ["localhost", "example.org"]] as const) {
    const env = { ...dead, ...(noProxy ? { NO_PROXY: noProxy } : {}) };
    const args = [
      "chat",
      `http://${host}:${port}`,
      "--user",
      "ada",
      "--password-stdin",
      "--channel",
      "general",
    ];
    assert.match(
      await place.ok([...args, "--no-save"], { stdin: `${PASSWORD}hello\n`, env }),
      /ada: hello\n$/,
    );
  }
  const cli = { env: dead, permissions: "cli" } as const;
  assert.match(await place.ok(["user", "list"], cli), /ada/);
  const { stdout } = await place.run(["doctor", "--url", url], cli);
  assert.doesNotMatch(stdout, /Nobody listens there|cannot be reached/);
});
