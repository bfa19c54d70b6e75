/** One of everybody, around a public and a private channel. @module */
import { OPERATOR, type Principal, ServerRole } from "../../src/chat/model.ts";
import type { Result } from "../../src/chat/reply.ts";
import { Rig } from "./rig.ts";

/** Callers of the table, in the order of its columns. */
export const CALLERS = [
  "nobody",
  "disabled",
  "stranger",
  "removed",
  "banned",
  "member",
  "moderator",
  "keeper",
  "admin",
  "owner",
  "operator",
] as const;
export type CallerName = typeof CALLERS[number];

/** Whom the commands are about. */
const TARGETS = ["bystander", "deputy", "villain", "outsider", "lieutenant"] as const;

export interface PermissionsWorld {
  readonly rig: Rig;
  readonly callers: ReadonlyMap<CallerName, Principal | undefined>;
  readonly ids: Readonly<Record<typeof TARGETS[number], number>>;
  readonly channels: Readonly<Record<"public" | "private" | "direct", number>>;
  /** A message of the bystander's in every channel. */
  readonly messages: Readonly<Record<"public" | "private" | "direct", number>>;
  readonly invites: { readonly member: number; readonly owner: number };
}

/** The keeper owns both channels; the deputy moderates them; the villain is banned; lieutenants are admins. */
export async function permissionsWorld(): Promise<PermissionsWorld> {
  const rig = new Rig();
  const owner = await rig.user("owner", ServerRole.OWNER);
  const people = new Map<string, Principal>([["owner", owner]]);
  const admins: readonly string[] = ["admin", "lieutenant"];
  for (const name of [...CALLERS, ...TARGETS]) {
    if (name === "nobody" || name === "operator" || name === "owner") continue;
    people.set(name, await rig.user(name, admins.includes(name) ? ServerRole.ADMIN : 0));
  }
  const id = (name: string) => people.get(name)!.userId;
  const keeper = people.get("keeper")!;
  const bystander = people.get("bystander")!;
  const channels = {
    public: await rig.channel(keeper, "public"),
    private: await rig.channel(keeper, "private", true),
    direct: await directOf(rig, bystander, id("member")),
  };
  for (const channelId of [channels.public, channels.private]) {
    for (const name of ["bystander", "deputy", "member", "moderator", "removed", "banned", "disabled"]) {
      await rig.done(keeper, "addMember", { channelId, userId: id(name) });
    }
    for (const name of ["deputy", "moderator"]) {
      await rig.done(keeper, "setMemberRole", { channelId, userId: id(name), role: 2 });
    }
    await rig.done(keeper, "removeMember", { channelId, userId: id("removed") });
    for (const name of ["banned", "villain"]) {
      await rig.done(keeper, "banMember", { channelId, userId: id(name) });
    }
  }
  await rig.done(owner, "setUserDisabled", { userId: id("disabled"), disabled: true });
  const messages = {
    public: await rig.say(bystander, channels.public, "hello"),
    private: await rig.say(bystander, channels.private, "hello"),
    direct: await rig.say(bystander, channels.direct, "hello"),
  };
  const invites = {
    member: inviteId(await rig.done(owner, "createInvite", {})),
    owner: inviteId(await rig.done(owner, "createInvite", { role: ServerRole.OWNER })),
  };
  const callers = new Map<CallerName, Principal | undefined>(
    CALLERS.map((name) => [name, name === "operator" ? OPERATOR : people.get(name)]),
  );
  const ids = Object.fromEntries(TARGETS.map((name) => [name, id(name)])) as PermissionsWorld["ids"];
  return { rig, callers, ids, channels, messages, invites };
}

async function directOf(rig: Rig, who: Principal, userId: number): Promise<number> {
  const result = await rig.done(who, "openDirect", { userIds: [userId] });
  return result.case === "channel" ? result.value.id : 0;
}

function inviteId(result: Result): number {
  return result.case === "invite" ? result.value.id : 0;
}
