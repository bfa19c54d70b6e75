/** What the server says of itself. @module */
import { unmet } from "../error.ts";
import type { Limits } from "../limits.ts";
import { SERVER_STREAM } from "../model.ts";
import { DONE, type ToldLimits } from "../reply.ts";
import { normalServerName } from "../validation.ts";
import { requireServerOwner, serverNameOf } from "./authorisation.ts";
import { read, write } from "./definition.ts";

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

export const updateServer = write<"updateServer">({
  first: "serverUpdated",
  check: (body, limits) => void normalServerName(body.name, limits),
  decide(body, context) {
    requireServerOwner(context);
    if (context.configuredName !== undefined) {
      unmet("The server's name is set by its configuration: change or remove the option `name` there");
    }
    const name = normalServerName(body.name, context.limits);
    if (name === context.facts.serverName()) return { events: [], unchanged: DONE };
    return { events: [{ stream: SERVER_STREAM, body: { case: "serverUpdated", value: { name } } }] };
  },
});
