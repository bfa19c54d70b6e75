import type { Limits } from "../limits.ts";
import type { ToldLimits } from "../reply.ts";
import { serverNameOf } from "./rules.ts";
import { read } from "./spec.ts";

export const getServerInfo = read<"getServerInfo">({
  access: "anyone",
  run: (_body, context) => ({
    case: "serverInfo",
    value: {
      name: serverNameOf(context),
      version: context.version,
      registration: context.registration,
      limits: wireLimits(context.limits),
      nameConfigured: context.configuredName !== undefined,
    },
  }),
});

/** The limits that clients are told. */
export function wireLimits(limits: Limits): ToldLimits {
  const { messageBytes, frameBytes, commandsPerSecond, commandBurst, pageItems, replayEvents } = limits;
  const { frameCommands, watchedIds, passwordBytesMin, passwordBytesMax } = limits;
  const { channelsPerUser, addedChannelsPerUser, channelsMadePerUser } = limits;
  const { storedMibPerDay, diskRoomBytes, newChannels, newChannelsPerHour } = limits;
  const { newDirects, newDirectsPerHour, newMembers, newMembersPerHour } = limits;
  const { refusalsPerSecond, refusalBurst, handshakesPerUser, handshakeRefillMs } = limits;
  return {
    messageBytes,
    frameBytes,
    frameCommands,
    channelsPerUser,
    addedChannelsPerUser,
    channelsMadePerUser,
    commandsPerSecond,
    commandBurst,
    refusalsPerSecond,
    refusalBurst,
    handshakesPerUser,
    handshakeRefillMs,
    pageItems,
    replayEvents,
    watchedIds,
    passwordBytesMin,
    passwordBytesMax,
    storedMibPerDay,
    diskRoomBytes,
    newChannels,
    newChannelsPerHour,
    newDirects,
    newDirectsPerHour,
    newMembers,
    newMembersPerHour,
  };
}
