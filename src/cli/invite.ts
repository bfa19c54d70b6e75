/** `rookery invite`: links by which people get accounts. @module */
import { inviteLink } from "../app/invite_links.ts";
import { typedChannelName } from "../text/channel_name.ts";
import { exactly, readArguments, wholeNumber } from "./arguments.ts";
import { type Action, group } from "./group.ts";
import { folderConfig, openOperator, type Operator, type OperatorResults } from "./operator.ts";
import { readRole, roleName, ROLES } from "./roles.ts";
import { complain, say, sayJson } from "./say.ts";
import { table } from "./table.ts";

const FOLDER_FLAGS = { data: "text", config: "text" } as const;
const DAY_S = 24 * 3600;
const MAX_ID = 0xffff_ffff;
/** The wire's seconds are 32 bits wide. */
const MAX_DAYS = 36_500;

const create: Action = {
  name: "create",
  usage: "[--role ROLE] [--uses N] [--days N] [--channel NAME]…",
  summary: "Makes an invite link and prints it",
  options: [
    ["--role ROLE", `Role of the new accounts: ${ROLES.join(", ")} (default member)`],
    ["--uses N", "How many accounts it may make (default 1)"],
    ["--days N", "How long it is good for (default 7)"],
    ["--channel NAME", "Public channel that they join at once; may be repeated"],
  ],
  async run(args) {
    const kinds = { ...FOLDER_FLAGS, role: "text", uses: "text", days: "text", channel: "texts" } as const;
    const { flags, positionals } = readArguments(args, kinds);
    exactly(positionals, []);
    const role = readRole(flags.role);
    const max = folderConfig(flags).limits.inviteUses;
    const uses = wholeNumber(flags.uses, { flag: "--uses", min: 1, max, fallback: 1 });
    const days = wholeNumber(flags.days, { flag: "--days", min: 1, max: MAX_DAYS, fallback: 7 });
    await using operator = await openOperator(flags);
    const channelIds: number[] = [];
    for (const name of flags.channel) channelIds.push(await requireChannel(operator, name));
    const invite = await operator.execute("createInvite", { role, uses, validS: days * DAY_S, channelIds });
    say(inviteLink(operator.url, invite.code));
    sayGuess(operator);
    return 0;
  },
};

const list: Action = {
  name: "list",
  usage: "[--json]",
  summary: "Lists the invites that can still be used",
  options: [["--json", "One JSON array"]],
  async run(args) {
    const { flags, positionals } = readArguments(args, { ...FOLDER_FLAGS, json: "switch" });
    exactly(positionals, []);
    await using operator = await openOperator(flags);
    const invites = await allInvites(operator);
    const shown = invites.map((invite) => ({
      id: invite.id,
      role: roleName(invite.role),
      usesLeft: invite.usesLeft,
      expires: invite.expiresMs === 0 ? null : new Date(invite.expiresMs).toISOString(),
      // The code stays with those who could have made the invite.
      link: invite.code === "" ? null : inviteLink(operator.url, invite.code),
    }));
    if (flags.json) sayJson(shown);
    else if (shown.length === 0) say("No invites: make one with 'rookery invite create'");
    else {
      const rows = shown.map(({ id, role, usesLeft, expires, link }) => [
        String(id),
        role,
        String(usesLeft),
        expires?.slice(0, 10) ?? "never",
        link ?? "(shown to members of its private channels only)",
      ]);
      say(table(["ID", "ROLE", "USES", "UNTIL", "LINK"], rows));
    }
    if (shown.length > 0) sayGuess(operator);
    return 0;
  },
};

const revoke: Action = {
  name: "revoke",
  usage: "ID",
  summary: "Takes an invite back",
  options: [],
  async run(args) {
    const { flags, positionals } = readArguments(args, FOLDER_FLAGS);
    const { ID: text } = exactly(positionals, ["ID"]);
    const inviteId = wholeNumber(text, { flag: "ID", min: 1, max: MAX_ID, fallback: 0 });
    await using operator = await openOperator(flags);
    await operator.execute("revokeInvite", { inviteId });
    say(`Invite ${inviteId} is revoked`);
    return 0;
  },
};

/** On standard error, so that standard output stays what a program reads. */
function sayGuess({ url, urlGuessed }: Operator): void {
  if (!urlGuessed) return;
  complain(`no server runs here, so links are for ${url}: start it first, or set its address as ROOKERY_URL`);
}

async function allInvites(operator: Operator): Promise<OperatorResults["listInvites"]["invites"]> {
  const invites: OperatorResults["listInvites"]["invites"] = [];
  for (;;) {
    const page = await operator.execute("listInvites", { after: invites.at(-1)?.id ?? 0, limit: 0 });
    invites.push(...page.invites);
    if (!page.more) return invites;
  }
}

async function requireChannel(operator: Operator, typed: string): Promise<number> {
  const name = typedChannelName(typed);
  const page = { prefix: name, after: "", limit: 1, includeArchived: false };
  const { channels } = await operator.execute("listChannels", page);
  const found = channels.find((channel) => channel.name === name);
  if (!found) throw new Error(`No public channel is called ${JSON.stringify(typed)}`);
  return found.id;
}

export const invite = group("invite", "Make, list and revoke invite links", [create, list, revoke]);
