import assert from "node:assert/strict";
import { addressGroup, addressPath } from "../../src/auth/address_group.ts";
import { BucketThrottle } from "../../src/auth/login_throttle.ts";
import { ChatError, Code } from "../../src/chat/error.ts";
import { ManualClock } from "./fakes.ts";

const account = { burst: 3, refillMs: 1000 };
const address = { burst: 5, refillMs: 100 };

function setUp(maxEntries = 100) {
  const clock = new ManualClock();
  return { clock, throttle: new BucketThrottle({ clock, account, address, maxEntries }) };
}

/** 0 when admitted, else the time to wait. */
function attempt(throttle: BucketThrottle, name: string, from = "192.0.2.1"): number {
  try {
    throttle.admit({ name, address: from });
    return 0;
  } catch (error) {
    assert.ok(error instanceof ChatError);
    assert.equal(error.code, Code.RESOURCE_EXHAUSTED);
    assert.ok(error.retryAfterMs > 0);
    return error.retryAfterMs;
  }
}

Deno.test("an account has its burst, from wherever it is tried", () => {
  const { throttle } = setUp();
  for (const host of [1, 2, 3]) assert.equal(attempt(throttle, "ann", `192.0.2.${host}`), 0);
  assert.equal(attempt(throttle, "ann", "192.0.2.4"), 1000);
  assert.equal(attempt(throttle, "ANN", "192.0.2.5"), 1000, "the same name in capitals");
  assert.equal(attempt(throttle, "bob", "192.0.2.4"), 0);
});

Deno.test("A5 an attempt that was turned away unread counts no more", () => {
  const { throttle } = setUp();
  for (let i = 0; i < 20; i++) {
    throttle.admit({ name: "Ann", address: "192.0.2.1" }).withdraw();
  }
  for (let i = 0; i < 3; i++) assert.equal(attempt(throttle, "ann"), 0);
  assert.equal(attempt(throttle, "ann"), 1000, "giving back never gives more than was taken");
});

Deno.test("an address has its burst, whatever name it tries", () => {
  const { throttle } = setUp();
  for (let i = 0; i < 5; i++) assert.equal(attempt(throttle, `user${i}`), 0);
  assert.equal(attempt(throttle, "user5"), 100);
  assert.equal(attempt(throttle, "user5", "192.0.2.2"), 0);
});

Deno.test("A11 an attempt without a name counts for its address alone", () => {
  const { throttle } = setUp();
  const nameless = { address: "192.0.2.1" };
  for (let i = 0; i < 20; i++) {
    throttle.admit(nameless).withdraw();
  }
  for (let i = 0; i < 5; i++) throttle.admit(nameless);
  assert.throws(() => throttle.admit(nameless), { code: Code.RESOURCE_EXHAUSTED });
  assert.equal(attempt(throttle, "ann"), 100);
  assert.equal(attempt(throttle, "ann", "192.0.2.2"), 0);
});

Deno.test("waiting as told is enough, and refused attempts cost nothing", () => {
  const { throttle, clock } = setUp();
  for (let i = 0; i < 3; i++) attempt(throttle, "ann");
  clock.advance(400);
  assert.equal(attempt(throttle, "ann"), 600);
  assert.equal(attempt(throttle, "ann"), 600);
  clock.advance(600);
  assert.equal(attempt(throttle, "ann"), 0);
  assert.equal(attempt(throttle, "ann"), 1000);
});

Deno.test("a refusal of the account does not use up the address", () => {
  const { throttle } = setUp();
  for (let i = 0; i < 3; i++) attempt(throttle, "ann");
  for (let i = 0; i < 10; i++) assert.ok(attempt(throttle, "ann") > 0);
  assert.equal(attempt(throttle, "bob"), 0);
  assert.equal(attempt(throttle, "bob"), 0);
  assert.ok(attempt(throttle, "bob") > 0);
});

Deno.test("the right password gives the account its burst back, not the address", () => {
  const { throttle } = setUp();
  for (let i = 0; i < 2; i++) attempt(throttle, "ann");
  throttle.admit({ name: "Ann", address: "192.0.2.1" }).succeed();
  assert.equal(attempt(throttle, "ann"), 0);
  assert.equal(attempt(throttle, "ann"), 0);
  assert.equal(attempt(throttle, "ann"), 100, "now the address is at its end");
});

Deno.test("nobody gathers more than a burst", () => {
  const { throttle, clock } = setUp();
  attempt(throttle, "ann");
  clock.advance(1_000_000);
  for (let i = 0; i < 3; i++) assert.equal(attempt(throttle, "ann"), 0);
  assert.ok(attempt(throttle, "ann") > 0);
});

Deno.test("a clock that is set back takes nothing away", () => {
  const { throttle, clock } = setUp();
  attempt(throttle, "ann");
  clock.advance(-500_000);
  assert.equal(attempt(throttle, "ann"), 0);
  assert.equal(attempt(throttle, "ann"), 0);
  assert.equal(attempt(throttle, "ann"), 1000);
});

Deno.test("quiet accounts and addresses are forgotten", () => {
  const { throttle, clock } = setUp();
  for (let i = 0; i < 50; i++) attempt(throttle, `user${i}`, `192.0.2.${i}`);
  assert.equal(throttle.entries, 100);
  clock.advance(3000);
  attempt(throttle, "ann");
  assert.equal(throttle.entries, 2);
});

