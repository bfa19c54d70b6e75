/**
 * Requests whose end two servers could see in different places (RFC 9112, section 11.2): behind a proxy
 * the rest of one would become the beginning of somebody else's.
 */
import { deepEqual, ok } from "node:assert/strict";
import { exchange, Peer, statuses } from "./peer.ts";
import { siege } from "./siege.ts";

/** A request that would be answered if somebody took it for one: its status is 418 nowhere, but 200 here. */
const SMUGGLED = "GET /healthz HTTP/1.1\nhost: smuggled\nconnection: close\n\n";
const POST = "POST /api/v1/GetServerInfo HTTP/1.1\nhost: x\ncontent-type: application/json\n";

/** Request, and what may be answered; nothing of what follows its head may be taken for a request. */
const REFUSED: Readonly<Record<string, string>> = {
  "two lengths that differ": `${POST}content-length: 2\ncontent-length: 40\n\n{}${SMUGGLED}`,
  "two lengths in one field": `${POST}content-length: 2, 40\n\n{}${SMUGGLED}`,
  "a signed length": `${POST}content-length: +2\n\n{}${SMUGGLED}`,
  "a negative length": `${POST}content-length: -1\n\n{}${SMUGGLED}`,
  "a length in hexadecimal": `${POST}content-length: 0x2\n\n{}${SMUGGLED}`,
  "a length beyond all numbers": `${POST}content-length: 99999999999999999999999\n\n{}${SMUGGLED}`,
  "a length with a blank before its colon": `${POST}content-length : 2\n\n{}${SMUGGLED}`,
  "a length in a folded line": `${POST}x-folded: a\n content-length: 40\ncontent-length: 2\n\n{}${SMUGGLED}`,
  "a folded first line": `${POST.replace("host: x\n", " host: x\n")}content-length: 2\n\n{}${SMUGGLED}`,
  "an encoding that is not chunked": `${POST}transfer-encoding: xchunked\n\n2\n{}\n0\n\n${SMUGGLED}`,
  "chunked, and then something else":
    `${POST}transfer-encoding: chunked, identity\n\n2\n{}\n0\n\n${SMUGGLED}`,
  "an encoding with a vertical tab": `${POST}transfer-encoding: \x0bchunked\n\n2\n{}\n0\n\n${SMUGGLED}`,
  "chunked in HTTP/1.0": `${
    POST.replace("/1.1", "/1.0")
  }transfer-encoding: chunked\n\n2\n{}\n0\n\n${SMUGGLED}`,
  "a chunk whose size is no number": `${POST}transfer-encoding: chunked\n\nzz\n{}\n0\n\n${SMUGGLED}`,
  "a chunk whose size overflows":
    `${POST}transfer-encoding: chunked\n\n10000000000000002\n{}\n0\n\n${SMUGGLED}`,
  "a chunk with a negative size": `${POST}transfer-encoding: chunked\n\n-2\n{}\n0\n\n${SMUGGLED}`,
  "a chunk that is longer than it said": `${POST}transfer-encoding: chunked\n\n1\n{}\n0\n\n${SMUGGLED}`,
  "chunk extensions without end": `${POST}transfer-encoding: chunked\n\n2;${"x".repeat(100_000)}\n{}\n0\n\n`,
  "a null in a field": `${POST}x-null: a\0b\ncontent-length: 2\n\n{}${SMUGGLED}`,
  "a bare carriage return in a field":
    `${POST}x-bare: a\rcontent-length: 40\ncontent-length: 2\n\n{}${SMUGGLED}`,
};

siege("requests with two ends have none", {
  "what is not plain is refused, and the connection ends": async ({ port }) => {
    for (const [what, text] of Object.entries(REFUSED)) {
      const answer = await exchange(port, text);
      // One answer at most: what stands behind the body is nobody's request.
      const found = statuses(answer);
      ok(found.length <= 1 && found.every((status) => status >= 400 && status < 500), `${what}: ${answer}`);
    }
  },

  "a length beside an encoding": async ({ port }) => {
    const [length, chunked] = ["content-length: 4\n", "transfer-encoding: chunked\n"];
    for (const fields of [length + chunked, chunked + length]) {
      deepEqual(statuses(await exchange(port, `${POST}${fields}\n2\n{}\n0\n\n${SMUGGLED}`)), [400]);
    }
  },

  "an encoding alone is understood": async ({ port }) => {
    const answer = await exchange(
      port,
      `${POST}transfer-encoding: chunked\n\n1\n{\n1;x=y\n}\n0\nx: trailer\n\n${SMUGGLED}`,
    );
    deepEqual(statuses(answer), [200, 200]);
  },

  "L7 trailers without end are given up": async ({ port, undisturbed }) => {
    using peer = await Peer.connect(port);
    const text = `${POST}transfer-encoding: chunked\n\n2\n{}\n0\n${"x: y\n".repeat(30_000)}`;
    await peer.send(text.replaceAll("\n", "\r\n"));
    deepEqual(statuses(await peer.until((answer) => answer.includes("\r\n\r\n"))), [408]);
    await undisturbed();
  },

  "L7 a body in crumbs is refused": async ({ port, undisturbed }) => {
    for (const crumb of ["1\n \n", "1;extension\n \n"]) {
      using peer = await Peer.connect(port);
      const text = `${POST}transfer-encoding: chunked\n\n${crumb.repeat(60_000)}0\n\n`;
      await peer.send(text.replaceAll("\n", "\r\n"));
      deepEqual(statuses(await peer.until((answer) => answer.includes("\r\n\r\n"))), [400]);
    }
    await undisturbed();
  },

  "equal lengths are one": async ({ port }) => {
    const answer = await exchange(port, `${POST}content-length: 2\ncontent-length: 2\n\n{}${SMUGGLED}`);
    const found = statuses(answer);
    ok(found.join() === "200,200" || found.join() === "400", answer);
  },

  "a body that a GET should not have is not a request": async ({ port }) => {
    const length = SMUGGLED.length + SMUGGLED.split("\n").length - 1;
    const answer = await exchange(
      port,
      `GET /healthz HTTP/1.1\nhost: x\ncontent-length: ${length}\n\n${SMUGGLED}${SMUGGLED}`,
    );
    // The first is a body; only the second, which follows it, is a request.
    ok(statuses(answer).length <= 2, answer);
  },

  "pipelined requests are answered in their order": async ({ port }) => {
    const order = ["healthz", "nowhere", "readyz", "api/v1/Nothing", "healthz"];
    const requests = Array.from(
      { length: 40 },
      (_, at) => `GET /${order[at % order.length]} HTTP/1.1\nhost: x\n\n`,
    );
    const answer = await exchange(port, `${requests.join("")}${SMUGGLED}`);
    const expected = Array.from({ length: 40 }, (_, at) => [200, 404, 200, 405, 200][at % order.length]!);
    deepEqual(statuses(answer), [...expected, 200]);
  },
}, { limits: { bodyMs: 1000 } });
