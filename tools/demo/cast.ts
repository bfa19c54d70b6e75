/** Who takes part: accounts made by invite, and the devices they are logged in on. @module */
import {
  login,
  register,
  RookeryClient,
  type SessionToken,
  type WebSocketClass,
} from "../../src/client/mod.ts";
import { type Format, Ledger } from "./ledger.ts";
import type { Random } from "./random.ts";

/** One connected client of one user. */
export interface Device {
  readonly userId: number;
  readonly userName: string;
  readonly client: RookeryClient;
  readonly ledger: Ledger;
}

/** Every third device is somebody's second one. */
const DEVICES_PER_USER = 1.5;
/** All messages of a run stay in the window, so that all of them are compared. */
const WINDOW_MESSAGES = 1_000_000;
const BACKOFF = { baseMs: 100, capMs: 1000 };
/** Everybody's. */
export const PASSWORD = "correct horse battery";

const PEOPLE = ["ada", "bela", "chen", "dina", "emre", "fatma", "goran", "hana", "imre", "jamila", "kofi"];

interface CastOptions {
  readonly base: string;
  readonly ownerLink: string;
  /** Devices. */
  readonly count: number;
  readonly random: Random;
  /** The sockets that they use; the runtime's own when left out. */
  readonly WebSocket?: WebSocketClass | undefined;
}

/**
 * Makes the accounts, fills the list with connected devices, and resolves when
 * all are live. The first device is the owner's.
 */
export async function gatherCast(
  devices: Device[],
  { base, ownerLink, count, random, WebSocket }: CastOptions,
): Promise<void> {
  const userCount = Math.ceil(count / DEVICES_PER_USER);
  const ownerCode = new URL(ownerLink).hash.replace("#invite=", "");
  const owner = await account(base, { index: 0, inviteCode: ownerCode });
  devices.push(device(base, owner, { index: 0, random, WebSocket }));
  await devices[0]!.client.live();
  const invite = await devices[0]!.client.createInvite({ uses: userCount, validS: 3600 });
  const others = await Promise.all(
    Array.from({ length: userCount - 1 }, (_, n) => account(base, { index: n + 1, inviteCode: invite.code })),
  );
  const second = await Promise.all(
    [owner, ...others].slice(0, count - userCount).map(({ user }) => anotherSession(base, user.name)),
  );
  for (const session of [...others, ...second]) {
    devices.push(device(base, session, { index: devices.length, random, WebSocket }));
  }
  await Promise.all(devices.map(({ client }) => client.live()));
}

function account(
  base: string,
  { index, inviteCode }: { index: number; inviteCode: string },
): Promise<SessionToken> {
  const round = Math.floor(index / PEOPLE.length);
  const name = `${PEOPLE[index % PEOPLE.length]}${round === 0 ? "" : round + 1}`;
  return register(base, { name, password: PASSWORD, inviteCode, device: "desk" }, {
    format: formatOf(index),
  });
}

function anotherSession(base: string, name: string): Promise<SessionToken> {
  return login(base, { name, password: PASSWORD, device: "phone" });
}

function device(
  base: string,
  session: SessionToken,
  { index, random, WebSocket }: { index: number; random: Random; WebSocket: WebSocketClass | undefined },
): Device {
  const format = formatOf(index);
  const choices = random.fork();
  const client = new RookeryClient(base, {
    token: session.token,
    format,
    windowMessages: WINDOW_MESSAGES,
    backoff: BACKOFF,
    random: () => choices.next(),
    ...(WebSocket ? { WebSocket } : {}),
  });
  const { id: userId, name: userName } = session.user;
  const ledger = new Ledger(client, { name: `${userName}#${index}`, format, userId });
  client.connect();
  return { userId, userName, client, ledger };
}

function formatOf(index: number): Format {
  return index % 2 === 0 ? "proto" : "json";
}
