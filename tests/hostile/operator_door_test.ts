/** The operator's token counts at a Unix socket of the data folder, where no network and no proxy comes. */
import { deepEqual, equal } from "node:assert/strict";
import { Rig } from "../server/rig.ts";

const SOCKET = "operator-test.sock";

async function ask(
  rig: Rig,
  { path, headers = {}, method = "POST" }: {
    path: string;
    headers?: Record<string, string>;
    method?: string;
  },
): Promise<number> {
  using client = Deno.createHttpClient({ proxy: { transport: "unix", path: `${rig.folder}/${SOCKET}` } });
  const response = await fetch(`http://localhost${path}`, {
    method,
    headers: { "content-type": "application/json", ...headers },
    ...(method === "POST" ? { body: "{}" } : {}),
    client,
  });
  await response.body?.cancel();
  return response.status;
}

Deno.test("W18 the operator's socket is for this user, the operator's token, and nothing that was passed on", async () => {
  const settings = { trustedProxies: ["127.0.0.1"] };
  const limits = { commandsPerSecond: 0.05, commandBurst: 7 };
  await using rig = await Rig.start({ settings, limits, operatorSocket: SOCKET });
  const { token: owners } = await rig.owner();
  const operator = { authorization: `Bearer ${rig.app.core.secrets.operatorToken()}` };
  equal((await Deno.stat(`${rig.folder}/${SOCKET}`)).mode! & 0o777, 0o600);
  const path = "/api/v1/ListUsers";
  const answers = [];
  for (let at = 0; at < 8; at++) answers.push(await ask(rig, { path, headers: operator }));
  deepEqual(answers, Array(8).fill(200), "L2 its commands are not counted");

  const forwarding: Record<string, string>[] = [
    { "x-forwarded-for": "203.0.113.8" },
    { "x-forwarded-host": "chat.example" },
    { "x-real-ip": "203.0.113.8" },
    { forwarded: "for=203.0.113.8" },
    { via: "1.1 proxy" },
  ];
  for (const headers of forwarding) {
    equal(await ask(rig, { path, headers: { ...operator, ...headers } }), 404, JSON.stringify(headers));
  }
  equal(await ask(rig, { path, headers: { ...operator, origin: "http://localhost" } }), 403);
  for (const headers of [{}, { authorization: `Bearer ${owners}` }, { authorization: "Bearer wrong" }]) {
    equal(await ask(rig, { path, headers }), 401, JSON.stringify(headers));
  }
  equal(await ask(rig, { path: "/api/v1/GetServerInfo" }), 401, "it serves nobody else");
  equal(await ask(rig, { path: "/api/v1/socket", headers: operator }), 404);
  equal(await ask(rig, { path: "/", method: "GET" }), 404);
  equal(await ask(rig, { path: "/readyz", method: "GET" }), 200);

  // Through the port, as through a proxy on this machine.
  for (const headers of [{}, { "x-forwarded-for": "203.0.113.8" }, { "x-forwarded-for": "127.0.0.1" }]) {
    const response = await fetch(`${rig.url}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...operator, ...headers },
      body: "{}",
    });
    equal(response.status, 401, await response.text());
  }
});
