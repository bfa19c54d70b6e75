/** A Rookery that runs already: users are registered there, and join a channel made for the load. @module */
import { register, request, RookeryError } from "../../../src/client/mod.ts";
import { range } from "../../seed.ts";
import { delay } from "../generator/clock.ts";
import type { LoadUser } from "../protocol.ts";
import type { Target } from "./target.ts";

export interface RemoteOptions {
  readonly users: number;
  readonly wire: "proto" | "json";
  /** Code of an invite with enough uses, where registration is not open. */
  readonly invite: string | undefined;
}

/**
 * Registers the users (their password hashing takes a while) and puts them
 * into one channel. They stay on the server: use one that is for testing.
 * Throws RookeryError when it refuses.
 */
export async function joinServer(url: string, { users, wire, invite }: RemoteOptions): Promise<Target> {
  const run = Date.now().toString(36);
  const password = crypto.randomUUID();
  const tokens: string[] = [];
  for (const at of range(users)) {
    const name = `load-${run}-${at}`;
    const registrant = {
      name,
      password,
      device: "load",
      ...(invite ? { inviteCode: inviteCode(invite) } : {}),
    };
    tokens.push(await patiently(async () => (await register(url, registrant)).token));
  }
  const made = await request(url, ["createChannel", { name: `load-${run}` }], { token: tokens[0]! });
  const channelId = made.id;
  for (const token of tokens.slice(1)) {
    await patiently(() => request(url, ["joinChannel", { channelId }], { token }));
  }
  const loadUsers: LoadUser[] = tokens.map((token) => ({ token, channelIds: [channelId] }));
  return {
    name: "Rookery",
    dialect: wire === "json" ? "rookery-json" : "rookery-proto",
    socketUrl: `${url.replace(/^http/, "ws").replace(/\/$/, "")}/api/v1/socket`,
    users: loadUsers,
    receivers: { [channelId]: users },
    pid: undefined,
    async [Symbol.asyncDispose]() {
      await request(url, ["logout", {}], { token: tokens[0]! }).catch(() => {});
    },
  };
}

/** The code of an invite link, or the code itself. */
function inviteCode(invite: string): string {
  return invite.split("#invite=").at(-1)!;
}

async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof RookeryError) || error.code !== "resource_exhausted" || !error.retryAfterMs) {
        throw error;
      }
      await delay(error.retryAfterMs);
    }
  }
}
