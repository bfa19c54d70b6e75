/** Tricks in addresses, hosts and methods: what is asked for is what is looked for, and nothing else. */
import { deepEqual, doesNotMatch, equal, match, ok } from "node:assert/strict";
import { exchange, statuses } from "./peer.ts";
import { handshake } from "./raw_socket.ts";
import { siege } from "./siege.ts";

/** Ways to `secret.key`, `rookery.db` and files of the system. */
const TRAVERSAL = [
  "/../secret.key",
  "/assets/../../data/secret.key",
  "/assets/%2e%2e/%2e%2e/data/secret.key",
  "/assets/..%2f..%2fdata%2fsecret.key",
  "/assets/%2e%2e%2f%2e%2e%2fdata/rookery.db",
  "/assets/..%5c..%5cdata%5csecret.key",
  "/assets/..\\..\\data\\secret.key",
  "/assets/%252e%252e%252fdata%252fsecret.key",
  "/assets/%c0%ae%c0%ae%c0%afdata/secret.key",
  "/assets/%e0%80%ae%e0%80%ae/secret.key",
  "/assets/%uff0e%uff0e/secret.key",
  "/assets/index.html%00.js",
  "/index.html/",
  "/INDEX.HTML",
  "/assets",
  "/assets/",
  "//etc/passwd",
  "///etc/passwd",
  "/;/etc/passwd",
  "/.git/config",
  "/deno.json",
  "/src/app.ts",
  "/%",
  "/%zz",
  "/%ff%fe",
  "/~root",
  "/index.html.br",
  "/__proto__",
  "/constructor",
  "/toString",
];

const COMMANDS = [
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "",
  "/",
  "sendMessage",
  "send_message",
  "SendMessage/",
  "SendMessage%00",
  "%53endMessage%2f..",
  "Command",
  "rookery.v1.SendMessage",
  "..%2f..%2fhealthz",
  "socket/",
];

