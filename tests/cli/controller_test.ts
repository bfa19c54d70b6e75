import assert from "node:assert/strict";
import { startApp } from "../../src/app.ts";
import { commandOf } from "../../src/chat/command.ts";
import { OPERATOR } from "../../src/chat/model.ts";
import { Controller } from "../../src/cli/chat/controller.ts";
import { KeyDecoder } from "../../src/cli/chat/keys.ts";
import { login, RookeryClient } from "../../src/client/mod.ts";
import { loadConfig } from "../../src/config.ts";
import { Logger } from "../../src/logger.ts";

const PASSWORD = "correct horse";
const SIZE = { columns: 90, rows: 20 };

/** The screen of one user, without a terminal. */
class Screen implements AsyncDisposable {
  readonly client: RookeryClient;
  quit = false;
  readonly #base: string;
  readonly #token: string;
  readonly #controller: Controller;
  readonly #listening: Disposable;
  readonly #decoder = new KeyDecoder();
  #wake = Promise.withResolvers<void>();

  constructor(base: string, token: string, channel?: string) {
    [this.#base, this.#token] = [base, token];
    this.client = new RookeryClient(base, { token });
    this.#controller = new Controller({
      client: this.client,
      base,
      channel,
      redraw: () => this.#stir(),
      quit: () => this.quit = true,
    });
    this.#listening = this.#controller.listen();
    this.client.connect();
  }

  /** Another screen of the same user, which begins with a channel. */
  again(channel: string): Screen {
    return new Screen(this.#base, this.#token, channel);
  }

  type(input: string): void {
    for (const key of this.#decoder.decode(new TextEncoder().encode(input))) this.#controller.press(key);
    this.#stir();
  }

  /** Rows as they are now. */
  get text(): string {
    const { rows } = this.#controller.frame(SIZE);
    return rows.map((row) => row.map(({ text }) => text).join("").trimEnd()).join("\n");
  }

  /** Resolves with the screen as soon as it shows this. */
  async shows(pattern: RegExp): Promise<string> {
    for (;;) {
      const { text } = this;
      if (pattern.test(text)) return text;
      await this.#wake.promise;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listening[Symbol.dispose]();
    await this.client.close();
  }

  #stir(): void {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers();
  }
}

/** A server with these users, the first of them its owner, and a screen for each. */
async function withScreens(
  names: readonly string[],
  test: (...screens: readonly Screen[]) => Promise<void>,
): Promise<void> {
  await using cleanup = new AsyncDisposableStack();
  const data = await Deno.makeTempDir();
  cleanup.defer(() => Deno.remove(data, { recursive: true }));
  const args = ["--data", data, "--port", "0", "--bcrypt-cost", "4"];
  const config = loadConfig({ args, env: () => undefined, readFile: Deno.readTextFileSync });
  const app = cleanup.use(await startApp(config, new Logger({ level: "error" })));
  const screens: Screen[] = [];
  for (const [i, name] of names.entries()) {
    const value = { name, password: PASSWORD, displayName: "", role: i === 0 ? 3 : 1 } as const;
    await app.core.chat.execute(commandOf({ case: "addUser", value }), { principal: OPERATOR });
    const { token } = await login(app.url, { name, password: PASSWORD });
    screens.push(cleanup.use(new Screen(app.url, token)));
  }
  for (const screen of screens) await screen.shows(/#general[^]*● connected/);
  await test(...screens);
}

Deno.test("messages, replies, edits, reactions and deletions are shown to both", () =>
  withScreens(["ada", "bob"], async (ada, bob) => {
    ada.type("Hello @bob, 你好\r");
    const hello = /(\d+) \d\d:\d\d +ada ┃ Hello @bob, 你好/;
    const [, seq] = hello.exec(await bob.shows(hello))!;
    bob.type(`/reply ${seq} and hello to you\r`);
    await ada.shows(/bob │ ↱ ada: Hello @bob, 你好\n.*│ and hello to you/);
    bob.type(`/react ${seq} +1\r`);
    await ada.shows(/│ Hello @bob, 你好\n.*│ 👍 1/);
    ada.type("/edit Hi\r");
    await bob.shows(/ada │ Hi \(edited\)/);
    bob.type("/pins\r");
    await bob.shows(/Nothing is pinned here; \/pin N pins message N/);
    ada.type(`/pin ${seq}\r`);
    await bob.shows(/ada │ Hi \(edited\) \(pinned\)/);
    await bob.shows(new RegExp(`ada pinned message ${seq}`));
    bob.type("/pins\r");
    await bob.shows(new RegExp(`Pinned:\\n.*${seq}  ada: Hi`));
    bob.type(`/unpin ${seq}\r`);
    await bob.shows(/Only moderators and owners of the channel may pin messages/);
    ada.type(`/unpin ${seq}\r`);
    await bob.shows(/ada │ Hi \(edited\)\n/);
    bob.type("/delete\r");
    await ada.shows(/│ deleted/);
    bob.type("first line\x1b\rsecond line\r");
    await ada.shows(/│ first line\n.*│ +│ second line/);
  }));

Deno.test("A14 an owner names the server, and who may not is told", () =>
  withScreens(["ada", "bob"], async (ada, bob) => {
    ada.type("/server name Salt marsh\r");
    await ada.shows(/The server is called Salt marsh/);
    bob.type("/server name Mine\r");
    await bob.shows(/Only owners of the server may do this/);
    ada.type("/server salt\r");
    await ada.shows(/\/server name TEXT/);
  }));

Deno.test("conversations are opened, counted and read", () =>
  withScreens(["ada", "bob"], async (ada, bob) => {
    ada.type("/dm bob\r");
    await ada.shows(/│ @bob\n/);
    bob.type("still alone\r");
    await bob.shows(/bob │ still alone/);
    assert.doesNotMatch(bob.text, /@ada/, "nothing was said yet");
    ada.type("psst\r");
    await bob.shows(/● ?@ada +1 │/);
    bob.type("\x1b2");
    await bob.shows(/── new ─+\n.*ada │ psst/);
    await bob.shows(/@ada +│/);
    bob.type("typing");
    await ada.shows(/bob is typing…/);
    bob.type("\x15/create plans --private What is next\r");
    await bob.shows(/#plans {2}What is next/);
    bob.type("/invite ada\r");
    await ada.shows(/#plans/);
    bob.type("/members\r");
    await bob.shows(/2 members:\n.*ada\n.*bob \(owner\)/);
    bob.type("/leave\r");
    await bob.shows(/only owner/);
    ada.type("\x1b2/leave\r");
    await bob.shows(/· ada left/);
    await ada.shows(/^(?![^]*#plans)/);
  }));

Deno.test("what is unread beyond the edges of a long list is told there", () =>
  withScreens(["ada", "bob"], async (ada, bob) => {
    for (let i = 10; i < 35; i++) await ada.client.createChannel(`room-${i}`);
    bob.type("/dm ada\r");
    await bob.shows(/│ @ada\n/);
    bob.type("psst\r");
    await ada.shows(/\n ↓ 1 unread: Alt\+A +│[^]*● connected/);
    ada.type("\x1ba");
    await ada.shows(/│ @bob\n/);
    await ada.shows(/^(?![^]*unread)/);
    bob.type("\x1b1hello\r");
    await ada.shows(/^ ↑ 1 unread: Alt\+A +│ @bob/);
  }));

Deno.test("A13 channels of every script are made, found and entered by name, in capitals too", () =>
  withScreens(["ada", "bob"], async (ada, bob) => {
    ada.type("/create Büro Stühle\r");
    await ada.shows(/#büro {2}Stühle/);
    ada.type("/create 公告\r");
    await ada.shows(/#公告/);
    bob.type("/join #BU\u0308RO\r");
    await bob.shows(/#büro {2}Stühle/);
    bob.type("/join 公告\r");
    await bob.shows(/#公告/);
    bob.type("/join BÜ\t\r");
    await bob.shows(/#büro {2}Stühle/);
    for (const [typed, shown] of [["＃BU\u0308RO", /#büro {2}Stühle/], ["公告", /│ #公告/]] as const) {
      await using again = bob.again(typed);
      await again.shows(shown);
    }
  }));

Deno.test("older messages are loaded when somebody scrolls back, and new ones do not move them", () =>
  withScreens(["ada", "bob"], async (ada, bob) => {
    const channelId = [...ada.client.replica.channels.keys()][0]!;
    await Promise.all(
      Array.from({ length: 120 }, (_, i) => ada.client.sendMessage(channelId, `message ${i}.`)),
    );
    await bob.shows(/message 119\./);
    await using late = new Screen(...await again(bob));
    await late.shows(/message 119\./);
    while (!/message 0\./.test(late.text)) {
      late.type("\x1b[5~");
      await late.shows(/^(?![^]*loading…)/);
    }
    const body = (screen: string) => screen.split("\n").slice(0, 16).map((row) => row.slice(22));
    const before = body(await late.shows(/ada │ message 0\./));
    ada.type("something new\r");
    await bob.shows(/something new/);
    assert.deepEqual(body(await late.shows(/#general +1 │/)), before);
    late.type("\x1b");
    await late.shows(/something new/);
  }));

Deno.test("what is wrong is said in the status line, and the text is not lost", () =>
  withScreens(["ada"], async (ada) => {
    ada.type("/nonsense\r");
    await ada.shows(/There is no \/nonsense/);
    ada.type(`${"x".repeat(17 * 1024)}\r`);
    await ada.shows(/Message too long/);
    ada.type("\x1b[A");
    await ada.shows(/^> x+$/m);
    ada.type("\x15/help\r");
    await ada.shows(/\/quit/);
    ada.type("\x04");
    assert.ok(ada.quit);
  }));

Deno.test("M5 whom a mention will not reach is said before it is sent, once for each draft", () =>
  withScreens(["ada", "bob", "dora"], async (ada, bob, dora) => {
    ada.type("/create plans\r");
    await ada.shows(/#plans/);
    ada.type("/invite bob\r");
    await bob.shows(/#plans/);
    bob.type("\x1b2");
    await bob.shows(/^[^]*│ #plans/);
    bob.type("ask @dora\rx");
    await bob.shows(/@dora is not in here and will not be told\.\n[^]*Enter sends it all the same/);
    await bob.shows(/^> ask @dorax$/m);
    bob.type("\x7f\r");
    await ada.shows(/bob │ ask @dora\n/);
    bob.type("@channel, `@dora`\r");
    await bob.shows(/@channel will tell nobody/);
    bob.type("\r@bob and @ada\rnext\r");
    await ada.shows(/│ @channel, `@dora`\n[^]*┃ @bob and @ada\n[^]*│ next/);
    ada.type("@channel and @bob\r");
    await bob.shows(/┃ @channel and @bob/);
    assert.doesNotMatch(ada.text, /will tell nobody/);
    assert.doesNotMatch(dora.text, /#plans/);
  }));

async function again(screen: Screen): Promise<[base: string, token: string]> {
  const base = await screen.shows(/bob @ (\S+)/).then((text) => `http://${/bob @ (\S+)/.exec(text)![1]}`);
  const { token } = await login(base, { name: "bob", password: PASSWORD });
  return [base, token];
}
