/**
 * Session tokens and what is derived from the server's secret. Nothing that
 * would let a reader of the data file log in is stored in it.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Secrets } from "../chat/ports.ts";

const TOKEN_BYTES = 32;
const SIGNATURE_BYTES = 16;
const ID_BYTES = 4;
/** base64url of an id and its signature, without padding. */
const INVITE_CODE = /^[A-Za-z0-9_-]{27}$/;

/** The port {@link Secrets}, and the token by which the machine's operator is known. */
export class ServerSecrets implements Secrets {
  readonly #key: Uint8Array;

  /** Takes the 32 secret bytes of {@link loadServerSecret}. */
  constructor(key: Uint8Array) {
    this.#key = key.slice();
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

  /** Bearer token of the command line: who can read the secret may do everything. */
  operatorToken(): string {
    return this.#sign("operator").toString("base64url");
  }

  isOperatorToken(token: string): boolean {
    return equal(token, this.operatorToken());
  }

  #sign(text: string): Buffer {
    return createHmac("sha256", this.#key).update(text).digest();
  }
}

/** Compares without telling by its time how much was right. */
function equal(given: string, expected: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(expected);
  return a.length === b.length && timingSafeEqual(a, b);
}
