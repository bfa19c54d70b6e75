/** What has to work behind a proxy, whichever it is. @module */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { request } from "../../src/client/mod.ts";
import { type Person, Rig, type RigOptions, until } from "../server/rig.ts";
import { drip, ended, FragmentingSocket, openTls, write } from "./raw_tls.ts";
import { Proxy, type ProxyName } from "./proxy.ts";
import { programTest } from "./programs.ts";
import { Visitor } from "./visitor.ts";

/** Longer than any limit in the shipped files, on a busy machine, too. */
const PATIENCE_MS = 120_000;
const SILENT = 1000;

/** A server, a proxy in front of it, and its owner. */
export class Place implements AsyncDisposable {
  readonly rig: Rig;
  readonly proxy: Proxy;
  readonly owner: Person;
  readonly #visitors: Visitor[] = [];

  private constructor(rig: Rig, proxy: Proxy, owner: Person) {
    this.rig = rig;
    this.proxy = proxy;
    this.owner = owner;
  }

  static async open(
    name: ProxyName,
    { path, change, ...options }: RigOptions & { path?: string; change?: (text: string) => string } = {},
  ): Promise<Place> {
    const settings = { trustedProxies: ["127.0.0.1"], metricsPort: 0, ...options.settings };
    const rig = await Rig.start({ ...options, settings });
    try {
      const proxy = await Proxy.start(name, {
        port: rig.app.port,
        ...(path === undefined ? {} : { path }),
        ...(change ? { change } : {}),
      });
      return new Place(rig, proxy, await rig.owner());
    } catch (error) {
      await rig[Symbol.asyncDispose]();
      throw error;
    }
  }

  visitor(path?: string): Visitor {
    const visitor = new Visitor(this.proxy, path);
    this.#visitors.push(visitor);
    return visitor;
  }

  get general(): number {
    return this.rig.app.core.store.channelByName("general")!.id;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const visitor of this.#visitors) visitor[Symbol.dispose]();
    await this.proxy[Symbol.asyncDispose]();
    await this.rig[Symbol.asyncDispose]();
  }
}

/** All scenarios for one proxy. */
export function proxyTests(name: ProxyName): void {
  const test = (what: string, run: () => Promise<void>) =>
    programTest(`${name}: ${what}`, [name, "openssl"], run);
  test("the page, logins and sockets of both encodings get through", () => everythingGetsThrough(name));
  test("it works below a path, too", () => belowAPath(name));
  test("a client resumes when the proxy is reloaded, and when it was away", () => resumes(name));
  test("throttles see real addresses, and nobody can pass as another", () => realAddresses(name));
  test("half requests, slow ones and silence end while others chat", () => slowPeers(name));
  test("a message in endless pieces is the risk that stays, and others do not notice", () => fragments(name));
}

async function text(response: Response): Promise<string> {
  return await response.text();
}

async function everythingGetsThrough(name: ProxyName): Promise<void> {
  await using place = await Place.open(name);
  const visitor = place.visitor();
  const page = await visitor.fetch("/");
  equal(page.status, 200);
  match(page.headers.get("content-security-policy") ?? "", /require-trusted-types-for 'script'/);
  match(page.headers.get("strict-transport-security") ?? "", /max-age=31536000/);
  const [, script] = /src="(?:\.\/)?(assets\/[^"]+\.js)"/.exec(await text(page))!;
  const file = await visitor.fetch(`/${script}`);
  equal(file.status, 200);
  ok((await file.arrayBuffer()).byteLength > 1000);
  equal((await drained(await visitor.fetch("/readyz"))).status, 200);
  const metrics = await visitor.fetch("/metrics");
  equal(metrics.status, 404);
  ok(!(await text(metrics)).includes("rookery_"));

  await cookieLogin(place, visitor);
  await bothEncodings(place, visitor);
  deepEqual(place.rig.errors(), []);
}

/** As a browser does it: the cookie is the strict one, and only our own page may use it. */
async function cookieLogin({ rig, owner, proxy }: Place, visitor: Visitor): Promise<void> {
  const { name, password } = owner;
  const origin = proxy.url();
  const login = await visitor.post("Login", { name, password, cookie: true }, { origin });
  equal(login.status, 200, await text(login));
  const [cookie = ""] = login.headers.getSetCookie();
  match(
    cookie,
    /^__Host-rookery-[0-9a-f]{8}=[\w-]+; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+; Secure$/,
  );
  const headers = { cookie: cookie.split(";")[0]! };
  equal((await visitor.post("ListSessions", {}, { ...headers, origin }).then(drained)).status, 200);
  const foreign = await visitor.post("ListSessions", {}, { ...headers, origin: "https://evil.example" });
  equal(foreign.status, 403, await text(foreign));
  const handshake = (from: string) => handshakeStatus(proxy, { ...headers, origin: from });
  equal(await handshake(origin), 101);
  equal(await handshake("https://evil.example"), 403);
  equal(await handshake(rig.url), 403);
}

