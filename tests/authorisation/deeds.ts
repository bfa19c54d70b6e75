/** What the rows of the table do. @module */
import type { CommandCase, CommandInit } from "../../src/wire/client_codec.ts";
import type { Kind, Where } from "./table.ts";
import { PASSWORD, type World } from "./world.ts";

export type Deed = { [C in CommandCase]: readonly [name: C, body: CommandInit<C>] }[CommandCase];

/** The command that a row sends; a row that is not here is the command of its name, with its channel if it has one. */
export function deedOf(row: string, where: Where, { world, kind }: { world: World; kind: Kind }): Deed {
  const channelId = world.channels[where];
  const messageSeq = world.messages[where];
  const user = (name: Parameters<World["id"]>[0]) => ({ userId: world.id(name) });
  const member = (name: Parameters<World["id"]>[0]) => ({ channelId, userId: world.id(name) });
  const message = { channelId, messageSeq };
  const deeds: Readonly<Record<string, () => Deed>> = {
    watch: () => ["watch", { ids: [channelId, world.id("bystander")] }],
    register: () => ["register", { name: world.newName(), password: PASSWORD }],
    registerByInvite:
      () => ["register", { name: world.newName(), password: PASSWORD, inviteCode: "A".repeat(27) }],
    login: () => ["login", { name: "outsider", password: PASSWORD }],
    revokeSessions: () => ["revokeSessions", { allOthers: true }],
    revokeSomeonesSession: () => ["revokeSessions", { sessionId: world.sessionOfBystander }],
    changePassword: () => ["changePassword", { oldPassword: PASSWORD, newPassword: PASSWORD }],
    changePasswordWrongly: () => ["changePassword", { oldPassword: "not that one", newPassword: PASSWORD }],
    updateProfile: () => ["updateProfile", { displayName: world.newName() }],
    updateServer: () => ["updateServer", { name: world.newName() }],
    getUsers: () => ["getUsers", { ids: [world.id("outsider")] }],
    setUserRole: () => ["setUserRole", { ...user("outsider"), role: 2 }],
    demoteLieutenant: () => ["setUserRole", { ...user("lieutenant"), role: 1 }],
    makeMyselfOwner: () => ["setUserRole", { ...user(kind), role: 3 }],
    setUserDisabled: () => ["setUserDisabled", { ...user("outsider"), disabled: true }],
    disableLieutenant: () => ["setUserDisabled", { ...user("lieutenant"), disabled: true }],
    addUser: () => ["addUser", { name: world.newName(), password: PASSWORD }],
    addAdmin: () => ["addUser", { name: world.newName(), password: PASSWORD, role: 2 }],
    resetPassword: () => ["resetPassword", { ...user("outsider"), password: PASSWORD }],
    getLastSeen: () => ["getLastSeen", { userIds: [world.id("outsider")] }],
    checkInvite: () => ["checkInvite", { inviteCode: "A".repeat(27) }],
    resetLieutenant: () => ["resetPassword", { ...user("lieutenant"), password: PASSWORD }],
    inviteAdmin: () => ["createInvite", { role: 2 }],
    inviteTo: () => ["createInvite", { channelIds: [channelId] }],
    revokeInvite: () => ["revokeInvite", { inviteId: world.invites.member }],
    revokeOwnerInvite: () => ["revokeInvite", { inviteId: world.invites.owner }],
    createChannel: () => ["createChannel", { name: world.newName() }],
    openDirect: () => ["openDirect", { userIds: [world.id("outsider")] }],
    updateChannel: () => ["updateChannel", { channelId, topic: world.newName() }],
    setChannelArchived: () => ["setChannelArchived", { channelId, archived: true }],
    addMember: () => ["addMember", member("outsider")],
    addVillain: () => ["addMember", member("villain")],
    removeMember: () => ["removeMember", member("bystander")],
    removeDeputy: () => ["removeMember", member("deputy")],
    banMember: () => ["banMember", member("bystander")],
    banDeputy: () => ["banMember", member("deputy")],
    banOutsider: () => ["banMember", member("outsider")],
    unbanMember: () => ["unbanMember", member("villain")],
    setMemberRole: () => ["setMemberRole", { ...member("bystander"), role: 2 }],
    makeMyselfKeeper: () => ["setMemberRole", { ...member(kind), role: 3 }],
    sendMessage: () => ["sendMessage", { channelId, text: "hello" }],
    editMessage: () => ["editMessage", { ...message, text: "changed" }],
    deleteMessage: () => ["deleteMessage", message],
    addReaction: () => ["addReaction", { ...message, emoji: "👍" }],
    removeReaction: () => ["removeReaction", { ...message, emoji: "👍" }],
    pinMessage: () => ["pinMessage", message],
    unpinMessage: () => ["unpinMessage", message],
    markRead: () => ["markRead", { channelId, seq: messageSeq }],
  };
  return deeds[row]?.() ?? [row, WITH_CHANNEL.has(row) ? { channelId } : {}] as Deed;
}

const WITH_CHANNEL = new Set([
  "setTyping",
  "joinChannel",
  "leaveChannel",
  "listMembers",
  "listBans",
  "getHistory",
  "listPins",
]);
