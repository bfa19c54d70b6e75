/** Whose address counts, behind proxies and without. */
import { equal } from "node:assert/strict";
import { IpAddress } from "../../src/ip_address.ts";
import { TrustedProxies } from "../../src/server/admission/trusted_proxies.ts";
import { Rig } from "./rig.ts";

const PROXIES = new TrustedProxies(["127.0.0.1", "10.0.0.0/8", "2001:db8:99::/48"]);

function addressOf(peer: string, forwarded?: string): string {
  const headers = new Headers(forwarded === undefined ? {} : { "x-forwarded-for": forwarded });
  return PROXIES.addressOf(new Request("http://x", { headers }), IpAddress.parse(peer)!).text;
}

Deno.test("W17 X-Forwarded-For counts from trusted proxies alone, and its last address that is none of them", () => {
  equal(addressOf("192.0.2.1", "203.0.113.8"), "192.0.2.1");
  equal(addressOf("127.0.0.1"), "127.0.0.1");
  equal(addressOf("127.0.0.1", ""), "127.0.0.1");
  equal(addressOf("127.0.0.1", "198.51.100.1, 203.0.113.8"), "203.0.113.8");
  equal(addressOf("127.0.0.1", "198.51.100.1, 203.0.113.8, 10.1.1.1, 2001:db8:99::7"), "203.0.113.8");
  equal(addressOf("::ffff:127.0.0.1", "203.0.113.8"), "203.0.113.8", "as a listener on :: sees it");
  equal(addressOf("10.200.0.1", "203.0.113.8"), "203.0.113.8");
});

Deno.test("W17 one visitor is one address, in every spelling, with every port", () => {
  for (const text of ["203.0.113.8", "203.0.113.8:40001", "::ffff:203.0.113.8", "[::ffff:203.0.113.8]:1"]) {
    equal(addressOf("127.0.0.1", text), "203.0.113.8", text);
  }
  for (const text of ["2001:DB8::1", "[2001:db8::1]", "[2001:db8:0::1]:65535", "2001:db8::1%eth0"]) {
    equal(addressOf("127.0.0.1", text), "2001:db8::1", text);
  }
});

Deno.test("W17 what is no address is the proxy that sent it", () => {
  const none = [
    ...[
      "unknown",
      "_hidden",
      "-",
      "203.0.113.8:",
      "203.0.113.8:abc",
      "203.0.113.8:123456",
      "[203.0.113.8",
      "]",
    ],
    ...[
      "[::1]x",
      "[]",
      "[]:1",
      "203.0.113.8 1",
      '"203.0.113.8"',
      "for=203.0.113.8",
      ":80",
      "9".repeat(60_000),
    ],
  ];
  for (const text of none) {
    equal(addressOf("127.0.0.1", text), "127.0.0.1", text.slice(0, 40));
    equal(
      addressOf("127.0.0.1", `198.51.100.1, ${text}`),
      "127.0.0.1",
      "what stands before it was not vouched for",
    );
    equal(addressOf("127.0.0.1", `${text}, 10.0.0.9`), "10.0.0.9");
  }
  equal(addressOf("127.0.0.1", "203.0.113.8,".repeat(5000)), "127.0.0.1");
  const proxies = Array(5000).fill("10.0.0.1").join(",");
  equal(addressOf("127.0.0.1", `203.0.113.8,${proxies}`), "10.0.0.1", "nobody has so many proxies");
});

Deno.test("W17 500 ports of one visitor have one rate, as have its other spellings", async () => {
  await using rig = await Rig.start({
    limits: { commandsPerSecond: 0.05, commandBurst: 5 },
    settings: { trustedProxies: ["127.0.0.0/8"] },
  });
  let passed = 0;
  for (let at = 0; at < 500; at++) {
    const text = at % 2 === 0 ? `203.0.113.8:${40_000 + at}` : `[::ffff:203.0.113.8]:${at}`;
    const response = await fetch(`${rig.url}/api/v1/GetServerInfo`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-forwarded-for": text },
      body: "{}",
    });
    await response.body?.cancel();
    if (response.status === 200) passed++;
  }
  equal(passed, 5);
});