Deno.test("memory is bounded and the newest attempts still count", () => {
  const { throttle } = setUp(100);
  for (let i = 0; i < 10_000; i++) {
    attempt(throttle, `user${i}`, `10.0.${i >> 8}.${i & 255}`);
    assert.ok(throttle.entries <= 200);
  }
  for (let i = 0; i < 3; i++) attempt(throttle, "ann", `192.0.2.${i}`);
  assert.equal(attempt(throttle, "ann", "192.0.2.9"), 1000);
});

Deno.test("defaults: 10 attempts per account and one more every 30 s", () => {
  const clock = new ManualClock();
  const throttle = new BucketThrottle({ clock });
  for (let i = 0; i < 10; i++) assert.equal(attempt(throttle, "ann"), 0);
  assert.equal(attempt(throttle, "ann"), 30_000);
});

/** Attempts until one is refused. */
function tries(throttle: BucketThrottle, one: Parameters<BucketThrottle["admit"]>[0]): number {
  for (let count = 0;; count++) {
    try {
      throttle.admit(one);
    } catch {
      return count;
    }
  }
}

const OWNER = { name: "ann", userId: 7, address: "192.0.2.1" };

Deno.test("A5 strangers' failures keep nobody out who comes from a known address, device or session", () => {
  const { throttle } = setUp();
  throttle.seen(7, "192.0.2.1");
  const stranger = { ...OWNER, address: "198.51.100.1" };
  assert.equal(tries(throttle, stranger), 3);
  assert.equal(tries(throttle, { ...stranger, userId: undefined, address: "198.51.100.2" }), 0);
  for (
    const known of [OWNER, { ...stranger, deviceId: "laptop" }, { ...stranger, sessionId: 12 }, {
      ...stranger,
      sessionId: 13,
    }]
  ) {
    const admission = throttle.admit(known);
    assert.equal(admission.known, true);
    admission.succeed();
  }
  // The right password from there gives the strangers nothing back.
  assert.equal(tries(throttle, { ...stranger, userId: undefined, address: "198.51.100.3" }), 0);
});

Deno.test("A5 guesses from a known address, device and session are bounded, each by itself", () => {
  const { throttle } = setUp();
  throttle.seen(7, "192.0.2.1");
  assert.equal(tries(throttle, { ...OWNER, sessionId: 12 }), 3);
  assert.equal(tries(throttle, { ...OWNER, deviceId: "laptop" }), 3);
  assert.equal(tries(throttle, OWNER), 3);
  assert.equal(tries(throttle, { ...OWNER, deviceId: "laptop", address: "203.0.113.5" }), 0, "from anywhere");
  assert.equal(tries(throttle, { ...OWNER, deviceId: "telephone" }), 3);
  // Another account at that address is not known there.
  assert.equal(throttle.admit({ ...OWNER, name: "bob", userId: 8 }).known, false);
});

Deno.test("A5 the right password makes an address known, also its whole IPv6 network", () => {
  const { throttle } = setUp();
  const first = { ...OWNER, address: "2001:db8:1:2::1" };
  const admission = throttle.admit(first);
  assert.equal(admission.known, false);
  admission.succeed();
  assert.equal(throttle.admit({ ...first, address: "2001:db8:1:2:ffff::9" }).known, true);
  assert.equal(throttle.admit({ ...first, address: "2001:db8:1:3::1" }).known, false);
});

Deno.test("A5 eight addresses are known for one user, and users up to the bound", () => {
  const { throttle } = setUp(100);
  for (let i = 0; i < 9; i++) throttle.seen(7, `192.0.2.${i}`);
  assert.equal(throttle.admit({ ...OWNER, address: "192.0.2.0" }).known, false);
  assert.equal(throttle.admit({ ...OWNER, address: "192.0.2.1" }).known, true);
  for (let id = 1000; id < 1100; id++) throttle.seen(id, "192.0.2.1");
  assert.equal(throttle.admit(OWNER).known, false);
});

Deno.test("addresses lie in wider networks, of which one customer may have many", () => {
  assert.deepEqual(addressPath("192.0.2.77"), ["192.0.2.0/24", "192.0.2.77"]);
  assert.deepEqual(addressPath("::ffff:192.0.2.77"), ["192.0.2.0/24", "192.0.2.77"]);
  assert.deepEqual(addressPath("2001:0db8:1:2::9"), [
    "2001:db8::/32",
    "2001:db8:1::/48",
    "2001:db8:1:2::/64",
  ]);
  assert.deepEqual(addressPath(""), [""]);
});

Deno.test("one visitor's IPv6 addresses count as one", () => {
  const same = ["2001:db8:1:2::1", "2001:DB8:1:2:ffff:0:0:9", "2001:0db8:0001:0002::1%eth0"];
  for (const text of same) assert.equal(addressGroup(text), "2001:db8:1:2::/64");
  assert.equal(addressGroup("2001:db8:1::5"), "2001:db8:1::/64");
  assert.equal(addressGroup("::1"), "::/64");
  assert.equal(addressGroup("::ffff:192.0.2.1"), "192.0.2.1");
  assert.equal(addressGroup("192.0.2.1"), "192.0.2.1");
  assert.equal(addressGroup("unix"), "unix");
});
