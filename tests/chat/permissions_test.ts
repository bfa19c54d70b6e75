/**
 * Who may do what: every command by every kind of caller, each in a world of
 * its own. The table is the rule; SPEC.md tells it in words.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { CommandBodies, CommandCase } from "../../src/chat/command.ts";
import { COMMANDS } from "../../src/chat/commands/mod.ts";
import { CALLERS, type PermissionsWorld, permissionsWorld } from "./permissions_world.ts";
import { outcomeOf } from "./rig.ts";

/** `--` unauthenticated, `pd` permission_denied, `nf` not_found, `fp` failed_precondition. */
const TABLE = `
                     nobody disabled stranger removed banned member moderator keeper admin owner operator
sendMessage public     --     --       nf       nf      nf     ok      ok       ok     nf    nf     nf
sendMessage private    --     --       nf       nf      nf     ok      ok       ok     nf    nf     nf
sendMessage direct     --     --       nf       nf      nf     ok      nf       nf     nf    nf     nf
editMessage public     --     --       nf       nf      nf     pd      pd       pd     nf    nf     nf
deleteMessage public   --     --       nf       nf      nf     pd      ok       ok     ok    ok     ok
deleteMessage private  --     --       nf       nf      nf     pd      ok       ok     nf    nf     nf
deleteMessage direct   --     --       nf       nf      nf     pd      nf       nf     nf    nf     nf
addReaction public     --     --       nf       nf      nf     ok      ok       ok     nf    nf     nf
removeReaction private --     --       nf       nf      nf     ok      ok       ok     nf    nf     nf
getHistory public      --     --       nf       nf      nf     ok      ok       ok     nf    nf     nf
getHistory private     --     --       nf       nf      nf     ok      ok       ok     nf    nf     nf
getHistory direct      --     --       nf       nf      nf     ok      nf       nf     nf    nf     nf
markRead public        --     --       nf       nf      nf     ok      ok       ok     nf    nf     nf
pinMessage public      --     --       nf       nf      nf     pd      ok       ok     ok    ok     ok
pinMessage private     --     --       nf       nf      nf     pd      ok       ok     nf    nf     nf
pinMessage direct      --     --       nf       nf      nf     ok      nf       nf     nf    nf     nf
unpinMessage public    --     --       nf       nf      nf     pd      ok       ok     ok    ok     ok
unpinMessage private   --     --       nf       nf      nf     pd      ok       ok     nf    nf     nf
unpinMessage direct    --     --       nf       nf      nf     ok      nf       nf     nf    nf     nf
listPins public        --     --       nf       nf      nf     ok      ok       ok     nf    nf     nf
listPins private       --     --       nf       nf      nf     ok      ok       ok     nf    nf     nf
listPins direct        --     --       nf       nf      nf     ok      nf       nf     nf    nf     nf
listMembers public     --     --       nf       nf      nf     ok      ok       ok     ok    ok     ok
listMembers private    --     --       nf       nf      nf     ok      ok       ok     nf    nf     nf
listBans public        --     --       nf       nf      nf     pd      ok       ok     ok    ok     ok
listBans private       --     --       nf       nf      nf     pd      ok       ok     nf    nf     nf
updateChannel public   --     --       nf       nf      nf     pd      ok       ok     ok    ok     ok
updateChannel private  --     --       nf       nf      nf     pd      ok       ok     nf    nf     nf
updateChannel direct   --     --       nf       nf      nf     fp      nf       nf     nf    nf     nf
setChannelArchived public  -- --       nf       nf      nf     pd      pd       ok     ok    ok     ok
setChannelArchived private -- --       nf       nf      nf     pd      pd       ok     nf    nf     nf
joinChannel public     --     --       ok       ok      pd     ok      ok       ok     ok    ok     fp
joinChannel private    --     --       nf       nf      nf     ok      ok       ok     nf    nf     fp
joinChannel direct     --     --       nf       nf      nf     ok      nf       nf     nf    nf     fp
leaveChannel public    --     --       nf       nf      nf     ok      ok       fp     nf    nf     nf
leaveChannel private   --     --       nf       nf      nf     ok      ok       fp     nf    nf     nf
leaveChannel direct    --     --       nf       nf      nf     fp      nf       nf     nf    nf     nf
addMember public       --     --       nf       nf      nf     ok      ok       ok     ok    ok     ok
addMember private      --     --       nf       nf      nf     ok      ok       ok     nf    nf     nf
addMember direct       --     --       nf       nf      nf     fp      nf       nf     nf    nf     nf
addVillain public      --     --       nf       nf      nf     pd      pd       pd     pd    pd     pd
removeMember public    --     --       nf       nf      nf     pd      ok       ok     ok    ok     ok
removeMember private   --     --       nf       nf      nf     pd      ok       ok     nf    nf     nf
removeDeputy public    --     --       nf       nf      nf     pd      pd       ok     ok    ok     ok
banMember public       --     --       nf       nf      nf     pd      ok       ok     ok    ok     ok
banMember private      --     --       nf       nf      nf     pd      ok       ok     nf    nf     nf
banDeputy private      --     --       nf       nf      nf     pd      pd       ok     nf    nf     nf
banOutsider public     --     --       nf       nf      nf     pd      ok       ok     ok    ok     ok
unbanMember public     --     --       nf       nf      nf     pd      ok       ok     ok    ok     ok
unbanMember private    --     --       nf       nf      nf     pd      ok       ok     nf    nf     nf
setMemberRole public   --     --       nf       nf      nf     pd      pd       ok     ok    ok     ok
setMemberRole private  --     --       nf       nf      nf     pd      pd       ok     nf    nf     nf
createChannel          --     --       ok       ok      ok     ok      ok       ok     ok    ok     fp
openDirect             --     --       ok       ok      ok     ok      ok       ok     ok    ok     fp
listChannels           --     --       ok       ok      ok     ok      ok       ok     ok    ok     ok
getServerInfo          ok     --       ok       ok      ok     ok      ok       ok     ok    ok     ok
checkInvite            ok     --       ok       ok      ok     ok      ok       ok     ok    ok     ok
listUsers              --     --       ok       ok      ok     ok      ok       ok     ok    ok     ok
getUsers               --     --       ok       ok      ok     ok      ok       ok     ok    ok     ok
listSessions           --     --       ok       ok      ok     ok      ok       ok     ok    ok     fp
revokeSessions         --     --       ok       ok      ok     ok      ok       ok     ok    ok     fp
logout                 --     --       ok       ok      ok     ok      ok       ok     ok    ok     fp
changePassword         --     --       ok       ok      ok     ok      ok       ok     ok    ok     fp
updateProfile          --     --       ok       ok      ok     ok      ok       ok     ok    ok     fp
updateServer           --     --       pd       pd      pd     pd      pd       pd     pd    ok     ok
register               pd     --       pd       pd      pd     pd      pd       pd     pd    pd     pd
login                  ok     --       ok       ok      ok     ok      ok       ok     ok    ok     ok
addUser                --     --       pd       pd      pd     pd      pd       pd     ok    ok     ok
addAdmin               --     --       pd       pd      pd     pd      pd       pd     pd    ok     ok
setUserRole            --     --       pd       pd      pd     pd      pd       pd     pd    ok     ok
demoteLieutenant       --     --       pd       pd      pd     pd      pd       pd     pd    ok     ok
setUserDisabled        --     --       pd       pd      pd     pd      pd       pd     ok    ok     ok
disableLieutenant      --     --       pd       pd      pd     pd      pd       pd     pd    ok     ok
resetPassword          --     --       pd       pd      pd     pd      pd       pd     ok    ok     ok
resetLieutenant        --     --       pd       pd      pd     pd      pd       pd     pd    ok     ok
getLastSeen            --     --       pd       pd      pd     pd      pd       pd     ok    ok     ok
createInvite           --     --       pd       pd      pd     pd      pd       pd     ok    ok     ok
inviteAdmin            --     --       pd       pd      pd     pd      pd       pd     pd    ok     ok
inviteToPrivate        --     --       pd       pd      pd     pd      pd       pd     nf    nf     nf
listInvites            --     --       pd       pd      pd     pd      pd       pd     ok    ok     ok
revokeInvite           --     --       pd       pd      pd     pd      pd       pd     ok    ok     ok
revokeOwnerInvite      --     --       pd       pd      pd     pd      pd       pd     nf    ok     ok
`;

