/** IP addresses: one spelling for each, and networks of them. */
import { equal, ok } from "node:assert/strict";
import { IpAddress, IpRange } from "../src/ip_address.ts";

Deno.test("each address has one spelling", () => {
  const spellings: Record<string, string[]> = {
    "127.0.0.1": ["127.0.0.1", "::ffff:127.0.0.1", "::FFFF:7F00:1", "0:0:0:0:0:ffff:127.0.0.1"],
    "::1": ["::1", "0:0:0:0:0:0:0:1", "0000::0001"],
    "2001:db8::a": ["2001:DB8::A", "2001:0db8:0:0:0:0:0:000a"],
    "fe80::1": ["fe80::1%eth0", "FE80::1%2"],
  };
  for (const [text, others] of Object.entries(spellings)) {
    for (const other of others) equal(IpAddress.parse(other)?.text, text, other);
  }
});

Deno.test("what is no address is none, whatever other programs make of it", () => {
  const none = [
    ...[
      "",
      " ",
      "unknown",
      "_hidden",
      "localhost",
      "1.2.3",
      "1.2.3.4.5",
      "256.1.1.1",
      "01.2.3.4",
      "0x7f.1",
      "127.1",
    ],
    ...[
      "2130706433",
      "1.2.3.4:80",
      "[::1]",
      "::1:",
      ":::1",
      "1::2::3",
      "::g",
      "%eth0",
      "1.2.3.4 ",
      "1.2.3.4/8",
    ],
    ...["1".repeat(100_000), ":".repeat(100_000), `::1%${"e".repeat(1000)}`, "١.٢.٣.٤"],
  ];
  for (const text of none) equal(IpAddress.parse(text), undefined, text.slice(0, 40));
});

Deno.test("networks contain what lies in them, in either family's spelling", () => {
  const cases: [range: string, inside: string[], outside: string[]][] = [
    ["10.0.0.0/8", ["10.0.0.0", "10.255.1.2", "::ffff:10.1.1.1"], ["11.0.0.1", "::a00:1", "::1"]],
    ["10.1.2.3", ["10.1.2.3", "::ffff:a01:203"], ["10.1.2.4"]],
    ["::ffff:10.0.0.0/104", ["10.9.9.9"], ["11.0.0.0", "::1"]],
    ["2001:db8::/32", ["2001:db8:ffff::1"], ["2001:db9::", "32.1.13.184"]],
    ["0.0.0.0/0", ["1.2.3.4"], ["::1"]],
    ["::/0", ["::1"], ["1.2.3.4"]],
  ];
  for (const [text, inside, outside] of cases) {
    const range = IpRange.parse(text)!;
    for (const address of inside) ok(range.contains(IpAddress.parse(address)!), `${address} in ${text}`);
    for (const address of outside) {
      ok(!range.contains(IpAddress.parse(address)!), `${address} not in ${text}`);
    }
  }
  equal(IpRange.parse("10.1.2.3/8")!.text, "10.0.0.0/8");
  equal(IpRange.parse("2001:DB8:0:0:1::/64")!.text, "2001:db8::/64");
  for (
    const bad of ["10.0.0.0/33", "10.0.0.0/", "/8", "10.0.0.0/8/8", "::/129", "::ffff:1.2.3.4/95", "a/8"]
  ) {
    equal(IpRange.parse(bad), undefined, bad);
  }
});
