/** Attacks of one member. @module */
import { delay } from "../clock.ts";
import { type Arena, ATTACKER, type Numbers } from "./arena.ts";
import { frameOf } from "./attack_socket.ts";
import { WORST_MENTION, WORST_NAME } from "./worst.ts";

/** Sockets of the member, for whatever is counted by socket. */
const SOCKETS = 4;
const BURST = 200;
/** Unknown ids have five digits and more. */
const UNKNOWN = 10_000;
const STORED_TEXT = "x".repeat(16 * 1024);
const SPACED_FRAMES = 20;

export function profile(arena: Arena): Promise<void> {
  return arena.frames(SOCKETS, () => [{ updateProfile: { displayName: WORST_NAME } }]);
}

export function mentions(arena: Arena): Promise<void> {
  const channelId = ownChannel(arena);
  return arena.frames(SOCKETS, () => Array(3).fill({ sendMessage: { channelId, text: WORST_MENTION } }));
}

export async function edits(arena: Arena): Promise<void> {
  const channelId = ownChannel(arena);
  const { token } = arena.job.attacker;
  const { body } = await arena.ask("SendMessage", { channelId, text: "first" }, { token });
  const { seq } = (body.stored ?? body) as { seq: number };
  await arena.frames(
    SOCKETS,
    () => Array(3).fill({ editMessage: { channelId, messageSeq: seq, text: WORST_MENTION } }),
  );
}

export async function sockets(arena: Arena): Promise<void> {
  const channelId = ownChannel(arena);
  const burst = Array(BURST).fill({ sendMessage: { channelId, text: "again and again" } });
  await arena.repeat(SOCKETS, async () => {
    const socket = await arena.socket(ATTACKER);
    if (!socket) return;
    await arena.exchange(socket, burst);
    socket.cut();
  });
}

/** Does not even read what is answered. */
export async function pings(arena: Arena): Promise<void> {
  const frame = frameOf(Array(250).fill({ ping: {} }));
  let socket = await arena.socket(ATTACKER);
  while (!arena.over) {
    for (let frames = 0; frames < SPACED_FRAMES && socket; frames++) socket.throw(frame);
    await delay(5);
    if (socket && !socket.closed) continue;
    if (socket) arena.answers.turnedAway++;
    socket = await arena.socket(ATTACKER);
  }
  socket?.cut();
}

export function watch(arena: Arena): Promise<void> {
  let from = UNKNOWN;
  return arena.frames(SOCKETS, () =>
    Array.from({ length: 25 }, () => {
      from += 200;
      return { watch: { ids: Array.from({ length: 200 }, (_, at) => from + at) } };
    }));
}

export function getUsers(arena: Arena): Promise<void> {
  const ids = Array.from({ length: 100 }, (_, at) => arena.job.people[at % arena.job.people.length]! + at);
  return arena.frames(SOCKETS, () => Array(50).fill({ getUsers: { ids } }));
}

export async function open(arena: Arena): Promise<void> {
  await arena.repeat(SOCKETS, async () => {
    const socket = await arena.socket(ATTACKER);
    if (socket) arena.answers.accepted++;
    socket?.cut();
  });
}

export function createChannels(arena: Arena): Promise<void> {
  const name = channelNames();
  return arena.frames(
    SOCKETS,
    () => Array.from({ length: 240 }, () => ({ createChannel: { name: name() } })),
  );
}

export function leaveChannels(arena: Arena): Promise<void> {
  return makeChannels(arena, (channelId) => [{ leaveChannel: { channelId } }]);
}

export async function fillVictim(arena: Arena): Promise<Numbers> {
  const { victim } = arena.job;
  await makeChannels(arena, (channelId) => [
    { addMember: { channelId, userId: victim.id } },
    { setMemberRole: { channelId, userId: victim.id, role: "CHANNEL_ROLE_OWNER" } },
    { leaveChannel: { channelId } },
  ]);
  const { ok } = await arena.ask("CreateChannel", { name: "victims-own" }, { token: victim.token });
  return { victim_can_create: ok ? "yes" : "no" };
}

export function directs(arena: Arena): Promise<void> {
  const { people, victim } = arena.job;
  let number = 0;
  const next = () => {
    const first = number % people.length;
    const second = Math.floor(number / people.length) % people.length;
    const third = Math.floor(number++ / people.length ** 2) % people.length;
    return { openDirect: { userIds: [victim.id, people[first]!, people[second]!, people[third]!] } };
  };
  return arena.frames(SOCKETS, () => Array.from({ length: 50 }, next));
}

export async function storage(arena: Arena): Promise<Numbers> {
  const channelId = ownChannel(arena);
  await arena.frames(
    2 * SOCKETS,
    () => Array(3).fill({ sendMessage: { channelId, text: STORED_TEXT } }),
  );
  const bytes = arena.answers.accepted * STORED_TEXT.length;
  const perHour = bytes / (arena.job.attackMs / 3_600_000);
  return { stored_mb: Math.round(bytes / 1e6), gb_per_hour: Math.round(perHour / 1e8) / 10 };
}

/** Makes channels, and does something with each of them as soon as it is there. */
async function makeChannels(
  arena: Arena,
  then: (channelId: number) => Record<string, unknown>[],
): Promise<void> {
  const name = channelNames();
  await arena.repeat(SOCKETS, async () => {
    const socket = await arena.socket(ATTACKER);
    while (socket && !socket.closed && !arena.over) {
      const made = await arena.exchange(
        socket,
        Array.from({ length: 50 }, () => ({ createChannel: { name: name(), private: true } })),
      );
      const ids = made.results.flatMap((result) =>
        (result as { channel?: { id: number } }).channel?.id ?? []
      );
      if (ids.length > 0) await socket.ask(ids.flatMap(then));
      else await delay(5);
    }
    socket?.cut();
  });
}

function ownChannel({ job }: Arena): number {
  return job.attacker.channelIds[0]!;
}

function channelNames(): () => string {
  let number = 0;
  return () => `made-${++number}`;
}
