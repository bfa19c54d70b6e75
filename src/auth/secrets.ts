/**
 * Session tokens and what is derived from the server's secret. Nothing that
 * would let a reader of the data file log in is stored in it.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { fingerprintOf } from "../chat/fingerprint.ts";
import type { DeviceOwner, Secrets } from "../chat/ports.ts";
import { halfSipHash, type HalfSipKey } from "./half_sip_hash.ts";

const TOKEN_BYTES = 32;
const SIGNATURE_BYTES = 16;
const ID_BYTES = 4;
/** base64url of an id and its signature, without padding. */
const INVITE_CODE = /^[A-Za-z0-9_-]{27}$/;

const DEVICE_ID_BYTES = 8;
/** base64url of a device's id, the second it was made in, and their signature, without padding. */
const DEVICE_CREDENTIAL_CHARS = 38;
/** Browsers keep no cookie longer. */
const DEVICE_MAX_AGE_S = 400 * 24 * 3600;

/** Words that nearly every command fits into, for hashing it in place. */
const SCRATCH_WORDS = 1024;
/** A UTF-16 code unit has at most so many bytes of UTF-8. */
const UTF8_BYTES_MAX = 3;

/** The port {@link Secrets}, and the token by which the machine's operator is known. */
export class ServerSecrets implements Secrets {
  readonly #key: Uint8Array;
  readonly #secretId: number;
  readonly #fingerprintKey: HalfSipKey;
  readonly #scratch = new Int32Array(SCRATCH_WORDS);
  readonly #encoder = new TextEncoder();

  /** Takes the 32 secret bytes of {@link loadServerSecret}. */
  constructor(key: Uint8Array) {
    this.#key = key.slice();
    const derived = sign(this.#key, "fingerprint");
    this.#secretId = derived.readUInt32BE(0);
    this.#fingerprintKey = [derived.readInt32LE(4), derived.readInt32LE(8)];
  }

  /** 256 random bits as 43 base64url characters, with the hash to store. */
  newToken(): { token: string; tokenHash: string } {
    const token = randomBytes(TOKEN_BYTES).toString("base64url");
    return { token, tokenHash: this.hashToken(token) };
  }

  /** SHA-256 as 64 hex digits. One round is enough: tokens cannot be guessed. */
  hashToken(token: string): string {
    return createHash("sha256").update(token).digest("hex");
  }

  /** 27 base64url characters for an id from 1 to 2^32 - 1; the same id has the same code for ever. */
  inviteCode(inviteId: number): string {
    const id = Buffer.alloc(ID_BYTES);
    id.writeUInt32BE(inviteId);
    const signature = this.#sign(`invite:${inviteId}`).subarray(0, SIGNATURE_BYTES);
    return Buffer.concat([id, signature]).toString("base64url");
  }

  readInviteCode(code: string): number | undefined {
    if (!INVITE_CODE.test(code)) return undefined;
    const id = Buffer.from(code, "base64url").readUInt32BE(0);
    return equal(code, this.inviteCode(id)) && id > 0 ? id : undefined;
  }

  /** 38 base64url characters. The id is 16 hex digits. */
  deviceCredential(owner: DeviceOwner, deviceId = randomBytes(DEVICE_ID_BYTES).toString("hex")): string {
    return this.#signedDevice(owner, { deviceId, madeS: Math.floor(owner.nowMs / 1000) });
  }

  readDeviceCredential(credential: string, owner: DeviceOwner): string | undefined {
    // The same work for every credential, so that time does not tell whether there is such an account.
    const given = Buffer.alloc(DEVICE_ID_BYTES + 4);
    given.write(credential.slice(0, DEVICE_CREDENTIAL_CHARS), "base64url");
    const deviceId = given.toString("hex", 0, DEVICE_ID_BYTES);
    const madeS = given.readUInt32BE(DEVICE_ID_BYTES);
    const ours = equal(credential, this.#signedDevice(owner, { deviceId, madeS }));
    return ours && owner.nowMs / 1000 - madeS <= DEVICE_MAX_AGE_S ? deviceId : undefined;
  }

  #signedDevice(
    { userId, passwordHash }: DeviceOwner,
    { deviceId, madeS }: { readonly deviceId: string; readonly madeS: number },
  ): string {
    const head = Buffer.alloc(DEVICE_ID_BYTES + 4);
    head.write(deviceId, "hex");
    head.writeUInt32BE(madeS, DEVICE_ID_BYTES);
    const signature = this.#sign(`device:${userId}:${deviceId}:${madeS}:${passwordHash}`);
    return Buffer.concat([head, signature.subarray(0, SIGNATURE_BYTES)]).toString("base64url");
  }

  /** Bearer token of the command line: who can read the secret may do everything. */
  operatorToken(): string {
    return this.#sign("operator").toString("base64url");
  }

  isOperatorToken(token: string): boolean {
    return equal(token, this.operatorToken());
  }

  fingerprint(content: string): number {
    const bytesMax = content.length * UTF8_BYTES_MAX;
    const fits = bytesMax <= this.#scratch.byteLength;
    const words = fits ? this.#scratch : new Int32Array(Math.ceil(bytesMax / 4));
    const { written: length } = this.#encoder.encodeInto(content, new Uint8Array(words.buffer));
    return fingerprintOf(this.#secretId, halfSipHash(this.#fingerprintKey, { words, length }));
  }

  #sign(text: string): Buffer {
    return sign(this.#key, text);
  }
}

function sign(key: Uint8Array, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

/** Compares without telling by its time how much was right. */
function equal(given: string, expected: string): boolean {
  if (given.length !== expected.length) return false;
  const a = Buffer.from(given);
  const b = Buffer.from(expected);
  return a.length === b.length && timingSafeEqual(a, b);
}
