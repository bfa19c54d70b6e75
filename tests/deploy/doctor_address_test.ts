/** `rookery doctor --url` where the address itself is wrong: redirects and certificates. */
import { equal, match } from "node:assert/strict";
import { Place } from "../cli/program.ts";
import { ONE } from "../tls/pairs.ts";
import { runDoctor } from "./doctor.ts";

/** A server that answers everything so. */
function answering(handler: (request: Request) => Response, tls = {}) {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {}, ...tls }, handler);
  return { port: server.addr.port, [Symbol.asyncDispose]: () => server.shutdown() };
}

function leadingTo(location: (request: Request) => string): (request: Request) => Response {
  return (request) => new Response(null, { status: 301, headers: { location: location(request) } });
}

async function addressOf(url: string, env: Record<string, string> = {}) {
  await using place = new Place();
  const { code, of } = await runDoctor(place.folder, ["--idle", "0", "--url", url], { env });
  const { state, found, advice } = of("address");
  equal(code, 1);
  equal(state, "problem");
  return { found, advice: advice! };
}

Deno.test("a redirect is named with where it leads, and the address to examine instead", async () => {
  await using server = answering(
    leadingTo((request) => `https://chat.example${new URL(request.url).pathname}?secret=1`),
  );
  const { found, advice } = await addressOf(`http://127.0.0.1:${server.port}`);
  equal(
    found,
    `http://127.0.0.1:${server.port} answers with status 301 and leads to https://chat.example, which programs do not follow`,
  );
  match(advice, /rookery doctor --url https:\/\/chat\.example$/);
});

Deno.test("a redirect to somebody's login is called so, and nothing of it reaches the terminal as a command", async () => {
  await using server = answering(leadingTo(() => "/login?next=/healthz"));
  const { found, advice } = await addressOf(`http://127.0.0.1:${server.port}`);
  match(found, /leads to http:\/\/127\.0\.0\.1:\d+\/login, which programs do not follow$/);
  match(advice, /no server of ours/);
  await using odd = answering(leadingTo(() => "javascript:alert(1)"));
  match((await addressOf(`http://127.0.0.1:${odd.port}`)).found, /which is no address$/);
});

Deno.test("a certificate of nobody's, and no TLS at all, are called so", async () => {
  await using server = answering(() => new Response("ok\n"), { cert: ONE.cert, key: ONE.key });
  match(
    (await addressOf(`https://127.0.0.1:${server.port}`)).advice,
    /comes from nobody whom browsers trust/,
  );
  await using plain = answering(() => new Response("ok\n"));
  match((await addressOf(`https://127.0.0.1:${plain.port}`)).advice, /speaks no TLS/);
});

Deno.test("a certificate for another name is called so", async () => {
  await using server = answering(() => new Response("ok\n"), {
    hostname: "0.0.0.0",
    cert: ONE.cert,
    key: ONE.key,
  });
  const { advice } = await addressOf(`https://127.0.0.2:${server.port}`, { DENO_CERT: ONE.certPath });
  match(advice, /for another name/);
});
