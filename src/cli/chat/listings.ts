/** Lists that a person can ask for. @module */
import { type Channel, ChannelKind, ChannelRole, type Pin, PresenceState } from "../../client/mod.ts";
import { shown } from "./names.ts";
import type { SlashContext } from "./slash_context.ts";
import { neutralLine } from "./text.ts";

/** Longer lists are cut: nobody reads them. */
const PAGES = 10;
const ROLE_NAMES: Readonly<Record<number, string>> = {
  [ChannelRole.MODERATOR]: " (moderator)",
  [ChannelRole.OWNER]: " (owner)",
};

/** Public channels, or those whose names begin so. */
export async function listChannels({ client, say }: SlashContext, prefix: string): Promise<void> {
  const channels: Channel[] = [];
  for (let page = 0; page < PAGES; page++) {
    const after = channels.at(-1)?.name ?? "";
    const found = await client.listChannels({ prefix: prefix.trim().replace(/^#/, ""), after });
    channels.push(...found.channels);
    if (!found.more) break;
  }
  const rows = channels.map(({ id, name, topic }) => {
    const mark = client.replica.channels.has(id) ? "*" : " ";
    return `${mark} #${neutralLine(name)}  ${neutralLine(topic)}`.trimEnd();
  });
  say(
    rows.length === 0 ? "No such channels" : ["Public channels (* yours); /join NAME:", ...rows].join("\n"),
  );
}

/** Members of the channel on the screen. */
export async function listMembers({ client, names, channel, say }: SlashContext): Promise<void> {
  const { channel: { id, kind }, members } = channel();
  for (let after = 0, page = 0; page < PAGES; page++) {
    const found = await client.listMembers(id, { after });
    const unknown = found.members.map(({ userId }) => userId).filter((user) =>
      !client.replica.users.has(user)
    );
    if (unknown.length > 0) await client.getUsers(unknown);
    after = found.members.at(-1)?.userId ?? 0;
    if (!found.more) break;
  }
  const rows = [...members].map(([userId, role]) => {
    const user = client.replica.users.get(userId);
    const login = user?.displayName ? ` (@${user.name})` : "";
    const online = client.replica.presence.get(userId) === PresenceState.ONLINE;
    const dot = userId === client.replica.me?.id || online ? "●" : "○";
    const roleName = kind === ChannelKind.DIRECT ? "" : ROLE_NAMES[role] ?? "";
    return `${dot} ${user ? shown(user) : names.user(userId)}${login}${roleName}`;
  });
  say([`${rows.length} ${rows.length === 1 ? "member" : "members"}:`, ...rows.sort()].join("\n"));
}

/** Messages that are pinned to the channel on the screen, the newest pin first. */
export async function listPins({ client, names, channel, say }: SlashContext): Promise<void> {
  const channelId = channel().channel.id;
  const pins: Pin[] = [];
  for (let page = 0; page < PAGES; page++) {
    const found = await client.listPins(channelId, { before: pins.at(-1)?.seq ?? 0 });
    pins.push(...found.pins);
    if (!found.more) break;
  }
  const authors = pins.flatMap(({ message }) => message?.authorId ?? []);
  const unknown = [...new Set(authors)].filter((id) => !client.replica.users.has(id));
  if (unknown.length > 0) await client.getUsers(unknown);
  const rows = pins.flatMap(({ message }) =>
    message ? [`${message.seq}  ${names.user(message.authorId)}: ${neutralLine(message.text)}`] : []
  );
  say(rows.length === 0 ? "Nothing is pinned here; /pin N pins message N" : ["Pinned:", ...rows].join("\n"));
}
