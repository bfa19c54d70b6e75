/** What the user may do in a channel; the server decides, this only spares buttons that would be refused. @module */
import { ChannelKind, ChannelRole, roleIn, ServerRole, type User } from "../../../client/mod.ts";
import type { Chat } from "../shell/chat.ts";

/** Lock somebody's account out, give it another password. */
export function mayManage(chat: Chat, user: User): boolean {
  const mine = chat.me?.role ?? 0;
  if (user.id === chat.me?.id || mine < ServerRole.ADMIN) return false;
  return mine >= ServerRole.OWNER || user.role < mine;
}

/** Pin messages to the channel; in a direct conversation everybody may. */
export function mayPin(chat: Chat, channelId: number): boolean {
  return chat.row(channelId)?.kind === ChannelKind.DIRECT || mayModerate(chat, channelId);
}

/** Delete others' messages, rename the channel, send people away. */
export function mayModerate(chat: Chat, channelId: number): boolean {
  return roleIn(chat.client.replica, channelId) >= ChannelRole.MODERATOR;
}

/** Close the channel, give roles. */
export function mayOwn(chat: Chat, channelId: number): boolean {
  return roleIn(chat.client.replica, channelId) >= ChannelRole.OWNER;
}
