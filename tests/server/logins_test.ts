/** A5 What strangers try at the door does not keep those out who belong here. */
import { equal, ok } from "node:assert/strict";
import { type Person, Rig, until } from "./rig.ts";

const HOME = "192.0.2.10";
const ELSEWHERE = "198.51.100.20";
const STRANGER = "203.0.113.66";

interface RequestContext {
  readonly from: string;
  readonly token?: string;
  readonly cookie?: string;
}

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly cookies: string[];
}

/** A command by POST, through a proxy that tells where it comes from; a browser's when it brings cookies. */
async function post(
  rig: Rig,
  [command, body]: readonly [string, unknown],
  context: RequestContext,
): Promise<Answer> {
  const { from, token, cookie } = context;
  const response = await fetch(`${rig.url}/api/v1/${command}`, {
    method: "POST",
    body: JSON.stringify(body),
    headers: {
      "content-type": "application/json",
      "x-forwarded-for": from,
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(cookie !== undefined && { origin: new URL(rig.url).origin, cookie }),
    },
  });
  return { status: response.status, body: await response.json(), cookies: response.headers.getSetCookie() };
}

function start(): Promise<Rig> {
  return Rig.start({ settings: { trustedProxies: ["127.0.0.1"] } });
}

/** Guesses at the account until there is no attempt left for strangers. */
async function besiege(rig: Rig, { name }: Person): Promise<void> {
  for (;;) {
    const { status } = await post(rig, ["Login", { name, password: "a guess" }], { from: STRANGER });
    if (status === 429) return;
    equal(status, 401);
  }
}

Deno.test("A5 whoever guesses at an account does not lock its owner out, nor throttle a session", async () => {
  await using rig = await start();
  const pia = await rig.person("pia");
  const login = { name: "pia", password: pia.password };
  await post(rig, ["ListSessions", {}], { from: HOME, token: pia.token });
  await besiege(rig, pia);
  equal((await post(rig, ["Login", login], { from: ELSEWHERE })).status, 429, "a place that nobody knows");
  const home = await post(rig, ["Login", login], { from: HOME });
  equal(home.status, 200, "where a session was used before");
  const { deviceCredential } = home.body;
  equal((await post(rig, ["Login", { ...login, deviceCredential }], { from: ELSEWHERE })).status, 200);
  equal(
    (await post(rig, ["Login", { ...login, deviceCredential: "x" }], { from: "192.0.2.99" })).status,
    429,
  );
  const change = { oldPassword: pia.password, newPassword: "another password" };
  equal((await post(rig, ["ChangePassword", change], { from: "192.0.2.50", token: pia.token })).status, 200);
  // What is known does not end the siege for strangers.
  equal((await post(rig, ["Login", { ...login, password: "a guess" }], { from: STRANGER })).status, 429);
});

Deno.test("A5 a handshake makes its address known", async () => {
  await using rig = await start();
  const pia = await rig.person("pia");
  const asked = await post(rig, ["socket", {}], { from: HOME, token: pia.token });
  equal(asked.status, 200);
  await besiege(rig, pia);
  const login = { name: "pia", password: pia.password };
  equal((await post(rig, ["Login", login], { from: HOME })).status, 200);
});

Deno.test("A5 guesses with a device's credential have an end, too", async () => {
  await using rig = await start();
  const pia = await rig.person("pia");
  const login = { name: "pia", password: pia.password };
  const { deviceCredential } = (await post(rig, ["Login", login], { from: HOME })).body;
  const guess = { name: "pia", password: "a guess", deviceCredential };
  let guesses = 0;
  while ((await post(rig, ["Login", guess], { from: `198.51.100.${guesses}` })).status === 401) guesses++;
  equal(guesses, 10);
  equal((await post(rig, ["Login", login], { from: HOME })).status, 200);
});

Deno.test("A5 a browser keeps its device's cookie over a logout, and pages cannot read it", async () => {
  await using rig = await start();
  const pia = await rig.person("pia");
  const login = { name: "pia", password: pia.password, cookie: true };
  const first = await post(rig, ["Login", login], { from: HOME, cookie: "" });
  equal(first.status, 200);
  ok(!first.body.token && !first.body.deviceCredential);
  const set = first.cookies.find((cookie) => cookie.startsWith("rookery-device"))!;
  for (const part of ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=34560000"]) {
    ok(set.includes(part), set);
  }
  const cookies = first.cookies.map((cookie) => cookie.split(";")[0]).join("; ");
  const out = await post(rig, ["Logout", {}], { from: HOME, cookie: cookies });
  equal(out.status, 200);
  ok(out.cookies.length > 0 && out.cookies.every((cookie) => !cookie.includes("device")));
  await besiege(rig, pia);
  const device = set.split(";")[0]!;
  equal((await post(rig, ["Login", login], { from: ELSEWHERE, cookie: "" })).status, 429);
  equal((await post(rig, ["Login", login], { from: ELSEWHERE, cookie: `a=b; ${device}` })).status, 200);
});

Deno.test("A5 an address that logs in all the time holds up the others by one password", async () => {
  await using rig = await Rig.start({
    settings: { trustedProxies: ["127.0.0.1"], bcryptCost: 9 },
    limits: { commandsPerSecond: 1_000_000, commandBurst: 1_000_000 },
  });
  const pia = await rig.person("pia");
  const { passwords } = rig.app.core;
  let verified = 0;
  const flood = Array.from({ length: 120 }, async (_, at) => {
    const login = { name: `nobody-${at}`, password: "a guess" };
    const { status } = await post(rig, ["Login", login], { from: STRANGER });
    if (status === 401) verified++;
    return status;
  });
  await until("the flood waits", () => passwords.load.waiting > 60);
  const [before, { running }] = [verified, passwords.load];
  const login = { name: "pia", password: pia.password };
  equal((await post(rig, ["Login", login], { from: HOME })).status, 200);
  // What ran, what had its turn before, and what came to an end while the answer was on its way.
  const overtaken = verified - before;
  ok(overtaken <= 3 * running + 3, `${overtaken} of the flood before it`);
  for (const status of await Promise.all(flood)) ok(status === 401 || status === 429);
});