type Body = Partial<CommandBodies[CommandCase]>;
type Where = "public" | "private" | "direct";

/** What a row does, where its name alone does not say it. */
function deed(row: string, where: Where, world: PermissionsWorld): [CommandCase, Body] {
  const { ids, channels, messages, invites } = world;
  const channelId = channels[where];
  const messageSeq = messages[where];
  const deeds: Record<string, [CommandCase, Body]> = {
    sendMessage: ["sendMessage", { channelId, text: "hello" }],
    editMessage: ["editMessage", { channelId, messageSeq, text: "changed" }],
    deleteMessage: ["deleteMessage", { channelId, messageSeq }],
    addReaction: ["addReaction", { channelId, messageSeq, emoji: "👍" }],
    removeReaction: ["removeReaction", { channelId, messageSeq, emoji: "👍" }],
    pinMessage: ["pinMessage", { channelId, messageSeq }],
    unpinMessage: ["unpinMessage", { channelId, messageSeq }],
    markRead: ["markRead", { channelId, seq: messageSeq }],
    updateChannel: ["updateChannel", { channelId, topic: "new" }],
    setChannelArchived: ["setChannelArchived", { channelId, archived: true }],
    addMember: ["addMember", { channelId, userId: ids.outsider }],
    addVillain: ["addMember", { channelId, userId: ids.villain }],
    removeMember: ["removeMember", { channelId, userId: ids.bystander }],
    removeDeputy: ["removeMember", { channelId, userId: ids.deputy }],
    banMember: ["banMember", { channelId, userId: ids.bystander }],
    banDeputy: ["banMember", { channelId, userId: ids.deputy }],
    banOutsider: ["banMember", { channelId, userId: ids.outsider }],
    unbanMember: ["unbanMember", { channelId, userId: ids.villain }],
    setMemberRole: ["setMemberRole", { channelId, userId: ids.bystander, role: 2 }],
    createChannel: ["createChannel", { name: "new" }],
    openDirect: ["openDirect", { userIds: [ids.outsider] }],
    checkInvite: ["checkInvite", { inviteCode: "junk" }],
    getUsers: ["getUsers", { ids: [ids.outsider] }],
    revokeSessions: ["revokeSessions", { allOthers: true }],
    changePassword: ["changePassword", { oldPassword: "password", newPassword: "password2" }],
    updateProfile: ["updateProfile", { displayName: "New" }],
    updateServer: ["updateServer", { name: "New" }],
    register: ["register", { name: "new", password: "password" }],
    login: ["login", { name: "outsider", password: "password" }],
    addUser: ["addUser", { name: "new" }],
    addAdmin: ["addUser", { name: "new", role: 2 }],
    setUserRole: ["setUserRole", { userId: ids.outsider, role: 2 }],
    demoteLieutenant: ["setUserRole", { userId: ids.lieutenant, role: 1 }],
    setUserDisabled: ["setUserDisabled", { userId: ids.outsider, disabled: true }],
    disableLieutenant: ["setUserDisabled", { userId: ids.lieutenant, disabled: true }],
    resetPassword: ["resetPassword", { userId: ids.outsider, password: "password2" }],
    resetLieutenant: ["resetPassword", { userId: ids.lieutenant, password: "password2" }],
    getLastSeen: ["getLastSeen", { userIds: [ids.outsider] }],
    inviteAdmin: ["createInvite", { role: 2 }],
    inviteToPrivate: ["createInvite", { channelIds: [channels.private] }],
    revokeInvite: ["revokeInvite", { inviteId: invites.member }],
    revokeOwnerInvite: ["revokeInvite", { inviteId: invites.owner }],
  };
  return deeds[row] ?? [row as CommandCase, { channelId }];
}

