/** GHSA-f53g-frr2-jhpf (Gitpod): pages of other sites that open a socket, or send commands, with a visitor's cookie. */
import { deepEqual, doesNotMatch, equal, match } from "node:assert/strict";
import type { Config } from "../../src/config.ts";
import { cookiesOf } from "../../src/server/admission/credentials.ts";
import { register } from "../../src/client/mod.ts";
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
  const session = (secure: boolean) => cookiesOf(rig.url).session.set(token, { secure }).split(";")[0]!;
  const cookie = `cookie: ${session(false)}; ${session(true)}\n`;
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

/** What a page whose address has this host, and which comes with this session, is answered. */
async function visit(
  rig: Rig,
  { host, scheme = "http", token }: {
    readonly host: string;
    readonly scheme?: string;
    readonly token: string;
  },
) {
  const { port } = rig.app;
  const page = await exchange(
    port,
    `GET / HTTP/1.1\nhost: ${host}\naccept: text/html\nconnection: close\n\n`,
  );
  const command = await exchange(
    port,
    `POST /api/v1/ListSessions HTTP/1.1\nhost: ${host}\norigin: ${scheme}://${host}\n` +
      `content-type: application/json\nauthorization: Bearer ${token}\ncontent-length: 2\nconnection: close\n\n{}`,
  );
  return { page, command, statuses: [...statuses(page), ...statuses(command)] };
}

/** Names under which the chat opens, and under which it does not, by settings. */
const NAMES: readonly {
  readonly settings: Partial<Config>;
  readonly own: readonly string[];
  readonly strange: readonly string[];
}[] = [
  {
    settings: {},
    own: [
      "localhost:PORT",
      "chat.localhost",
      "127.0.0.1:PORT",
      "192.168.1.7:PORT",
      "[::1]:PORT",
      "[fe80::1]",
    ],
    strange: [
      "evil.example",
      "evil.example:PORT",
      "chat.local:PORT",
      "localhost.evil.example",
      "127.0.0.1.nip.io",
    ],
  },
  {
    settings: { hosts: ["chat.local", "nest"] },
    own: ["chat.local:PORT", "CHAT.LOCAL", "nest:8080", "localhost:PORT"],
    strange: ["evil.example:PORT", "sub.chat.local:PORT", "chat.local.evil.example"],
  },
  {
    settings: { url: "https://chat.example", hosts: ["chat.local"], origins: ["https://pages.example"] },
    own: ["chat.local:PORT"],
    strange: ["evil.example:PORT", "localhost:PORT", "127.0.0.1:PORT", "[::1]:PORT", "192.168.1.7"],
  },
];

for (const { settings, own, strange } of NAMES) {
  Deno.test(`W7 a stranger's domain that leads here is another site (${JSON.stringify(settings)})`, async () => {
    await using rig = await Rig.start({ settings });
    // The link has the configured address, which leads nowhere.
    const local = `http://127.0.0.1:${rig.app.port}`;
    const token = (await register(local, {
      name: "olga",
      password: "correct horse battery",
      inviteCode: new URL(rig.app.ownerLink!).hash.slice("#invite=".length),
    })).token;
    const at = (host: string) => host.replace("PORT", String(rig.app.port));
    for (const host of own.map(at)) {
      deepEqual((await visit(rig, { host, token })).statuses, [200, 200], host);
    }
    for (const host of strange.map(at)) {
      const { page, command, statuses } = await visit(rig, { host, token });
      deepEqual(statuses, [421, 403], host);
      match(page, settings.url === undefined ? /--hosts chat\.local/ : /https:\/\/chat\.example/);
      match(command, /--hosts/);
      doesNotMatch(page + command, /evil/, "a host from outside is in no answer");
    }
    // Programs are no pages, and watchmen know no names.
    const headers = "host: evil.example\nconnection: close\n";
    for (const path of ["/healthz", "/readyz"]) {
      deepEqual(statuses(await exchange(rig.app.port, `GET ${path} HTTP/1.1\n${headers}\n`)), [200]);
    }
  });
}

Deno.test("W7 the public address is one origin: neither another port of it nor another scheme", async () => {
  await using rig = await Rig.start({ settings: { url: "https://chat.example" } });
  const local = `http://127.0.0.1:${rig.app.port}`;
  const ask = async (origin: string) => {
    const response = await fetch(`${local}/api/v1/GetServerInfo`, {
      method: "POST",
      headers: { "content-type": "application/json", origin, host: "chat.example" },
      body: "{}",
    });
    await response.body?.cancel();
    return response.status;
  };
  equal(await ask("https://chat.example"), 200);
  for (const origin of ["http://chat.example", "https://chat.example:444", "https://chat.example.", local]) {
    equal(await ask(origin), 403, origin);
  }
});

Deno.test("A6 servers on one host keep their sessions apart, by port and by path", () => {
  const names = [
    "http://localhost:8080",
    "http://localhost:8081",
    "https://a.example/x",
    "https://a.example/y",
  ]
    .map((url) => cookiesOf(url).session.set("t", { secure: true }).split("=")[0]!);
  equal(new Set(names).size, names.length);
  const request = new Request("http://localhost", {
    headers: { cookie: `${names[0]}=one; ${names[1]}=two` },
  });
  equal(cookiesOf("http://localhost:8081").session.valueIn(request, { secure: true }), "two");
});
