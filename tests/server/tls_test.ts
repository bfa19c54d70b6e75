/** HTTPS by the server itself: the SDK, browsers' cookies, and a certificate that is renewed while it serves. */
import { deepEqual, equal, match, ok, rejects, throws } from "node:assert/strict";
import { type Fetch, register, request, RookeryClient } from "../../src/client/mod.ts";
import { type Config, loadConfig } from "../../src/config.ts";
import { readTls } from "../../src/config/tls.ts";
import { Logger } from "../../src/logger.ts";
import { Listener } from "../../src/server/listener.ts";
import { ONE, type TestPair, TWO } from "../tls/pairs.ts";
import { clientThatTrusts, sdkThatTrusts } from "../tls/trusting.ts";
import { Rig, until } from "./rig.ts";

const answer = () => new Response();
const RENEWALS = 20;
const CALLERS = 4;
/** Somebody may meet the next renewal as well. */
const ATTEMPTS = 10;

function settingsOf(pair: TestPair): Partial<Config> {
  return { tlsCert: pair.certPath, tlsKey: pair.keyPath };
}

/** Shows another certificate from now on. */
async function renew({ app }: Pick<Rig, "app">, pair: TestPair): Promise<boolean> {
  const config = {
    ...loadConfig({ args: [], env: () => undefined, readFile: () => "" }),
    ...settingsOf(pair),
  };
  return await app.configure(config, readTls(config, Deno.readTextFileSync));
}

async function account(rig: Rig, { fetch, name }: { fetch: Fetch; name: string }): Promise<string> {
  const { token } = await register(rig.url, { name, password: "correct horse", device: "test" }, { fetch });
  return token;
}

/** Whether a new connection succeeds; `client` decides which certificates it takes. */
async function reaches(rig: Rig, client: Deno.HttpClient): Promise<boolean> {
  try {
    return (await (await fetch(`${rig.url}/healthz`, { client })).text()) === "ok\n";
  } catch {
    return false;
  }
}

Deno.test("O12 the SDK talks over HTTPS and wss, and only to a certificate that it trusts", async () => {
  await using rig = await Rig.start({ settings: settingsOf(ONE) });
  match(rig.url, /^https:\/\/127\.0\.0\.1:\d+$/);
  using trusting = clientThatTrusts(ONE);
  using other = clientThatTrusts(TWO);
  const sdk = sdkThatTrusts(trusting);
  const token = await account(rig, { ...sdk, name: "ada" });
  for (const format of ["proto", "json"] as const) {
    await using client = new RookeryClient(rig.url, { token, format, ...sdk });
    await client.live();
    const channel = await client.createChannel(`room-${format}`);
    await client.sendMessage(channel.id, "over TLS");
    equal(client.replica.channels.get(channel.id)!.messages.at(-1)!.text, "over TLS");
  }
  ok(!await reaches(rig, other));
  deepEqual(rig.errors(), []);
});

for (const http2 of [true, false]) {
  Deno.test(`browsers get the strict cookie, and HSTS where it is set (HTTP/${http2 ? 2 : 1.1})`, async () => {
    await using rig = await Rig.start({ settings: { ...settingsOf(ONE), hstsDays: 30 } });
    using client = Deno.createHttpClient({ caCerts: [ONE.cert], http2, http1: !http2 });
    await account(rig, { fetch: (url, init) => fetch(url, { ...init, client }), name: "ada" });
    const call = (command: string, headers: Record<string, string>, body: unknown) =>
      fetch(`${rig.url}/api/v1/${command}`, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify(body),
        client,
      });
    const login = { name: "ada", password: "correct horse", cookie: true };
    const response = await call("Login", { origin: rig.url }, login);
    equal(response.status, 200, await response.text());
    const [cookie] = response.headers.getSetCookie();
    match(
      cookie!,
      /^__Host-rookery-[0-9a-f]{8}=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+; Secure$/,
    );
    equal(response.headers.get("strict-transport-security"), "max-age=2592000");
    const sent = { cookie: cookie!.split(";")[0]! };
    const own = await call("ListSessions", { ...sent, origin: rig.url }, {});
    equal(own.status, 200, await own.text());
    const plainCookie = { cookie: sent.cookie.replace("__Host-", "") };
    const unsafe = await call("ListSessions", { ...plainCookie, origin: rig.url }, {});
    equal(unsafe.status, 401, "a cookie that plain HTTP could have set");
    await unsafe.body?.cancel();
    for (const origin of ["https://evil.example", rig.url.replace("https", "http")]) {
      const foreign = await call("ListSessions", { ...sent, origin }, {});
      equal(foreign.status, 403, await foreign.text());
      const entering = await call("Login", { origin }, login);
      equal(entering.status, 403, await entering.text());
      deepEqual(entering.headers.getSetCookie(), []);
    }
    const page = await fetch(rig.url, { client });
    await page.body?.cancel();
    equal(page.headers.get("strict-transport-security"), "max-age=2592000");
  });
}

