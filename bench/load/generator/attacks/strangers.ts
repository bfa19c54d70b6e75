/** Attacks without a session. @module */
import { delay } from "../clock.ts";
import { RawSocket } from "../raw_socket.ts";
import { Arena, type Numbers } from "./arena.ts";
import { WORST_NAME } from "./worst.ts";

const LANES = 4;
/** Where the victim is known to come from. */
const VICTIM_ADDRESS = "198.51.100.7";

export async function register(arena: Arena): Promise<void> {
  let number = 0;
  await arena.repeat(LANES, async () => {
    const name = `stranger${++number}`;
    const body = { name, password: "a password of a stranger", displayName: WORST_NAME };
    await arena.post("Register", body, { address: addressOf(number) });
  });
}

export async function handshakes(arena: Arena): Promise<void> {
  const token = "x".repeat(43);
  let number = 0;
  await arena.repeat(LANES, async () => {
    const headers = { "X-Forwarded-For": addressOf(++number % 8) };
    try {
      const protocols = ["rookery.v1.json", `bearer.${token}`];
      (await RawSocket.connect(arena.job.socketUrl, { protocols, headers })).cut();
      arena.answers.accepted++;
    } catch {
      arena.answers.refused++;
      await delay(1);
    }
  });
}

/** Everybody tries passwords of accounts that do not exist. */
export function logins(arena: Arena): Promise<Numbers> {
  return besideVictim(arena, (number) => [`nobody${number}`, "203.0.113.7"]);
}

export function loginsEverywhere(arena: Arena): Promise<Numbers> {
  return besideVictim(arena, (number) => [`nobody${number}`, networkOf(number)]);
}

export function lockOut(arena: Arena): Promise<Numbers> {
  return besideVictim(arena, (number) => [arena.job.victim.name, networkOf(number)]);
}

/** Tries passwords, and tells how long the victim, who knows theirs, takes to sign in meanwhile. */
async function besideVictim(
  arena: Arena,
  guess: (number: number) => readonly [name: string, address: string],
): Promise<Numbers> {
  const victim = new Victim(arena);
  // As somebody who was there before: from the same address, with what the server gave to be known by.
  const calmMs = await victim.signIn();
  let number = 0;
  const attack = arena.repeat(16, async () => {
    const [name, address] = guess(++number);
    await arena.post("Login", { name, password: "not the password", device: "load" }, { address });
  });
  const took: number[] = [];
  // The attack is under way before the victim comes.
  await delay(Math.min(500, arena.job.attackMs / 4));
  while (!arena.over) took.push(await victim.signIn());
  await attack;
  return { login_calm_ms: Math.round(calmMs), login_ms: Math.round(Math.max(...took)), logins: took.length };
}

/** Comes back as told, until the password is taken. */
class Victim {
  readonly #arena: Arena;
  #cookie = "";

  constructor(arena: Arena) {
    this.#arena = arena;
  }

  /** Milliseconds until it was in, or until the attack was over for some time. */
  async signIn(): Promise<number> {
    const { name, password } = this.#arena.job.victim;
    const before = performance.now();
    const giveUpMs = before + this.#arena.job.attackMs + 2000;
    for (;;) {
      const { ok, body, cookie } = await this.#arena.ask("Login", { name, password, device: "load" }, {
        address: VICTIM_ADDRESS,
        cookie: this.#cookie,
      });
      if (cookie) this.#cookie = cookie;
      const passed = performance.now() - before;
      if (ok || performance.now() > giveUpMs) return passed;
      const { retryAfterMs } = (body.error ?? body) as { retryAfterMs?: number };
      await delay(Math.min(retryAfterMs ?? 100, giveUpMs - performance.now()));
    }
  }
}

function addressOf(number: number): string {
  return `198.18.${(number >> 8) % 256}.${number % 256}`;
}

/** Another /64 of the documentation's network each time. */
function networkOf(number: number): string {
  return `2001:db8:${(number >> 16).toString(16)}:${(number & 0xffff).toString(16)}::1`;
}