const SHORT: Record<string, string> = {
  unauthenticated: "--",
  permission_denied: "pd",
  not_found: "nf",
  failed_precondition: "fp",
};

const rows = TABLE.trim().split("\n").slice(1).map((line) => line.split(/ +/)).map((words) => ({
  row: words[0]!,
  where: (words.length > CALLERS.length + 1 ? words[1] : "public") as Where,
  expected: words.slice(-CALLERS.length),
}));

for (const { row, where, expected } of rows) {
  Deno.test(`P5 who may do: ${row}, ${where}`, async () => {
    const found: string[] = [];
    for (const caller of CALLERS) {
      const world = await permissionsWorld();
      const [name, body] = deed(row, where, world);
      const result = await world.rig.ask(world.callers.get(caller), name, body);
      const outcome = outcomeOf(result);
      found.push(result.case === "error" ? SHORT[outcome] ?? outcome : "ok");
      assert.deepEqual(world.rig.log.lines, []);
    }
    const named = (outcomes: string[]) => Object.fromEntries(CALLERS.map((name, at) => [name, outcomes[at]]));
    assert.deepEqual(named(found), named(expected));
  });
}

Deno.test("P5 the table has every command that is not of a socket alone", () => {
  const there = new Set(rows.map(({ row, where }) => deed(row, where, EMPTY)[0]));
  const wanted = Object.entries(COMMANDS).filter(([, spec]) => spec.kind !== "live").map(([name]) => name);
  assert.deepEqual([...there].sort(), wanted.sort());
});

const EMPTY = { ids: {}, channels: {}, messages: {}, invites: {} } as unknown as PermissionsWorld;