async function drained(response: Response): Promise<Response> {
  await response.body?.cancel();
  return response;
}

/** Status with which a handshake with these headers is answered. */
async function handshakeStatus(proxy: Proxy, headers: Record<string, string>): Promise<number> {
  using connection = await openTls(proxy);
  const fields = Object.entries({
    host: `127.0.0.1:${proxy.ports.tls}`,
    connection: "Upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    "sec-websocket-protocol": "rookery.v1.json",
    ...headers,
  });
  await write(
    connection,
    `GET /api/v1/socket HTTP/1.1\r\n${fields.map(([key, value]) => `${key}: ${value}\r\n`).join("")}\r\n`,
  );
  const buffer = new Uint8Array(4096);
  const count = await connection.read(buffer);
  return Number(new TextDecoder().decode(buffer.subarray(9, Math.min(12, count ?? 0))));
}

async function bothEncodings({ rig, owner, general }: Place, visitor: Visitor): Promise<void> {
  const { token } = await rig.person("ben");
  await using proto = visitor.client(owner.token, { format: "proto" });
  await using json = visitor.client(token, { format: "json" });
  await Promise.all([proto.live(), json.live()]);
  const has = (client: typeof proto, said: string) => () =>
    client.replica.channels.get(general)!.messages.some((message) => message.text === said);
  await proto.sendMessage(general, "from the binary one");
  await json.sendMessage(general, "from the other: 🦉");
  await until(
    "both have both",
    () =>
      [proto, json].every((client) =>
        has(client, "from the binary one")() && has(client, "from the other: 🦉")()
      ),
  );
}

async function belowAPath(name: ProxyName): Promise<void> {
  await using place = await Place.open(name, { path: "/chat/" });
  const visitor = place.visitor("/chat");
  const page = await visitor.fetch("/");
  equal(page.status, 200);
  const [, script] = /src="(?:\.\/)?(assets\/[^"]+\.js)"/.exec(await text(page))!;
  equal((await visitor.fetch(`/${script}`).then(drained)).status, 200);
  const moved = await drained(await visitor.fetch(""));
  ok([301, 302, 308].includes(moved.status), `${moved.status}`);
  equal(new URL(moved.headers.get("location")!, place.proxy.url()).pathname, "/chat/");
  await bothEncodings(place, visitor);
  const elsewhere = await place.visitor().fetch("/assets/");
  ok(!(await text(elsewhere)).includes("Rookery"));
  const metrics = await visitor.fetch("/metrics");
  equal(metrics.status, 404);
  await drained(metrics);
}

async function resumes(name: ProxyName): Promise<void> {
  await using place = await Place.open(name);
  const { rig, owner, proxy, general } = place;
  const { token } = await rig.person("ben");
  const visitor = place.visitor();
  await using reader = visitor.client(owner.token);
  await using writer = visitor.client(token, { format: "json" });
  await Promise.all([reader.live(), writer.live()]);
  const sent: string[] = [];
  const say = async (said: string) => {
    sent.push(said);
    await writer.sendMessage(general, said);
  };
  const arrived = () => reader.replica.channels.get(general)!.messages.map((message) => message.text);
  const all = () => until("every message arrives", () => arrived().length >= sent.length, PATIENCE_MS);
  await say("before");
  await all();
  await proxy.reload();
  for (let at = 0; at < 10; at++) await say(`after the reload ${at}`);
  await all();
  await proxy.stop();
  await until("the reader notices", () => reader.state.name !== "live", PATIENCE_MS);
  const waiting = say("while it was away");
  // Somebody who comes another way goes on meanwhile.
  const inside = await rig.live(await rig.person("gil"));
  await inside.sendMessage(general, "from inside");
  await inside.close();
  await proxy.run();
  await waiting;
  sent.splice(sent.length - 1, 0, "from inside");
  await all();
  deepEqual(arrived(), sent);
  deepEqual([reader.stats.doubled, reader.stats.gaps], [0, 0]);
  deepEqual(rig.errors(), []);
}

