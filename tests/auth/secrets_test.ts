import assert from "node:assert/strict";
import { contradicts } from "../../src/chat/fingerprint.ts";
import { ServerSecrets } from "../../src/auth/secrets.ts";
import { loadServerSecret } from "../../src/auth/server_secret.ts";

const DAY_MS = 24 * 3600 * 1000;

const key = new Uint8Array(32).fill(7);
const secrets = new ServerSecrets(key);
const strangers = new ServerSecrets(new Uint8Array(32).fill(8));

Deno.test("a token is 256 bits and only its hash leads to it", () => {
  const { token, tokenHash } = secrets.newToken();
  assert.match(token, /^[A-Za-z0-9_-]{43}$/);
  assert.match(tokenHash, /^[0-9a-f]{64}$/);
  assert.equal(secrets.hashToken(token), tokenHash);
  assert.notEqual(secrets.newToken().token, token);
  assert.equal(
    secrets.hashToken("abc"),
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
});

Deno.test("an invite code leads back to its id", () => {
  for (const id of [1, 2, 255, 65_536, 2 ** 31, 2 ** 32 - 1]) {
    const code = secrets.inviteCode(id);
    assert.match(code, /^[A-Za-z0-9_-]{27}$/);
    assert.equal(secrets.readInviteCode(code), id);
    assert.equal(secrets.inviteCode(id), code, "the same id has the same code");
  }
});

Deno.test("any other code leads nowhere", () => {
  const code = secrets.inviteCode(5);
  const others = ["", "x", code + "A", code.slice(1), ` ${code}`, code + "=", "é".repeat(27), "A".repeat(27)];
  for (let at = 0; at < code.length; at++) {
    // "A" and "B" differ in the lowest bit, so this also tries the unused bits of the last character.
    for (const other of "ABQ-_") {
      if (code[at] !== other) others.push(code.slice(0, at) + other + code.slice(at + 1));
    }
  }
  for (const other of others) assert.equal(secrets.readInviteCode(other), undefined, other);
  assert.equal(secrets.readInviteCode(strangers.inviteCode(5)), undefined);
  assert.equal(secrets.readInviteCode(secrets.inviteCode(0)), undefined);
});

Deno.test("A5 a device's credential is good for its account, with its password, for 400 days", () => {
  const owner = { userId: 7, passwordHash: "$2a$04$hash", nowMs: Date.UTC(2026, 0, 1) };
  const credential = secrets.deviceCredential(owner);
  assert.match(credential, /^[\w-]{38}$/);
  const id = secrets.readDeviceCredential(credential, owner);
  assert.match(id!, /^[0-9a-f]{16}$/);
  assert.notEqual(secrets.readDeviceCredential(secrets.deviceCredential(owner), owner), id);
  const laterMs = owner.nowMs + 399 * DAY_MS;
  const renewed = secrets.deviceCredential({ ...owner, nowMs: laterMs }, id);
  assert.equal(secrets.readDeviceCredential(renewed, { ...owner, nowMs: laterMs + 399 * DAY_MS }), id);
  // A clock that was ahead and is set right ends no credential.
  assert.equal(secrets.readDeviceCredential(renewed, owner), id);
  for (
    const other of [
      { ...owner, userId: 8 },
      { ...owner, passwordHash: "$2a$04$other" },
      { ...owner, nowMs: owner.nowMs + 401 * DAY_MS },
    ]
  ) assert.equal(secrets.readDeviceCredential(credential, other), undefined);
  const others = new ServerSecrets(new Uint8Array(32));
  assert.equal(others.readDeviceCredential(credential, owner), undefined);
});

Deno.test("A5 anything else is no device's credential", () => {
  const owner = { userId: 7, passwordHash: "", nowMs: 0 };
  const credential = secrets.deviceCredential(owner);
  for (let at = 0; at < credential.length; at++) {
    const other = credential[at] === "A" ? "B" : "A";
    const changed = credential.slice(0, at) + other + credential.slice(at + 1);
    assert.equal(secrets.readDeviceCredential(changed, owner), undefined, String(at));
  }
  for (const text of ["", "x", `${credential}A`, `${credential} `, "ä".repeat(38), "A".repeat(60_000)]) {
    assert.equal(secrets.readDeviceCredential(text, owner), undefined);
  }
});

Deno.test("the operator's token belongs to the secret", () => {
  const token = secrets.operatorToken();
  assert.match(token, /^[A-Za-z0-9_-]{43}$/);
  assert.ok(secrets.isOperatorToken(token));
  assert.ok((new ServerSecrets(key)).isOperatorToken(token), "it outlives a restart");
  for (const other of ["", token.slice(1), token + "A", strangers.operatorToken(), "é".repeat(43)]) {
    assert.ok(!secrets.isOperatorToken(other));
  }
});

Deno.test("the secret is made once, for its owner only", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const secret = await loadServerSecret(folder);
    assert.equal(secret.length, 32);
    assert.ok(secret.some((byte) => byte !== 0));
    assert.deepEqual(await loadServerSecret(folder), secret);
    if (Deno.build.os !== "windows") {
      assert.equal((await Deno.stat(`${folder}/secret.key`)).mode! & 0o777, 0o600);
    }
    assert.deepEqual([...Deno.readDirSync(folder)].map((entry) => entry.name), ["secret.key"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("whoever asks at the same time gets the same secret", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const [first, ...others] = await Promise.all(Array.from({ length: 8 }, () => loadServerSecret(folder)));
    for (const other of others) assert.deepEqual(other, first);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a damaged secret is an error and stays as it is", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeFile(`${folder}/secret.key`, new Uint8Array(31));
    await assert.rejects(loadServerSecret(folder), /31 bytes instead of 32.*backup/);
    assert.equal((await Deno.readFile(`${folder}/secret.key`)).length, 31);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a folder that is not there is an error", async () => {
  await assert.rejects(loadServerSecret("/nonexistent/rookery"), Deno.errors.NotFound);
});

Deno.test("K3 a fingerprint is the content's, of this secret, and a whole number", () => {
  const one = secrets.fingerprint("sendMessage hello");
  assert.equal(new ServerSecrets(key).fingerprint("sendMessage hello"), one);
  assert.ok(Number.isSafeInteger(one) && one >= 0);
  assert.ok(contradicts(one, secrets.fingerprint("sendMessage hallo")));
  assert.ok(!contradicts(one, strangers.fingerprint("sendMessage hallo")), "another secret says nothing");
  assert.ok(!contradicts(one, undefined) && !contradicts(undefined, one) && !contradicts(one, one));
  const long = "ä".repeat(70_000);
  assert.ok(
    contradicts(secrets.fingerprint(`${long}a`), secrets.fingerprint(`${long}b`)),
    "longer than the scratch",
  );
});
