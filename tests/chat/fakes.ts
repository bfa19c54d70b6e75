/** Stand-ins for the core's ports that need no permission and hide nothing. @module */
import { ChatError, Code } from "../../src/chat/error.ts";
import { fingerprintOf } from "../../src/chat/fingerprint.ts";
import { LOG_EVENTS, type LogEvent } from "../../src/chat/log_event.ts";
import type {
  Admission,
  Attempt,
  Chunk,
  DeviceOwner,
  ItemEncoder,
  Log,
  LoginThrottle,
  Outlet,
  Passwords,
  Secrets,
} from "../../src/chat/ports.ts";
import type { ServerItem } from "../../src/chat/reply.ts";

/** A chunk that is still the items. */
export class ItemChunk implements Chunk {
  readonly items: readonly ServerItem[];
  readonly byteLength: number;

  constructor(items: readonly ServerItem[], byteLength: number) {
    this.items = items;
    this.byteLength = byteLength;
  }
}

/** Keeps items as objects and counts its work. */
export class ItemKeeper implements ItemEncoder {
  encoded = 0;
  joined = 0;
  /** Counted for each item. */
  itemBytes = 100;

  encode(item: ServerItem): ItemChunk {
    this.encoded++;
    return new ItemChunk([item], this.itemBytes);
  }

  join(chunks: readonly Chunk[]): ItemChunk {
    this.joined++;
    const items = chunks.flatMap((chunk) => (chunk as ItemChunk).items);
    return new ItemChunk(items, chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0));
  }
}

/** Collects what is sent. */
export class CollectingOutlet implements Outlet {
  readonly format: number;
  readonly frames: ItemChunk[] = [];
  /** Bytes that it takes before it is full; {@link drain} makes room again. */
  room = Number.POSITIVE_INFINITY;
  closed: { readonly code: number; readonly reason: string } | undefined;
  /** Units that the work of its commands has cost. */
  charged = 0;
  readonly meter = { charge: (units: number) => void (this.charged += units) };
  #unsent = 0;

  constructor(format = 0) {
    this.format = format;
  }

  get ready(): boolean {
    return this.#unsent < this.room;
  }

  send(chunk: Chunk): boolean {
    if (this.closed) throw new Error("Something was sent after the end");
    this.frames.push(chunk as ItemChunk);
    this.#unsent += chunk.byteLength;
    return this.ready;
  }

  close(code: number, reason: string): void {
    this.closed ??= { code, reason };
  }

  /** The peer has read everything. */
  drain(): void {
    this.#unsent = 0;
  }

  get items(): ServerItem[] {
    return this.frames.flatMap((frame) => frame.items);
  }
}

/** A password's hash is the password, written differently. */
export class PlainPasswords implements Passwords {
  hashed = 0;
  verified = 0;
  /** Hashes of the generation before are outdated. */
  generation = 1;
  /** Awaited before every answer. */
  hold: Promise<void> = Promise.resolve();

  async hash(password: string): Promise<string> {
    this.hashed++;
    await this.hold;
    return `${this.generation}:${password}`;
  }

  async verify(password: string, hash: string | undefined): Promise<{ ok: boolean; outdated: boolean }> {
    this.verified++;
    await this.hold;
    const [generation, ...rest] = (hash ?? "").split(":");
    const ok = hash !== undefined && rest.join(":") === password;
    return { ok, outdated: hash !== undefined && generation !== String(this.generation) };
  }
}

export class CountingSecrets implements Secrets {
  #tokens = 0;
  #devices = 0;
  secretId = 1;

  newToken(): { token: string; tokenHash: string } {
    const token = `token-${++this.#tokens}`;
    return { token, tokenHash: this.hashToken(token) };
  }

  hashToken(token: string): string {
    return `hash-of-${token}`;
  }

  inviteCode(inviteId: number): string {
    return `code-${inviteId}`;
  }

  readInviteCode(code: string): number | undefined {
    return code.startsWith("code-") ? Number(code.slice(5)) : undefined;
  }

  deviceCredential({ userId, passwordHash }: DeviceOwner, deviceId = `device-${++this.#devices}`): string {
    return `${deviceId} of ${userId} with ${passwordHash}`;
  }

  readDeviceCredential(credential: string, owner: DeviceOwner): string | undefined {
    const deviceId = credential.split(" ")[0]!;
    return credential === this.deviceCredential(owner, deviceId) ? deviceId : undefined;
  }

  /** FNV-1a. */
  fingerprint(content: string): number {
    let hash = 0x811c9dc5;
    for (let at = 0; at < content.length; at++) {
      hash = Math.imul(hash ^ content.charCodeAt(at), 0x01000193);
    }
    return fingerprintOf(this.secretId, hash);
  }
}

/** Refuses when told to, and remembers who tried. */
export class SwitchedThrottle implements LoginThrottle {
  full = false;
  readonly admitted: string[] = [];
  readonly withdrew: string[] = [];
  readonly right: string[] = [];

  readonly attempts: Attempt[] = [];
  readonly seenAt: string[] = [];

  admit(attempt: Attempt): Admission {
    if (this.full) throw new ChatError(Code.RESOURCE_EXHAUSTED, "Too many attempts", 5000);
    const { name = "", address, deviceId, sessionId } = attempt;
    this.attempts.push(attempt);
    this.admitted.push(`${name} ${address}`);
    return {
      known: deviceId !== undefined || sessionId !== undefined,
      withdraw: () => void this.withdrew.push(`${name} ${address}`),
      succeed: () => void this.right.push(name),
    };
  }

  seen(userId: number, address: string): void {
    this.seenAt.push(`${userId} ${address}`);
  }
}

/** Keeps what was reported, so that a test can demand silence. */
export class KeepingLog implements Log {
  readonly lines: string[] = [];

  report(event: LogEvent, fields: Record<string, unknown> = {}): void {
    const shown = { ...fields, ...("error" in fields ? { error: String(fields["error"]) } : {}) };
    this.lines.push(`${LOG_EVENTS[event].message} ${JSON.stringify(shown)}`);
  }

  /** What is for debugging is left out, as by default. */
  reports(event: LogEvent): boolean {
    return LOG_EVENTS[event].level !== "debug";
  }
}