/** Few requests and sockets are allowed, so that it shows at once who is counted. */
async function realAddresses(name: ProxyName): Promise<void> {
  await using place = await Place.open(name, {
    limits: { commandBurst: 8, commandsPerSecond: 1, connectionsPerAddress: 2 },
  });
  const { proxy, owner } = place;
  const post = (from: string, more: string[] = []) =>
    place.visitor().rawFrom(from, [
      "POST /api/v1/GetServerInfo HTTP/1.1",
      `Host: 127.0.0.1:${proxy.ports.tls}`,
      "Content-Type: application/json",
      "Content-Length: 2",
      "Connection: close",
      ...more,
    ], "{}");
  const limited = (answer: string) => answer.startsWith("HTTP/1.1 429");
  const answers = await Promise.all(
    // Some proxies append, some believe another header: none of it may help.
    Array.from(
      { length: 40 },
      (_, at) =>
        post("127.0.0.2", [
          `X-Forwarded-For: 203.0.113.${at}`,
          `Forwarded: for=203.0.113.${at}`,
          `X-Real-IP: 203.0.113.${at}`,
        ]),
    ),
  );
  ok(answers.some(limited), "Forged addresses count as the one that they come from");
  ok(!limited(await post("127.0.0.3")), "Another address has requests of its own");

  const headers = { authorization: `Bearer ${owner.token}` };
  const held = await Promise.all([1, 2].map(() => FragmentingSocket.open(proxy, owner.token)));
  equal(await handshakeStatus(proxy, headers), 429);
  equal(await handshakeStatus(proxy, { ...headers, "x-forwarded-for": "203.0.113.9" }), 429);
  for (const socket of held) socket[Symbol.dispose]();
}

async function slowPeers(name: ProxyName): Promise<void> {
  await using place = await Place.open(name);
  const { rig, owner, proxy, general } = place;
  const host = `Host: 127.0.0.1:${proxy.ports.tls}\r\n`;
  const visitor = place.visitor();
  await using speaker = visitor.client(owner.token);
  await using listener = visitor.client((await rig.person("ben")).token);
  await Promise.all([speaker.live(), listener.live()]);

  const silent = await Promise.all(
    Array.from({ length: SILENT }, () => Deno.connect({ hostname: "127.0.0.1", port: proxy.ports.tls })),
  );
  const half = await openTls(proxy);
  await write(half, `GET / HTTP/1.1\r\n${host}`);
  const ends = [
    ...silent.map(ended),
    ended(half),
    drip(proxy, { first: `GET / HTTP/1.1\r\n${host}`, piece: "X-More: 1\r\n", everyMs: 1000 }),
    drip(proxy, {
      first:
        `POST /api/v1/Login HTTP/1.1\r\n${host}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{`,
      piece: "",
      everyMs: 1000,
    }),
  ];
  let over = false;
  const all = Promise.all(ends).finally(() => over = true);
  let said = 0;
  const deadlineMs = performance.now() + PATIENCE_MS;
  while (!over) {
    ok(performance.now() < deadlineMs, "The proxy ends them all");
    await speaker.sendMessage(general, `message ${said++}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await all;
  for (const connection of [...silent, half]) connection.close();
  const texts = () => listener.replica.channels.get(general)!.messages.map((message) => message.text);
  await until("the last message arrives", () => texts().at(-1) === `message ${said - 1}`);
  deepEqual([speaker.stats.connections, listener.stats.connections], [1, 1], "Nobody was cut off");
  equal((await request(rig.url, ["getServerInfo", {}])).version !== "", true);
  deepEqual(rig.errors(), []);
}

/** No proxy bounds the sum of a message's pieces. Deno gathers them; when the end comes, Rookery refuses it. */
async function fragments(name: ProxyName): Promise<void> {
  await using place = await Place.open(name);
  const { rig, owner, proxy, general } = place;
  const { token } = await rig.person("mallory");
  await using client = place.visitor().client(owner.token);
  await client.live();
  using socket = await FragmentingSocket.open(proxy, token);
  for (let at = 0; at < 100; at++) {
    await socket.send(60_000, { first: at === 0 });
    if (at % 20 === 0) await client.sendMessage(general, `meanwhile ${at}`);
  }
  await socket.send(10, { last: true });
  equal(await socket.closeCode(), 3501);
  await client.sendMessage(general, "afterwards");
  equal(client.stats.connections, 1);
  deepEqual(rig.errors(), []);
}
