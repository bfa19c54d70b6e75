/** What all attacks share: the server under attack, how it is asked, and what it answered. @module */
import type { AbuseJob } from "../../protocol.ts";
import { delay } from "../clock.ts";
import { AttackSocket, type Commands } from "./attack_socket.ts";

/** What the server made of what it was asked. */
export interface Answers {
  accepted: number;
  refused: number;
  /** Sockets that the server closed, and handshakes and requests that it did not take. */
  turnedAway: number;
}

export interface PostOptions {
  readonly token?: string;
  /** Where the request says that it comes from. */
  readonly address?: string;
  readonly cookie?: string;
}

export interface Posted {
  readonly ok: boolean;
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly cookie: string;
}

/** How long one who was refused everything waits; nobody honest comes back as soon. */
const REFUSED_PAUSE_MS = 5;
/** As long a server that takes no connection is left alone. */
const TURNED_AWAY_PAUSE_MS = 10;

/** Further numbers of an attack, for the table. */
export type Numbers = Readonly<Record<string, number | string>>;

export class Arena {
  readonly job: AbuseJob;
  readonly answers: Answers = { accepted: 0, refused: 0, turnedAway: 0 };
  #endMs = Infinity;

  constructor(job: AbuseJob) {
    this.job = job;
  }

  /** Whether the attack has had its time. */
  get over(): boolean {
    return performance.now() >= this.#endMs;
  }

  begin(): void {
    this.#endMs = performance.now() + this.job.attackMs;
  }

  /** Does something again and again, `lanes` at a time, until the time is over. */
  async repeat(lanes: number, act: (lane: number) => Promise<void>): Promise<void> {
    await Promise.all(Array.from({ length: lanes }, async (_, lane) => {
      while (!this.over) await act(lane);
    }));
  }

  /** Sends one command by POST and counts the answer. */
  async post(command: string, body: unknown, options: PostOptions = {}): Promise<Posted> {
    const posted = await this.ask(command, body, options);
    if (posted.ok) this.answers.accepted++;
    else if (posted.status === 0) this.answers.turnedAway++;
    else this.answers.refused++;
    if (!posted.ok) await delay(REFUSED_PAUSE_MS);
    return posted;
  }

  /** The same without counting it. Status 0 tells that there was no answer. */
  async ask(command: string, body: unknown, { token, address, cookie }: PostOptions = {}): Promise<Posted> {
    const headers = {
      "content-type": "application/json",
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(address === undefined ? {} : { "x-forwarded-for": address }),
      ...(cookie ? { cookie } : {}),
    };
    try {
      const response = await fetch(`${this.job.url}/api/v1/${command}`, {
        method: "POST",
        headers,
        body: JSON.stringify(body),
      });
      const set = response.headers.getSetCookie().map((line) => line.split(";")[0]!).join("; ");
      const { ok, status } = response;
      return { ok, status, body: await response.json(), cookie: set };
    } catch {
      return { ok: false, status: 0, body: {}, cookie: "" };
    }
  }

  /** A socket of the attacker's; undefined when the server does not take it. */
  async socket(address: string): Promise<AttackSocket | undefined> {
    try {
      return await AttackSocket.open(this.job.socketUrl, { token: this.job.attacker.token, address });
    } catch {
      this.answers.turnedAway++;
      await delay(TURNED_AWAY_PAUSE_MS);
      return undefined;
    }
  }

  /** Asks for frames of commands on some sockets, each frame when the one before is answered. */
  async frames(sockets: number, next: () => Commands): Promise<void> {
    const open: (AttackSocket | undefined)[] = [];
    await this.repeat(sockets, async (lane) => {
      const socket = open[lane] ??= await this.socket(ATTACKER);
      if (!socket) return;
      const { accepted } = await this.exchange(socket, next());
      if (socket.closed) {
        this.answers.turnedAway++;
        open[lane] = undefined;
      } else if (accepted === 0) await delay(REFUSED_PAUSE_MS);
    });
    for (const socket of open) socket?.cut();
  }

  /** Sends a frame and counts what is answered. */
  async exchange(
    socket: AttackSocket,
    commands: Commands,
  ): Promise<{ accepted: number; results: unknown[] }> {
    const results = await socket.ask(commands);
    const refused = results.filter((result) => "error" in result).length;
    this.answers.refused += refused;
    this.answers.accepted += results.length - refused;
    return { accepted: results.length - refused, results };
  }
}

/** Where the attacker seems to come from (RFC 5737), so that it does not share an address with the others. */
export const ATTACKER = "203.0.113.7";
