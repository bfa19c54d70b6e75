/** How fast commands may come by POST. */
import { deepEqual, equal, ok, throws } from "node:assert/strict";
import { Rates } from "../../src/server/rates.ts";
import { Rig } from "./rig.ts";

const JSON_TYPE = { "content-type": "application/json" };

function ask(rig: Rig, command: string, headers: Record<string, string>): Promise<Response> {
  return fetch(`${rig.url}/api/v1/${command}`, {
    method: "POST",
    body: "{}",
    headers: { ...JSON_TYPE, ...headers },
  });
}

/** Statuses of so many requests, one after the other, and the last answer that was a refusal. */
async function flood(
  rig: Rig,
  command: string,
  headers: Record<string, string> = {},
): Promise<{ statuses: number[]; refused: Response | undefined; body: { retryAfterMs?: number } }> {
  const statuses: number[] = [];
  let refused: Response | undefined;
  let body = {};
  for (let at = 0; at < 8; at++) {
    const response = await ask(rig, command, headers);
    statuses.push(response.status);
    if (response.status === 429) [refused, body] = [response, await response.json()];
    else await response.body?.cancel();
  }
  return { statuses, refused, body };
}

/** One command every 20 s, so that no slow machine gets another one during the test. */
const SLOW = { commandsPerSecond: 0.05, commandBurst: 5 };
const FIVE_AND_THREE = [200, 200, 200, 200, 200, 429, 429, 429];

Deno.test("L2 by POST every session has a rate of its own, and is told how long to wait", async () => {
  await using rig = await Rig.start({ limits: { ...SLOW } });
  const [olga, pia] = [await rig.owner(), await rig.person("pia")];
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const { statuses, refused, body } = await flood(rig, "ListSessions", bearer(olga.token));
  deepEqual(statuses, FIVE_AND_THREE);
  ok(body.retryAfterMs! > 1000 && body.retryAfterMs! <= 20_000, `${body.retryAfterMs}`);
  equal(refused!.headers.get("retry-after"), String(Math.ceil(body.retryAfterMs! / 1000)));
  deepEqual((await flood(rig, "ListSessions", bearer(pia.token))).statuses, FIVE_AND_THREE);
});

Deno.test("L2 by POST without a session the address has the rate, an IPv6 network as a whole", async () => {
  await using rig = await Rig.start({ limits: { ...SLOW }, settings: { trustedProxies: ["127.0.0.1"] } });
  const from = (address: string) => ({ "x-forwarded-for": address });
  deepEqual((await flood(rig, "GetServerInfo", from("2001:db8::1"))).statuses, FIVE_AND_THREE);
  for (const [address, status] of [["2001:db8::2", 429], ["2001:db8:0:1::2", 200], ["192.0.2.1", 200]]) {
    const response = await ask(rig, "GetServerInfo", from(String(address)));
    await response.body?.cancel();
    equal(response.status, status, String(address));
  }
  // A token that is none is counted like no token.
  const guesses = await flood(rig, "ListSessions", { ...from("192.0.2.2"), authorization: "Bearer wrong" });
  deepEqual(guesses.statuses, [401, 401, 401, 401, 401, 429, 429, 429]);
});

Deno.test("L2 rates are kept for so many callers, and the quietest is forgotten first", () => {
  const rates = new Rates<string>({ perSecond: 1, burst: 2, maxEntries: 3 });
  const refused = (key: string, nowMs: number) => throws(() => rates.admit(key, nowMs), { code: 6 });
  for (const key of ["a", "a", "b", "b", "c", "c"]) rates.admit(key, 0);
  for (const key of ["a", "b", "c"]) refused(key, 1);
  rates.admit("d", 2);
  equal(rates.size, 3);
  refused("b", 3);
  refused("c", 3);
  // What is full again by time alone need not be remembered.
  rates.admit("e", 2100);
  equal(rates.size, 1);
});