Deno.test("O12 after a renewal there is the new certificate alone; clients change over and lose nothing", async () => {
  await using rig = await Rig.start({ settings: settingsOf(ONE) });
  using both = clientThatTrusts(ONE, TWO);
  using one = clientThatTrusts(ONE);
  using two = clientThatTrusts(TWO);
  const sdk = sdkThatTrusts(both);
  const token = await account(rig, { ...sdk, name: "ada" });
  await using writer = new RookeryClient(rig.url, { token, ...sdk });
  await using reader = new RookeryClient(rig.url, { token, ...sdk });
  await Promise.all([writer.live(), reader.live()]);
  const channel = await writer.createChannel("room");
  const events = reader.events({ stream: channel.id });
  deepEqual([await reaches(rig, one), await reaches(rig, two)], [true, false]);
  equal(await renew(rig, ONE), false, "the same one is no renewal");
  const texts = Array.from({ length: 60 }, (_, n) => `message ${n}`);
  const sends = texts.slice(0, 30).map((text) => writer.sendMessage(channel.id, text));
  const renewed = renew(rig, TWO);
  for (const text of texts.slice(30)) sends.push(writer.sendMessage(channel.id, text));
  equal(await renewed, true);
  deepEqual([await reaches(rig, one), await reaches(rig, two)], [false, true]);
  await Promise.all(sends);
  const got: string[] = [];
  for await (const { body } of events) {
    if (body.case === "messageSent") got.push(body.value.text);
    if (got.length === texts.length) break;
  }
  deepEqual(got, texts);
  for (const { stats } of [writer, reader]) {
    ok(stats.connections >= 2);
    equal(stats.doubled + stats.gaps + stats.reloads, 0);
  }
});

Deno.test(`${RENEWALS} renewals under a stream of new connections: who fails comes in soon`, async () => {
  await using rig = await Rig.start({ settings: settingsOf(ONE) });
  using both = clientThatTrusts(ONE, TWO);
  const attempt = async () => {
    try {
      return await (await fetch(`${rig.url}/healthz`, { client: both })).text() === "ok\n";
    } catch {
      return false;
    }
  };
  let [attempts, failures, lost, over] = [0, 0, 0, false];
  const callers = Array.from({ length: CALLERS }, async () => {
    while (!over) {
      attempts++;
      if (await attempt()) continue;
      failures++;
      let again = ATTEMPTS;
      while (again > 0 && !await attempt()) again--;
      if (again === 0) lost++;
    }
  });
  for (let i = 0; i < RENEWALS; i++) {
    const before = attempts;
    await until("people have come", () => attempts >= before + 5 * CALLERS);
    equal(await renew(rig, i % 2 === 0 ? TWO : ONE), true);
  }
  over = true;
  await Promise.all(callers);
  console.log(`${attempts} connections, ${failures} attempts failed`);
  equal(lost, 0);
  ok(attempts > RENEWALS);
});

