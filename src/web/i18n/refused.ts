/** Which text tells of a refusal: by its kind, and by the command that was refused. @module */
import type { CommandCase, RookeryError } from "../../client/mod.ts";
import type { Key } from "./catalogue.ts";

type Code = RookeryError["code"];

export interface Refused {
  readonly key: Key;
  /** Seconds until another try, where the text has them. */
  readonly count?: number;
  /** Whether the text says all there is to say. */
  readonly whole: boolean;
}

const KINDS: Readonly<Record<Code, Key>> = {
  already_exists: "refusedExists",
  failed_precondition: "refusedNow",
  internal: "refusedInternal",
  invalid_argument: "refusedInvalid",
  not_found: "refusedNotFound",
  permission_denied: "refusedPermission",
  resource_exhausted: "refusedTooMuch",
  unauthenticated: "sessionEnded",
  unavailable: "refusedUnavailable",
};

/** Kinds that say all there is to say, whatever was refused. */
const WHOLE: ReadonlySet<Code> = new Set([
  "already_exists",
  "internal",
  "not_found",
  "unauthenticated",
  "unavailable",
]);

/** What people at the page meet. A command that is refused in one way for several reasons has a text of them all. */
const COMMANDS: Partial<Readonly<Record<Code, Partial<Readonly<Record<CommandCase, Key>>>>>> = {
  unauthenticated: { login: "refusedLogin" },
  permission_denied: {
    addMember: "refusedAdding",
    addUser: "refusedRole",
    banMember: "refusedRole",
    changePassword: "refusedOldPassword",
    createChannel: "refusedFirstChannel",
    createInvite: "refusedRole",
    deleteMessage: "refusedRole",
    joinChannel: "refusedBanned",
    listInvites: "refusedRole",
    pinMessage: "refusedRole",
    removeMember: "refusedRole",
    resetPassword: "refusedRole",
    revokeInvite: "refusedRole",
    setChannelArchived: "refusedRole",
    setMemberRole: "refusedRole",
    setUserDisabled: "refusedRole",
    setUserRole: "refusedRole",
    unbanMember: "refusedRole",
    unpinMessage: "refusedRole",
    updateChannel: "refusedRole",
    updateServer: "refusedRole",
  },
  failed_precondition: {
    addMember: "refusedAddingNow",
    addReaction: "refusedReaction",
    banMember: "refusedOnlyOwner",
    changePassword: "refusedPasswordChanged",
    createChannel: "refusedManyChannels",
    deleteMessage: "refusedWriting",
    editMessage: "refusedWriting",
    joinChannel: "refusedJoining",
    leaveChannel: "refusedOnlyOwner",
    openDirect: "refusedDirect",
    pinMessage: "refusedPin",
    removeMember: "refusedOnlyOwner",
    removeReaction: "refusedWriting",
    sendMessage: "refusedWriting",
    setMemberRole: "refusedOnlyOwner",
    unpinMessage: "refusedWriting",
    updateServer: "refusedServerConfigured",
  },
  invalid_argument: {
    addUser: "refusedAccount",
    changePassword: "refusedPassword",
    createChannel: "refusedChannel",
    editMessage: "refusedText",
    register: "refusedAccount",
    resetPassword: "refusedPassword",
    sendMessage: "refusedText",
    updateChannel: "refusedChannel",
    updateProfile: "refusedDisplayName",
    updateServer: "refusedServerName",
  },
};

/** The text for a refusal, or for what kept a command from getting to the server. */
export function refusedBy({ code, command, retryAfterMs }: RookeryError): Refused {
  if (code === "resource_exhausted" && retryAfterMs > 0) {
    return { key: "refusedTooMuchFor", count: Math.ceil(retryAfterMs / 1000), whole: true };
  }
  // Only a server that can be reached refuses a command.
  if (code === "unavailable" && command !== "") return { key: "refusedLater", whole: true };
  const own = command === "" ? undefined : COMMANDS[code]?.[command];
  return { key: own ?? KINDS[code], whole: own !== undefined || WHOLE.has(code) };
}
