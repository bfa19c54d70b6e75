/**
 * Who may do what, as SPEC.md says it (P1 to P11): every command by every kind of caller.
 *
 *     ok  done, or answered             fp  failed_precondition (412)
 *     --  unauthenticated (401)         ia  invalid_argument (400)
 *     nf  not_found (404): also for what is hidden
 *     pd  permission_denied (403)
 *
 * `revoked` holds the token of a session that has ended, `disabled` that of an account which was locked out;
 * `removed` and `banned` were members of both channels; `keeper` owns them; `admin` and `owner` are the server's
 * and members of none. A row with a channel is about the public, the private or a direct one; one with a door
 * holds for that door alone.
 *
 * @module
 */
export const KINDS = [
  "nobody",
  "revoked",
  "disabled",
  "stranger",
  "removed",
  "banned",
  "member",
  "moderator",
  "keeper",
  "admin",
  "owner",
] as const;
export type Kind = typeof KINDS[number];

export type Where = "public" | "private" | "direct";
export type Door = "post" | "socket";

export const TABLE = `
                             nobody revoked disabled stranger removed banned member moderator keeper admin owner
open @socket                   --     --       --       ok       ok     ok     ok      ok       ok     ok    ok
open @post                     --     --       --       fp       fp     fp     fp      fp       fp     fp    fp
ping @socket                   --     --       --       ok       ok     ok     ok      ok       ok     ok    ok
ping @post                     --     --       --       fp       fp     fp     fp      fp       fp     fp    fp
watch @socket                  --     --       --       ok       ok     ok     ok      ok       ok     ok    ok
watch @post                    --     --       --       fp       fp     fp     fp      fp       fp     fp    fp
setPresence @socket            --     --       --       ok       ok     ok     ok      ok       ok     ok    ok
setPresence @post              --     --       --       fp       fp     fp     fp      fp       fp     fp    fp
setTyping public @socket       --     --       --       nf       nf     nf     ok      ok       ok     nf    nf
setTyping private @socket      --     --       --       nf       nf     nf     ok      ok       ok     nf    nf
setTyping direct @socket       --     --       --       nf       nf     nf     ok      nf       nf     nf    nf
setTyping public @post         --     --       --       fp       fp     fp     fp      fp       fp     fp    fp
getServerInfo @post            ok     --       --       ok       ok     ok     ok      ok       ok     ok    ok
getServerInfo @socket          --     --       --       ok       ok     ok     ok      ok       ok     ok    ok
register @post                 ok     --       --       ok       ok     ok     ok      ok       ok     ok    ok
register @socket               --     --       --       fp       fp     fp     fp      fp       fp     fp    fp
registerByInvite @post         pd     --       --       pd       pd     pd     pd      pd       pd     pd    pd
login @post                    ok     --       --       ok       ok     ok     ok      ok       ok     ok    ok
login @socket                  --     --       --       fp       fp     fp     fp      fp       fp     fp    fp
logout                         --     --       --       ok       ok     ok     ok      ok       ok     ok    ok
listSessions                   --     --       --       ok       ok     ok     ok      ok       ok     ok    ok
revokeSessions                 --     --       --       ok       ok     ok     ok      ok       ok     ok    ok
revokeSomeonesSession          --     --       --       nf       nf     nf     nf      nf       nf     nf    nf
changePassword                 --     --       --       ok       ok     ok     ok      ok       ok     ok    ok
changePasswordWrongly          --     --       --       pd       pd     pd     pd      pd       pd     pd    pd
updateProfile                  --     --       --       ok       ok     ok     ok      ok       ok     ok    ok
updateServer                   --     --       --       pd       pd     pd     pd      pd       pd     pd    ok
checkInvite @post              ok     --       --       ok       ok     ok     ok      ok       ok     ok    ok
checkInvite @socket            --     --       --       ok       ok     ok     ok      ok       ok     ok    ok
listUsers                      --     --       --       ok       ok     ok     ok      ok       ok     ok    ok
getUsers                       --     --       --       ok       ok     ok     ok      ok       ok     ok    ok
setUserRole                    --     --       --       pd       pd     pd     pd      pd       pd     pd    ok
demoteLieutenant               --     --       --       pd       pd     pd     pd      pd       pd     pd    ok
makeMyselfOwner                --     --       --       pd       pd     pd     pd      pd       pd     ia    ia
setUserDisabled                --     --       --       pd       pd     pd     pd      pd       pd     ok    ok
disableLieutenant              --     --       --       pd       pd     pd     pd      pd       pd     pd    ok
addUser                        --     --       --       pd       pd     pd     pd      pd       pd     ok    ok
addAdmin                       --     --       --       pd       pd     pd     pd      pd       pd     pd    ok
resetPassword                  --     --       --       pd       pd     pd     pd      pd       pd     ok    ok
resetLieutenant                --     --       --       pd       pd     pd     pd      pd       pd     pd    ok
getLastSeen                    --     --       --       pd       pd     pd     pd      pd       pd     ok    ok
createInvite                   --     --       --       pd       pd     pd     pd      pd       pd     ok    ok
inviteAdmin                    --     --       --       pd       pd     pd     pd      pd       pd     pd    ok
inviteTo public                --     --       --       pd       pd     pd     pd      pd       pd     ok    ok
inviteTo private               --     --       --       pd       pd     pd     pd      pd       pd     nf    nf
inviteTo direct                --     --       --       pd       pd     pd     pd      pd       pd     nf    nf
listInvites                    --     --       --       pd       pd     pd     pd      pd       pd     ok    ok
revokeInvite                   --     --       --       pd       pd     pd     pd      pd       pd     ok    ok
revokeOwnerInvite              --     --       --       pd       pd     pd     pd      pd       pd     nf    ok
createChannel                  --     --       --       ok       ok     ok     ok      ok       ok     ok    ok
openDirect                     --     --       --       ok       ok     ok     ok      ok       ok     ok    ok
listChannels                   --     --       --       ok       ok     ok     ok      ok       ok     ok    ok
updateChannel public           --     --       --       nf       nf     nf     pd      ok       ok     ok    ok
updateChannel private          --     --       --       nf       nf     nf     pd      ok       ok     nf    nf
updateChannel direct           --     --       --       nf       nf     nf     fp      nf       nf     nf    nf
setChannelArchived public      --     --       --       nf       nf     nf     pd      pd       ok     ok    ok
setChannelArchived private     --     --       --       nf       nf     nf     pd      pd       ok     nf    nf
setChannelArchived direct      --     --       --       nf       nf     nf     fp      nf       nf     nf    nf
joinChannel public             --     --       --       ok       ok     pd     ok      ok       ok     ok    ok
joinChannel private            --     --       --       nf       nf     nf     ok      ok       ok     nf    nf
joinChannel direct             --     --       --       nf       nf     nf     ok      nf       nf     nf    nf
leaveChannel public            --     --       --       nf       nf     nf     ok      ok       fp     nf    nf
leaveChannel private           --     --       --       nf       nf     nf     ok      ok       fp     nf    nf
leaveChannel direct            --     --       --       nf       nf     nf     fp      nf       nf     nf    nf
addMember public               --     --       --       nf       nf     nf     ok      ok       ok     ok    ok
addMember private              --     --       --       nf       nf     nf     ok      ok       ok     nf    nf
addMember direct               --     --       --       nf       nf     nf     fp      nf       nf     nf    nf
addVillain public              --     --       --       nf       nf     nf     pd      pd       pd     pd    pd
addVillain private             --     --       --       nf       nf     nf     pd      pd       pd     nf    nf
removeMember public            --     --       --       nf       nf     nf     pd      ok       ok     ok    ok
removeMember private           --     --       --       nf       nf     nf     pd      ok       ok     nf    nf
removeMember direct            --     --       --       nf       nf     nf     fp      nf       nf     nf    nf
removeDeputy public            --     --       --       nf       nf     nf     pd      pd       ok     ok    ok
removeDeputy private           --     --       --       nf       nf     nf     pd      pd       ok     nf    nf
banMember public               --     --       --       nf       nf     nf     pd      ok       ok     ok    ok
banMember private              --     --       --       nf       nf     nf     pd      ok       ok     nf    nf
banMember direct               --     --       --       nf       nf     nf     fp      nf       nf     nf    nf
banDeputy public               --     --       --       nf       nf     nf     pd      pd       ok     ok    ok
banOutsider private            --     --       --       nf       nf     nf     pd      ok       ok     nf    nf
unbanMember public             --     --       --       nf       nf     nf     pd      ok       ok     ok    ok
unbanMember private            --     --       --       nf       nf     nf     pd      ok       ok     nf    nf
unbanMember direct             --     --       --       nf       nf     nf     fp      nf       nf     nf    nf
setMemberRole public           --     --       --       nf       nf     nf     pd      pd       ok     ok    ok
setMemberRole private          --     --       --       nf       nf     nf     pd      pd       ok     nf    nf
setMemberRole direct           --     --       --       nf       nf     nf     fp      nf       nf     nf    nf
makeMyselfKeeper public        --     --       --       nf       nf     nf     pd      pd       ok     nf    nf
listMembers public             --     --       --       nf       nf     nf     ok      ok       ok     ok    ok
listMembers private            --     --       --       nf       nf     nf     ok      ok       ok     nf    nf
listMembers direct             --     --       --       nf       nf     nf     ok      nf       nf     nf    nf
listBans public                --     --       --       nf       nf     nf     pd      ok       ok     ok    ok
listBans private               --     --       --       nf       nf     nf     pd      ok       ok     nf    nf
listBans direct                --     --       --       nf       nf     nf     fp      nf       nf     nf    nf
sendMessage public             --     --       --       nf       nf     nf     ok      ok       ok     nf    nf
sendMessage private            --     --       --       nf       nf     nf     ok      ok       ok     nf    nf
sendMessage direct             --     --       --       nf       nf     nf     ok      nf       nf     nf    nf
editMessage public             --     --       --       nf       nf     nf     pd      pd       pd     nf    nf
editMessage private            --     --       --       nf       nf     nf     pd      pd       pd     nf    nf
editMessage direct             --     --       --       nf       nf     nf     pd      nf       nf     nf    nf
deleteMessage public           --     --       --       nf       nf     nf     pd      ok       ok     ok    ok
deleteMessage private          --     --       --       nf       nf     nf     pd      ok       ok     nf    nf
deleteMessage direct           --     --       --       nf       nf     nf     pd      nf       nf     nf    nf
addReaction public             --     --       --       nf       nf     nf     ok      ok       ok     nf    nf
addReaction private            --     --       --       nf       nf     nf     ok      ok       ok     nf    nf
addReaction direct             --     --       --       nf       nf     nf     ok      nf       nf     nf    nf
removeReaction public          --     --       --       nf       nf     nf     ok      ok       ok     nf    nf
removeReaction private         --     --       --       nf       nf     nf     ok      ok       ok     nf    nf
removeReaction direct          --     --       --       nf       nf     nf     ok      nf       nf     nf    nf
getHistory public              --     --       --       nf       nf     nf     ok      ok       ok     nf    nf
getHistory private             --     --       --       nf       nf     nf     ok      ok       ok     nf    nf
getHistory direct              --     --       --       nf       nf     nf     ok      nf       nf     nf    nf
pinMessage public              --     --       --       nf       nf     nf     pd      ok       ok     ok    ok
pinMessage private             --     --       --       nf       nf     nf     pd      ok       ok     nf    nf
pinMessage direct              --     --       --       nf       nf     nf     ok      nf       nf     nf    nf
unpinMessage public            --     --       --       nf       nf     nf     pd      ok       ok     ok    ok
unpinMessage private           --     --       --       nf       nf     nf     pd      ok       ok     nf    nf
unpinMessage direct            --     --       --       nf       nf     nf     ok      nf       nf     nf    nf
listPins public                --     --       --       nf       nf     nf     ok      ok       ok     nf    nf
listPins private               --     --       --       nf       nf     nf     ok      ok       ok     nf    nf
listPins direct                --     --       --       nf       nf     nf     ok      nf       nf     nf    nf
markRead public                --     --       --       nf       nf     nf     ok      ok       ok     nf    nf
markRead private               --     --       --       nf       nf     nf     ok      ok       ok     nf    nf
markRead direct                --     --       --       nf       nf     nf     ok      nf       nf     nf    nf
`;

export interface Row {
  /** The row's words before its outcomes. */
  readonly title: string;
  readonly deed: string;
  readonly where: Where;
  readonly doors: readonly Door[];
  readonly expected: Readonly<Record<Kind, string>>;
}

export const ROWS: readonly Row[] = TABLE.trim().split("\n").slice(1).map((line) => {
  const words = line.trim().split(/ +/);
  const [deed, ...rest] = words.slice(0, -KINDS.length);
  const door = rest.find((word) => word.startsWith("@"))?.slice(1) as Door | undefined;
  const where = (rest.find((word) => !word.startsWith("@")) ?? "public") as Where;
  const outcomes = words.slice(-KINDS.length);
  const expected = Object.fromEntries(KINDS.map((kind, at) => [kind, outcomes[at]!])) as Record<Kind, string>;
  return {
    title: [deed, ...rest].join(" "),
    deed: deed!,
    where,
    doors: door ? [door] : ["post", "socket"],
    expected,
  };
});
