/** `rookery doctor --url` where the address itself is wrong: redirects and certificates. */
import { equal, match } from "node:assert/strict";
import { misdirected } from "../../src/server/pages/fallback_pages.ts";
import { Place } from "../cli/program.ts";
import { Rig } from "../server/rig.ts";
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

Deno.test("a name that the server does not know is called so, with the settings that tell it", async () => {
  await using place = new Place();
  const examined = async (base: string) => {
    const { code, of } = await runDoctor(place.folder, ["--idle", "0", "--url", base]);
    const { state, found, advice } = of("page");
    equal(code, 1);
    equal(state, "problem");
    match(found, /answers with status 421: the server does not know the name 127\.0\.0\.1/);
    match(advice!, new RegExp(`--url ${base}; .* --hosts 127\\.0\\.0\\.1\\.`));
    return found;
  };
  await using rig = await Rig.start({ settings: { url: "https://chat.example" } });
  match(
    await examined(`http://127.0.0.1:${rig.app.port}`),
    /127\.0\.0\.1, and takes https:\/\/chat\.example for its address$/,
  );
  // Only a name that leads here and nobody has told would be answered so without a url; the answer is the server's.
  await using untold = answering((request) => misdirected(request, undefined));
  match(await examined(`http://127.0.0.1:${untold.port}`), /the name 127\.0\.0\.1$/);
});

Deno.test("a proxy's own 421 is not taken for the server's", async () => {
  await using server = answering((request) =>
    new URL(request.url).pathname === "/"
      ? new Response("Misdirected", { status: 421 })
      : new Response("ok\n")
  );
  await using place = new Place();
  const { of } = await runDoctor(place.folder, ["--idle", "0", "--url", `http://127.0.0.1:${server.port}`]);
  match(of("page").found, /what stands in front of Rookery has no site of the name 127\.0\.0\.1$/);
  match(of("page").advice!, /in the proxy/);
});