Deno.test("peers that speak no TLS, or nothing, harm nobody and do not hold up the end", async () => {
  await using rig = await Rig.start({ settings: settingsOf(ONE) });
  using trusting = clientThatTrusts(ONE);
  const { port } = rig.app;
  using plain = await Deno.connect({ hostname: "127.0.0.1", port });
  await plain.write(new TextEncoder().encode("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
  using _silent = await Deno.connect({ hostname: "127.0.0.1", port });
  ok(await reaches(rig, trusting));
  await rig.stop();
  await rejects(Deno.connect({ hostname: "127.0.0.1", port }), Deno.errors.ConnectionRefused);
});

Deno.test("O10 O12 a server that has stopped does not listen again for a renewed certificate", async () => {
  await using rig = await Rig.start({ settings: settingsOf(ONE) });
  const { app } = rig;
  await rig.stop();
  await renew({ app }, TWO);
  await rejects(Deno.connect({ hostname: "127.0.0.1", port: app.port }), Deno.errors.ConnectionRefused);
});

Deno.test("a certificate that cannot be used changes nothing", async () => {
  await using rig = await Rig.start({ settings: settingsOf(ONE) });
  using trusting = clientThatTrusts(ONE);
  const config = {
    ...loadConfig({ args: [], env: () => undefined, readFile: () => "" }),
    ...settingsOf(ONE),
  };
  const broken = { cert: "nothing", key: "nothing", names: [], notAfterMs: 0 };
  await rejects(rig.app.configure({ ...config, name: "Other" }, broken));
  ok(await reaches(rig, trusting));
  const { name } = await request(rig.url, ["getServerInfo", {}], {
    fetch: (url, init) => fetch(url, { ...init, client: trusting }),
  });
  equal(name, "Rookery");
});

Deno.test("a port that another program has is not shared with it", () => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr as Deno.NetAddr;
  const listen = () =>
    new Listener({ at: { host: "127.0.0.1", port }, tls: ONE, log: new Logger(), handle: answer });
  throws(listen, Deno.errors.AddrInUse);
});

Deno.test("O11 settings are followed while it serves; connections keep the limits they were told", async () => {
  await using rig = await Rig.start({ limits: { pageItems: 10 } });
  const ada = await rig.person("ada");
  await using before = await rig.live(ada);
  const defaults = loadConfig({ args: [], env: () => undefined, readFile: () => "" });
  const limits = { ...defaults.limits, pageItems: 20, frameBytes: 32 * 1024 };
  const origins = ["https://pages.example"];
  const context = async () => {
    const asking = { method: "OPTIONS", headers: { origin: origins[0]! } };
    const response = await fetch(`${rig.url}/api/v1/GetServerInfo`, asking);
    await response.body?.cancel();
    return response.status;
  };
  equal(await context(), 403);
  await rig.app.configure({ ...defaults, name: "The Nest", origins, limits }, undefined);
  equal(await context(), 204);
  const info = await request(rig.url, ["getServerInfo", {}]);
  deepEqual([info.name, info.registration, info.limits.pageItems], ["The Nest", defaults.registration, 20]);
  await rejects(rig.person("bob"), { code: "permission_denied" });
  await using after = await rig.live(ada);
  equal(after.replica.limits?.frameBytes, 32 * 1024);

  const slow = { ...limits, commandBurst: 1, commandsPerSecond: 1 };
  await rig.app.configure({ ...defaults, limits: slow }, undefined);
  const burst = Array.from({ length: 20 }, () => request(rig.url, ["getServerInfo", {}]));
  ok((await Promise.allSettled(burst)).some(({ status }) => status === "rejected"), "the new rate holds");
  const channel = await before.createChannel("room");
  await Promise.all(Array.from({ length: 20 }, (_, n) => before.sendMessage(channel.id, `message ${n}`)));
  equal(before.stats.connections, 1, "not cut for what was allowed when it connected");
  equal(before.replica.limits?.frameBytes, 64 * 1024);
});
