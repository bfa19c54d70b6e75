/** What the user may do in a channel; the server decides, this only spares buttons that would be refused. @module */
import { ChannelKind, ChannelRole, ServerRole, type User } from "../../client/mod.ts";
import type { Chat } from "./chat.ts";

/** The user's role, with what an administrator of the server may do in public channels. */
export function roleIn(chat: Chat, channelId: number): ChannelRole {
  const state = chat.client.replica.channels.get(channelId);
  if (!state) return ChannelRole.UNSPECIFIED;
  const asAdmin = state.channel.kind === ChannelKind.PUBLIC && (chat.me?.role ?? 0) >= ServerRole.ADMIN;
  return asAdmin ? ChannelRole.OWNER : state.role;
}

/** Lock somebody's account out, give it another password. */
export function mayManage(chat: Chat, user: User): boolean {
  const mine = chat.me?.role ?? 0;
  if (user.id === chat.me?.id || mine < ServerRole.ADMIN) return false;
  return mine >= ServerRole.OWNER || user.role < mine;
}

/** Delete others' messages, rename the channel, send people away. */
export function mayModerate(chat: Chat, channelId: number): boolean {
  return roleIn(chat, channelId) >= ChannelRole.MODERATOR;
}

/** Close the channel, give roles. */
export function mayOwn(chat: Chat, channelId: number): boolean {
  return roleIn(chat, channelId) >= ChannelRole.OWNER;
}