siege("tricks with addresses, hosts and methods lead nowhere", {
  "paths out of the page's files": async ({ port }) => {
    for (const path of TRAVERSAL) {
      const answer = await exchange(port, `GET ${path} HTTP/1.1\nhost: x\nconnection: close\n\n`);
      const [status] = statuses(answer);
      ok(status === 404 || status === 400, `${path}: ${answer}`);
      doesNotMatch(answer, /root:|SQLite format|npm:/, path);
    }
  },

  "the whole address instead of a path": async ({ port }) => {
    const get = async (target: string, host = "x") =>
      statuses(await exchange(port, `GET ${target} HTTP/1.1\nhost: ${host}\nconnection: close\n\n`))[0];
    equal(await get("http://evil.example/healthz"), 200);
    equal(await get("http://evil.example/secret.key"), 404);
    equal(await get("//healthz"), 404);
    equal(await get("//evil.example/healthz"), 404);
    equal(await get("http://user:password@evil.example/healthz"), 200);
    for (const target of ["file:///etc/passwd", "http:///healthz", "healthz", "http://[::1/healthz"]) {
      const status = await get(target);
      ok(status === 400 || status === 404, `${target}: ${status}`);
    }
  },

  "names of commands that are none": async ({ port }) => {
    for (const name of COMMANDS) {
      const answer = await exchange(
        port,
        `POST /api/v1/${name} HTTP/1.1\nhost: x\ncontent-type: application/json\n` +
          "content-length: 2\nconnection: close\n\n{}",
      );
      const [status] = statuses(answer);
      ok(status === 400 || status === 404, `${name}: ${answer}`);
    }
  },

  "hosts that are none": async ({ port }) => {
    const hosts = [
      "a b",
      "[",
      "x:99999",
      "x:y",
      "%",
      "\u00e9",
      "x/y",
      "x@y",
      "x?y",
      "x#y",
      "x\\y",
      "<script>",
      "x, x",
    ];
    for (const host of hosts) {
      const answer = await exchange(port, `GET /healthz HTTP/1.1\nhost: ${host}\nconnection: close\n\n`);
      equal(statuses(answer)[0], 400, `${host}: ${answer}`);
    }
    // A way around a proxy that keeps some addresses to itself.
    const inside = "GET / HTTP/1.1\nhost: x/api/v1/GetServerInfo?\nconnection: close\n\n";
    equal(statuses(await exchange(port, inside))[0], 400);
    const without = statuses(await exchange(port, "GET /healthz HTTP/1.1\nconnection: close\n\n"));
    ok(without[0] === 200 || without[0] === 400, `${without}`);
    deepEqual(statuses(await exchange(port, "GET /healthz HTTP/1.0\n\n")), [200]);
    const two = await exchange(port, "GET /healthz HTTP/1.1\nhost: x\nhost: y\nconnection: close\n\n");
    equal(statuses(two)[0], 400, two);
  },

  "a host from outside is in no answer": async ({ port }) => {
    for (const path of ["/", "/nowhere", "/api/v1/GetServerInfo"]) {
      const answer = await exchange(
        port,
        `GET ${path} HTTP/1.1\nhost: evil.example\nx-forwarded-host: evil.example\n` +
          "forwarded: host=evil.example\naccept: text/html\nconnection: close\n\n",
      );
      ok(!answer.includes("evil.example"), answer);
    }
  },

  "methods that nobody offers": async ({ port }) => {
    const ask = async (line: string) =>
      await exchange(port, `${line} HTTP/1.1\nhost: x\nx-canary: tweet\nconnection: close\n\n`);
    for (const method of ["TRACE", "PUT", "DELETE", "PATCH", "PROPFIND", "FROB", "get"]) {
      const answer = await ask(`${method} /`);
      const [status] = statuses(answer);
      ok(status === 405 || status === 400 || status === 404 || status === 501, `${method}: ${answer}`);
      ok(!answer.includes("tweet"), answer);
    }
    for (
      const line of ["OPTIONS *", "CONNECT 127.0.0.1:80", "CONNECT evil.example:443", "CONNECT /", "PRI *"]
    ) {
      const answer = await ask(line);
      ok(statuses(answer).every((status) => status >= 200 && status < 500), `${line}: ${answer}`);
    }
    const head = await ask("HEAD /healthz");
    match(head, /^HTTP\/1\.1 200/);
    ok(head.endsWith("\r\n\r\n"), head);
  },

  "line ends in what is sent are in no answer's head": async ({ port }) => {
    const injected = "%0d%0aset-cookie:%20rookery=evil%0d%0a";
    for (const path of [`/${injected}`, `/?${injected}`, `/api/v1/${injected}`, `/assets/${injected}`]) {
      const answer = await exchange(
        port,
        `GET ${path} HTTP/1.1\nhost: x\norigin: http://x${injected}\naccept: text/html\nconnection: close\n\n`,
      );
      doesNotMatch(answer, /^set-cookie/im, path);
      equal(statuses(answer).length, 1, answer);
    }
    const bare = await exchange(port, "GET /\rset-cookie:x HTTP/1.1\nhost: x\nconnection: close\n\n");
    ok(statuses(bare)[0]! >= 400, bare);
  },

  "O5 tokens in addresses are not read, and not logged": async ({ port, target, mallory }) => {
    const { token } = mallory;
    const places = [
      `/api/v1/socket?token=${token}`,
      `/api/v1/socket?access_token=${token}&bearer=${token}`,
      `/api/v1/socket/${token}`,
      `/api/v1/socket#${token}`,
      `/api/v1/socket;token=${token}`,
    ];
    for (const place of places) {
      const answer = await exchange(port, handshake({ port, target: place, close: true }));
      ok([400, 401, 404, 405].includes(statuses(answer)[0]!), `${place}: ${answer}`);
    }
    const answer = await exchange(
      port,
      `POST /api/v1/ListSessions?token=${token} HTTP/1.1\nhost: x\ncontent-type: application/json\n` +
        `referer: http://x/?token=${token}\ncontent-length: 2\nconnection: close\n\n{}`,
    );
    equal(statuses(answer)[0], 401);
    ok(!target.output.includes(token), "The log has no token");
  },
});
