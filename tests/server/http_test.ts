/** The HTTP door: routes, headers, cookies, origins. */
import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { request } from "../../src/client/mod.ts";
import { elementsOf } from "../../src/server/requests/list_header.ts";
import { rawRequest } from "./raw_http.ts";
import { type Person, Rig } from "./rig.ts";
import { WireSocket } from "./wire_socket.ts";

const JSON_TYPE = { "content-type": "application/json" };

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

async function call(
  rig: Rig,
  command: string,
  init: RequestInit & { value?: unknown } = {},
): Promise<Answer> {
  const { value = {}, ...more } = init;
  const response = await fetch(`${rig.url}/api/v1/${command}`, {
    method: "POST",
    body: JSON.stringify(value),
    ...more,
    headers: { ...JSON_TYPE, ...more.headers },
  });
  return { status: response.status, headers: response.headers, body: await response.text() };
}

/** Logs in as a browser does and returns the cookie. */
async function cookieOf(rig: Rig, { name, password }: Person, origin = rig.url): Promise<string> {
  const { status, headers, body } = await call(rig, "Login", {
    value: { name, password, cookie: true },
    headers: { origin },
  });
  equal(status, 200);
  equal(JSON.parse(body).token, "");
  const [cookie] = headers.getSetCookie();
  match(
    cookie!,
    /^(__Host-)?rookery-[0-9a-f]{8}=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+(; Secure)?$/,
  );
  equal(cookie!.endsWith("; Secure"), origin.startsWith("https:"));
  equal(cookie!.startsWith("__Host-"), origin.startsWith("https:"));
  return cookie!.split(";")[0]!;
}

/** Whether a handshake succeeds. */
async function connects(rig: Rig, options: ConstructorParameters<typeof WireSocket>[1]): Promise<boolean> {
  const wire = new WireSocket(rig.socketUrl, options);
  const opened = await wire.opened;
  await wire.close();
  return opened;
}

