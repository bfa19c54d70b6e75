/** GHSA-f53g-frr2-jhpf (Gitpod): pages of other sites that open a socket, or send commands, with a visitor's cookie. */
import { deepEqual, equal } from "node:assert/strict";
import { Rig } from "../server/rig.ts";
import { exchange, statuses } from "./peer.ts";
import { handshake } from "./raw_socket.ts";

/** Origins that look like `http://HOST` or `https://chat.example`, and are not. */
function strangers(host: string): string[] {
  const [name, port] = host.split(":");
  return [
    "null",
    "",
    "https://evil.example",
    `http://${host}.evil.example`,
    `http://evil${host}`,
    `http://${name}`,
    `http://${name}:${Number(port) + 1}`,
    `http://${name}:${port}0`,
    `http://${host}/`,
    `http://${host}/path`,
    `http://${host}?`,
    `http://${host}#`,
    `http://user@${host}`,
    `http://${host}@evil.example`,
    `ws://${host}`,
    `ftp://${host}`,
    `file://${host}`,
    `//${host}`,
    host,
    `HTTP://${host}`,
    `http://${host} http://evil.example`,
    `http://evil.example, http://${host}`,
    `http://${host}, http://evil.example`,
    `http:\\\\${host}`,
    `http://localhost:${port}`,
    `http://[::1]:${port}`,
    `http://2130706433:${port}`,
    `http://0x7f.1:${port}`,
    "https://chat.example.evil.example",
    "https://evilchat.example",
    "https://sub.chat.example",
    "https://chat.example.",
    "https://chat.example:443",
    "https://chat.example:8443",
    "http://chat.example",
    "https://CHAT.EXAMPLE",
    "https://chat.example%00.evil.example",
    "https://chat.example\u3002evil.example",
    "https://ch\u0430t.example",
    "https://xn--cht-5cd.example",
    "https://chat.\u212bxample",
  ];
}

Deno.test("GHSA-f53g-frr2-jhpf (Gitpod): no other site's page gets a socket or a command by a visitor's cookie", async () => {
  await using rig = await Rig.start({ settings: { origins: ["https://chat.example"] } });
  const { token } = await rig.owner();
  const { port } = rig.app;
  const host = `127.0.0.1:${port}`;
  const cookie = `cookie: rookery=${token}\n`;
  const bearer = `authorization: Bearer ${token}\n`;
  const socket = async (lines: string) =>
    statuses(await exchange(port, handshake({ port, headers: lines, close: true })))[0];
  const post = async (lines: string) =>
    statuses(
      await exchange(
        port,
        `POST /api/v1/ListSessions HTTP/1.1\nhost: ${host}\ncontent-type: application/json\n` +
          `${lines}content-length: 2\nconnection: close\n\n{}`,
      ),
    )[0];

  for (const origin of strangers(host)) {
    for (const identity of [cookie, bearer]) {
      const lines = `${identity}origin: ${origin}\n`;
      deepEqual([await socket(lines), await post(lines)], [403, 403], origin);
    }
  }
  // Two headers are two pages.
  for (
    const lines of [
      `origin: http://${host}\norigin: https://evil.example\n`,
      `origin: http://${host}\norigin: http://${host}\n`,
    ]
  ) {
    equal(await socket(cookie + lines), 403);
    equal(await post(cookie + lines), 403);
  }
  // Without an origin a cookie is worth nothing, and a token everything.
  equal(await post(cookie), 403);
  equal(await socket(cookie), 403);
  equal(await post(bearer), 200);
  for (const origin of [`http://${host}`, `https://${host}`, "https://chat.example"]) {
    equal(await post(`${cookie}origin: ${origin}\n`), 200, origin);
  }
});
