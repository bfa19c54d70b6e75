/** Commands that begin with a slash. @module */
import type { ChannelState, Message, RookeryClient } from "../../client/mod.ts";
import { listChannels, listMembers, listPins } from "./listings.ts";
import type { SlashContext } from "./slash_context.ts";
import { neutralLine } from "./text.ts";

interface SlashCommand {
  readonly name: string;
  readonly usage: string;
  readonly help: string;
  run(context: SlashContext, rest: string): Promise<void> | void;
}

const EMOJI: Readonly<Record<string, string>> = {
  "+1": "👍",
  "-1": "👎",
  heart: "❤️",
  smile: "😄",
  tada: "🎉",
  eyes: "👀",
  fire: "🔥",
};

const COMMANDS: readonly SlashCommand[] = [
  {
    name: "join",
    usage: "NAME",
    help: "Go to a channel, joining it if need be",
    async run({ client, names, open }, rest) {
      const channel = await names.findChannel(word(rest, "a channel"));
      if (!client.replica.channels.has(channel.id)) await client.joinChannel(channel.id);
      open(channel.id);
    },
  },
  {
    name: "create",
    usage: "NAME [--private] [TOPIC]",
    help: "Make a channel",
    async run({ client, open }, rest) {
      const isPrivate = / --private\b/.test(` ${rest}`);
      const [name = "", ...topic] = words(rest.replace("--private", ""));
      const options = { topic: topic.join(" "), private: isPrivate };
      open((await client.createChannel(word(name, "a name").replace(/^#/, ""), options)).id);
    },
  },
  {
    name: "dm",
    usage: "NAME…",
    help: "Talk to one or several people alone",
    async run({ client, names, open }, rest) {
      word(rest, "somebody");
      const users = await Promise.all(words(rest).map((name) => names.findUser(name)));
      open((await client.openDirect(users.map(({ id }) => id))).id);
    },
  },
  {
    name: "channels",
    usage: "[BEGINNING]",
    help: "List the public channels",
    run: listChannels,
  },
  {
    name: "members",
    usage: "",
    help: "List the members of this channel",
    run: listMembers,
  },
  { name: "who", usage: "", help: "The same as /members", run: listMembers },
  {
    name: "topic",
    usage: "TEXT",
    help: "Say what this channel is about",
    async run({ client, channel }, rest) {
      await client.updateChannel(channel().channel.id, { topic: rest });
    },
  },
  {
    name: "rename",
    usage: "NAME",
    help: "Give this channel another name",
    async run({ client, channel }, rest) {
      await client.updateChannel(channel().channel.id, { name: word(rest, "a name").replace(/^#/, "") });
    },
  },
  {
    name: "invite",
    usage: "NAME",
    help: "Make somebody a member of this channel",
    run: (context, rest) => withMember(context, rest, (client, ...ids) => client.addMember(...ids)),
  },
  {
    name: "remove",
    usage: "NAME",
    help: "End somebody's membership",
    run: (context, rest) => withMember(context, rest, (client, ...ids) => client.removeMember(...ids)),
  },
  {
    name: "ban",
    usage: "NAME",
    help: "End somebody's membership for good",
    run: (context, rest) => withMember(context, rest, (client, ...ids) => client.banMember(...ids)),
  },
  {
    name: "unban",
    usage: "NAME",
    help: "Let somebody come back",
    run: (context, rest) => withMember(context, rest, (client, ...ids) => client.unbanMember(...ids)),
  },
  {
    name: "leave",
    usage: "",
    help: "Leave this channel",
    async run({ client, channel }) {
      await client.leaveChannel(channel().channel.id);
    },
  },
  {
    name: "reply",
    usage: "N [TEXT]",
    help: "Answer message N",
    async run({ client, channel, begin }, rest) {
      const { message, text } = target(channel(), rest);
      if (text.trim() === "") return begin("reply", message);
      await client.sendMessage(message.channelId, text, { replyTo: message.seq });
    },
  },
  {
    name: "edit",
    usage: "[N] [TEXT]",
    help: "Change message N or your newest",
    async run({ client, channel, begin }, rest) {
      const { message, text } = target(channel(), rest, client.replica.me?.id);
      if (text.trim() === "") return begin("edit", message);
      await client.editMessage(message, text);
    },
  },
  {
    name: "delete",
    usage: "[N]",
    help: "Delete message N or your newest",
    async run({ client, channel }, rest) {
      const { message, text } = target(channel(), rest, client.replica.me?.id);
      if (text.trim() !== "") throw new Error("Say only the number of the message");
      await client.deleteMessage(message);
    },
  },
  {
    name: "react",
    usage: "N EMOJI",
    help: "Add an emoji or :name: (or +1, heart …), or take it back",
    async run({ client, channel }, rest) {
      const { message, text } = target(channel(), rest);
      const given = word(text, "an emoji");
      const emoji = EMOJI[given] ?? given;
      const mine = message.reactions.find((reaction) => reaction.emoji === emoji)
        ?.userIds.includes(client.replica.me?.id ?? 0);
      await (mine ? client.removeReaction(message, emoji) : client.addReaction(message, emoji));
    },
  },
  {
    name: "pin",
    usage: "N",
    help: "Pin message N to this channel",
    async run({ client, channel }, rest) {
      const { message } = target(channel(), rest);
      await client.pinMessage(message);
    },
  },
  {
    name: "unpin",
    usage: "N",
    help: "Take the pin from message N",
    async run({ client, channel }, rest) {
      await client.unpinMessage({ channelId: channel().channel.id, seq: messageNumber(rest) });
    },
  },
  {
    name: "pins",
    usage: "",
    help: "List the pinned messages",
    run: listPins,
  },
  {
    name: "nick",
    usage: "[TEXT]",
    help: "Set the name that others see",
    async run({ client }, rest) {
      await client.updateProfile(rest);
    },
  },
  {
    name: "server",
    usage: "name TEXT",
    help: "Give the server another name",
    async run({ client, say }, rest) {
      const [what, ...name] = words(rest);
      if (what !== "name") throw new Error("Say what to change: /server name TEXT");
      await client.updateServer(word(name.join(" "), "the server"));
      say(`The server is called ${(await client.call("getServerInfo", {})).name}`);
    },
  },
  {
    name: "help",
    usage: "",
    help: "Show this",
    run: ({ say }) => say(help()),
  },
  {
    name: "logout",
    usage: "",
    help: "End this session for good, and the program",
    async run({ client, quit }) {
      await client.logout();
      quit();
    },
  },
  { name: "quit", usage: "", help: "End the program", run: ({ quit }) => quit() },
];

/** Names with their slash, for completion. */
export const SLASH_NAMES: readonly string[] = COMMANDS.map(({ name }) => `/${name}`);

/** Runs a line like "/join general". Rejects with an Error for people. */
export async function runSlash(line: string, context: SlashContext): Promise<void> {
  const [, name = "", rest = ""] = /^\/(\S*)(?:\s([^]*))?$/.exec(line) ?? [];
  const command = COMMANDS.find((candidate) => candidate.name === name.toLowerCase());
  if (!command) throw new Error(`There is no /${neutralLine(name)}: see /help (// sends a slash)`);
  await command.run(context, rest.trimStart());
}

/** Columns for most of them; what is longer stands in front of its own help. */
const USAGE_WIDTH = 18;

function help(): string {
  const usages = COMMANDS.map(({ name, usage }) => `/${name} ${usage}`.trim());
  const rows = COMMANDS.map((command, i) => `${usages[i]!.padEnd(USAGE_WIDTH)}  ${command.help}`);
  return [
    ...rows,
    "",
    "N is the number in front of a message.",
    "PageUp/PageDown scroll      Alt+Up/Down, Ctrl+P/N, Alt+1…9 change the channel",
    "Alt+A goes to unread ones   Tab completes   Alt+Enter begins a new line",
    "Up/Down recall   Ctrl+W deletes a word   Esc cancels   Ctrl+C quits",
  ].join("\n");
}

async function withMember(
  { client, names, channel }: SlashContext,
  rest: string,
  change: (client: RookeryClient, channelId: number, userId: number) => Promise<unknown>,
): Promise<void> {
  const { channel: { id } } = channel();
  const user = await names.findUser(word(rest, "somebody"));
  await change(client, id, user.id);
}

/** The message whose number comes first, or the newest one of an author; and the words behind. */
function target(
  { messages }: ChannelState,
  rest: string,
  author?: number,
): { readonly message: Message; readonly text: string } {
  const [, number, behind = ""] = /^#?(\d{1,10})(?:\s([^]*))?$/.exec(rest) ?? [];
  if (number === undefined) {
    if (author === undefined) throw new Error("Say the number of the message first");
    const newest = messages.findLast((message) => message.authorId === author && !message.deleted);
    if (!newest) throw new Error("None of your messages is here");
    return { message: newest, text: rest };
  }
  const message = messages.find(({ seq }) => seq === Number(number));
  if (!message) throw new Error(`Message ${number} is not here: scroll to it first`);
  return { message, text: behind };
}

function messageNumber(rest: string): number {
  const [, number] = /^#?(\d{1,10})$/.exec(rest.trim()) ?? [];
  if (number === undefined) throw new Error("Say the number of the message");
  return Number(number);
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((part) => part !== "");
}

function word(text: string, what: string): string {
  if (text.trim() === "") throw new Error(`Name ${what}: see /help`);
  return text.trim();
}