/** Status of a handshake that is made by hand. */
async function handshake(
  rig: Rig,
  headers: Record<string, string>,
  path = "/api/v1/socket",
): Promise<string> {
  const lines = Object.entries({
    host: `127.0.0.1:${rig.app.port}`,
    connection: "Upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\n`).join("");
  return (await rawRequest(rig.app.port, `GET ${path} HTTP/1.1\n${lines}\n`)).slice(9, 12);
}

Deno.test("health, readiness and the page; every route carries the security headers", async () => {
  await using rig = await Rig.start();
  const expected: [string, number][] = [
    ["/healthz", 200],
    ["/readyz", 200],
    ["/", 200],
    ["/nowhere", 404],
    ["/api/v1/socket", 400],
    ["/api/v1/GetServerInfo", 405],
    ["/api/v1/Nothing", 405],
  ];
  for (const [path, status] of expected) {
    const response = await fetch(rig.url + path);
    await response.body?.cancel();
    equal(response.status, status, path);
    equal(response.headers.get("x-content-type-options"), "nosniff", path);
    equal(response.headers.get("referrer-policy"), "no-referrer", path);
    equal(response.headers.get("cross-origin-resource-policy"), "same-origin", path);
    match(
      response.headers.get("content-security-policy") ?? "",
      /default-src 'none'.*frame-ancestors 'none'/,
    );
  }
});

Deno.test("what only pages need goes with pages alone, and over plain HTTP without what browsers refuse there", async () => {
  await using rig = await Rig.start();
  const page = await (await fetch(rig.url)).text();
  const script = `/${/src="([^"]+)"/.exec(page)![1]}`;
  const html = { accept: "text/html" };
  const cases: [path: string, isPage: boolean, headers: Record<string, string>][] = [
    ["/", true, html],
    ["/nowhere", true, html],
    ["/nowhere", false, {}],
    [script, false, {}],
    ["/healthz", false, html],
    ["/api/v1/socket", false, html],
    ["/api/v1/GetServerInfo", false, html],
  ];
  for (const [path, isPage, headers] of cases) {
    // By this header alone a browser tells that the connection is encrypted or stays on the machine.
    for (const encrypted of [false, true]) {
      const how = encrypted ? { ...headers, "sec-fetch-mode": "navigate" } : headers;
      const response = await fetch(rig.url + path, { headers: how });
      await response.body?.cancel();
      const opener = response.headers.get("cross-origin-opener-policy");
      equal(opener, isPage && encrypted ? "same-origin" : null, path);
      equal(response.headers.get("x-frame-options"), isPage ? "DENY" : null, path);
      equal(response.headers.has("permissions-policy"), isPage, path);
    }
  }
});

Deno.test("W3 what a handshake would come to is told by POST, and nothing is opened", async () => {
  await using rig = await Rig.start({ limits: { connectionsPerUser: 1 } });
  const olga = await rig.owner();
  const authorization = `Bearer ${olga.token}`;
  const ask = (headers: Record<string, string> = {}) => call(rig, "socket", { headers });
  equal((await ask()).status, 401);
  equal((await ask({ authorization: "Bearer wrong" })).status, 401);
  equal((await ask({ authorization, origin: "https://evil.example" })).status, 403);
  for (let i = 0; i < 3; i++) {
    const { status, body } = await ask({ authorization });
    deepEqual([status, body], [200, "{}"]);
  }
  const cookie = await cookieOf(rig, olga);
  const page = await ask({ cookie, origin: rig.url });
  equal(page.status, 200);
  equal(page.headers.get("access-control-allow-origin"), rig.url);
  const wire = await WireSocket.open(rig.socketUrl, { token: olga.token });
  const full = await ask({ authorization });
  equal(full.status, 429);
  equal(full.headers.get("retry-after"), "30");
  match(JSON.parse(full.body).message, /^At most 1 connections for one user/);
  await wire.close();
  deepEqual(rig.errors(), []);
});

Deno.test("commands by POST: what is wrong with a request is said", async () => {
  await using rig = await Rig.start();
  const olga = await rig.owner();
  const authorization = `Bearer ${olga.token}`;
  equal((await call(rig, "GetServerInfo")).status, 200);
  for (const name of ["Nothing", "constructor"]) {
    const unknown = await call(rig, name);
    equal(unknown.status, 400, "W4");
    equal(JSON.parse(unknown.body).code, "ERROR_CODE_INVALID_ARGUMENT");
  }
  const got = await fetch(`${rig.url}/api/v1/GetServerInfo`);
  equal(got.status, 405, "W9");
  equal(got.headers.get("allow"), "POST, OPTIONS");
  equal((await got.json()).code, "ERROR_CODE_INVALID_ARGUMENT");
  equal((await call(rig, "ListSessions")).status, 401);
  equal((await call(rig, "ListSessions", { headers: { authorization: "Bearer wrong" } })).status, 401);
  equal((await call(rig, "Open", { headers: { authorization } })).status, 412);
  equal(
    (await call(rig, "ListSessions", { headers: { authorization, "content-type": "text/plain" } })).status,
    400,
  );
  const huge = await call(rig, "SendMessage", { headers: { authorization }, body: "x".repeat(70_000) });
  equal(huge.status, 400);
  match(huge.body, /at most 65536 bytes/);
  const latin = await call(rig, "SendMessage", {
    headers: { authorization },
    body: new Uint8Array([0x22, 0xff]),
  });
  match(latin.body, /not UTF-8/);
  const deep = await call(rig, "SendMessage", { headers: { authorization }, body: "[".repeat(30_000) });
  equal(deep.status, 400);
  const truncated = await call(rig, "SendMessage", {
    headers: { authorization, "content-type": "application/protobuf" },
    body: new Uint8Array([0x08, 0xff]),
  });
  equal(truncated.status, 400);
  deepEqual(rig.errors(), []);
});

Deno.test("a browser's session is a cookie that its page cannot read", async () => {
  await using rig = await Rig.start({ settings: { origins: ["https://chat.example"] } });
  const olga = await rig.owner();
  const cookie = await cookieOf(rig, olga);
  const status = async (headers: Record<string, string>) =>
    (await call(rig, "ListSessions", { headers })).status;
  equal(await status({ cookie, origin: rig.url }), 200);
  const secure = await cookieOf(rig, olga, "https://chat.example");
  equal(await status({ cookie: secure, origin: "https://chat.example" }), 200);
  equal(
    await status({ cookie, origin: "https://chat.example" }),
    401,
    "a plain cookie counts for nothing over HTTPS",
  );
  equal(await status({ cookie, origin: "https://evil.example" }), 403);
  equal(await status({ cookie, origin: "null" }), 403);
  equal(await status({ cookie }), 403);
  const offer = { "sec-websocket-protocol": "rookery.v1.proto" };
  equal(await handshake(rig, { cookie, origin: rig.url, ...offer }), "101");
  equal(await handshake(rig, { cookie, origin: "https://evil.example", ...offer }), "403");
  equal(await handshake(rig, { cookie, ...offer }), "403");
  const out = await call(rig, "Logout", { headers: { cookie, origin: rig.url } });
  equal(out.headers.getSetCookie().length, 2);
  equal(await status({ cookie, origin: rig.url }), 401);
});

Deno.test("W14 a page of a configured origin may ask by fetch, one of another may not", async () => {
  await using rig = await Rig.start({ settings: { origins: ["https://chat.example"] } });
  const { name, password } = await rig.owner();
  const ask = (origin: string) =>
    fetch(`${rig.url}/api/v1/Login`, {
      method: "OPTIONS",
      headers: {
        origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type",
      },
    });
  const allowed = await ask("https://chat.example");
  equal(allowed.status, 204);
  equal(allowed.headers.get("access-control-allow-origin"), "https://chat.example");
  equal(allowed.headers.get("access-control-allow-credentials"), "true");
  equal(allowed.headers.get("access-control-allow-methods"), "POST");
  equal(
    allowed.headers.get("access-control-allow-headers"),
    "authorization, content-type, idempotency-key, rookery-unknown-fields",
  );
  equal(allowed.headers.get("vary"), "origin");
  const foreign = await ask("https://evil.example");
  await foreign.body?.cancel();
  equal(foreign.status, 403);
  equal(foreign.headers.get("access-control-allow-origin"), null);
  const login = (origin: string, secret: string) =>
    call(rig, "Login", { value: { name, password: secret }, headers: { origin } });
  for (const [secret, status] of [[password, 200], ["wrong", 401]] as const) {
    const answer = await login("https://chat.example", secret);
    equal(answer.status, status);
    equal(answer.headers.get("access-control-allow-origin"), "https://chat.example");
    equal(answer.headers.get("access-control-expose-headers"), "retry-after, x-request-id");
  }
  const refused = await login("https://evil.example", password);
  equal(refused.status, 403);
  equal(refused.headers.get("access-control-allow-origin"), null);
});

Deno.test("without an Origin a login gives a token, and over HTTPS the cookie is the strict one", async () => {
  await using rig = await Rig.start({ settings: { origins: ["https://chat.example"] } });
  const { name, password } = await rig.owner();
  const value = { name, password, cookie: true };
  const program = await call(rig, "Login", { value });
  equal(JSON.parse(program.body).token.length, 43);
  deepEqual(program.headers.getSetCookie(), []);
  const strict = await call(rig, "Login", { value, headers: { origin: "https://chat.example" } });
  match(strict.headers.getSetCookie()[0]!, /^__Host-rookery-[0-9a-f]{8}=.*; Secure$/);
});

Deno.test("a token counts in a header or a subprotocol, never in an address", async () => {
  await using rig = await Rig.start();
  const { token } = await rig.owner();
  const offer = { "sec-websocket-protocol": "rookery.v1.json" };
  equal(await handshake(rig, offer), "401");
  equal(await handshake(rig, offer, `/api/v1/socket?token=${token}&access_token=${token}`), "401");
  equal(await handshake(rig, { ...offer, authorization: `Bearer ${token}` }), "101");
  // Blanks behind the commas of a list are optional, and some clients send none.
  for (const comma of [",", ", ", " ,\t"]) {
    const list = ["rookery.v1.json", `bearer.${token}`].join(comma);
    equal(await handshake(rig, { "sec-websocket-protocol": list }), "101", JSON.stringify(comma));
  }
  equal((await call(rig, `ListSessions?token=${token}`)).status, 401);
  ok(await connects(rig, { token }));
  equal(await connects(rig, {}), false);
});

Deno.test("a handshake is refused before there is a socket", async () => {
  await using rig = await Rig.start();
  const { token } = await rig.owner();
  const authorization = `Bearer ${token}`;
  equal(await handshake(rig, { authorization }), "400");
  equal(await handshake(rig, { authorization, "sec-websocket-protocol": "chat" }), "400");
  const offer = { authorization, "sec-websocket-protocol": "rookery.v1.proto" };
  equal(await handshake(rig, { ...offer, "sec-websocket-version": "7" }), "400");
  equal(await handshake(rig, { ...offer, upgrade: "h2c" }), "400");
  equal(rig.app.core.chat.stats()["connections"], 0);
  deepEqual(rig.errors(), []);
});

Deno.test("W18 the operator's token is worth nothing at the port, from this machine neither", async () => {
  await using rig = await Rig.start();
  await rig.owner();
  const token = rig.app.core.secrets.operatorToken();
  await rejects(request(rig.url, ["listUsers", {}], { token }), { code: "unauthenticated" });
  equal(await connects(rig, { token }), false);
});

Deno.test("encoded tricks in a path lead nowhere", async () => {
  await using rig = await Rig.start();
  const paths = [
    "/api/v1/%2e%2e%2f%2e%2e%2fetc/passwd",
    "/api/v1/../../../etc/passwd",
    "/api/v1/..%5c..%5csecret.key",
    "/%2e%2e/%2e%2e/secret.key",
    "//evil.example/healthz",
    "/api/v1/%00",
    "/api/v1/__proto__",
    "/%",
    "*",
    "http://evil.example/rookery.db",
  ];
  for (const path of paths) {
    const answer = await rawRequest(
      rig.app.port,
      `POST ${path} HTTP/1.1\nhost: x\ncontent-type: application/json\ncontent-length: 2\n\n{}`,
    );
    match(answer, /^HTTP\/1\.1 (400|404)/, path);
    equal(answer.includes("root:"), false);
  }
  match(await rawRequest(rig.app.port, "GARBAGE\n\n"), /^HTTP\/1\.1 400/);
  equal((await call(rig, "GetServerInfo")).status, 200);
  deepEqual(rig.errors(), []);
});

Deno.test("lists in headers are read as far as any decent one goes", () => {
  deepEqual(elementsOf(null), []);
  deepEqual(elementsOf(" gzip;q=0.5 ,, br,"), ["gzip;q=0.5", "br"]);
  equal(elementsOf("a,".repeat(30_000)).length, 2048);
});

Deno.test("A11 an invite is asked about without a session", async () => {
  await using rig = await Rig.start();
  const code = new URL(rig.app.ownerLink!).hash.slice("#invite=".length);
  const check = (inviteCode: string) => call(rig, "CheckInvite", { value: { inviteCode } });
  deepEqual(JSON.parse((await check(code)).body), {
    state: "INVITE_STATE_USABLE",
    reason: "",
    role: "SERVER_ROLE_OWNER",
    firstOwner: true,
  });
  await rig.owner();
  equal(JSON.parse((await check(code)).body).state, "INVITE_STATE_OWNED");
  const forged = `${code.slice(0, -1)}${code.endsWith("A") ? "B" : "A"}`;
  equal(JSON.parse((await check(forged)).body).state, "INVITE_STATE_UNKNOWN");
  deepEqual(rig.errors(), []);
});
