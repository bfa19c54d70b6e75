/** Data folders with many users, written straight through the store: no password is hashed. @module */
import { ServerSecrets } from "../src/auth/secrets.ts";
import { loadServerSecret } from "../src/auth/server_secret.ts";
import { joinEvents } from "../src/chat/commands/authorisation.ts";
import type { DraftEvent } from "../src/chat/event.ts";
import { ChannelKind, ChannelRole, SERVER_STREAM, ServerRole } from "../src/chat/model.ts";
import type { Draft } from "../src/chat/ports.ts";
import { openStore } from "../src/store/mod.ts";

export interface Plan {
  readonly users: number;
  /** Each channel with the places of its members among the users. */
  readonly channels: readonly { readonly name: string; readonly members: readonly number[] }[];
  /** Messages in all, spread over the channels. */
  readonly messages?: number;
  /** Hash of everybody's password; one that nothing matches when absent. */
  readonly passwordHash?: string;
}

export interface Seeded {
  readonly userIds: readonly number[];
  /** Session tokens, by user. */
  readonly tokens: readonly string[];
  readonly channelIds: readonly number[];
}

const BATCH = 1000;
/** Never matched by any password. */
const NO_HASH = "$2b$04$......................................................";
const TEXT = "The quick brown fox jumps over the lazy dog, and then it goes on to tell the others.";

/** 0, 1, 2 … up to the count. */
export function range(count: number): number[] {
  return Array.from({ length: count }, (_, at) => at);
}

/** Fills an empty folder. The first user owns the server, so that no owner's link is made. */
export async function seed(folder: string, plan: Plan): Promise<Seeded> {
  await using store = await openStore(folder);
  const secrets = new ServerSecrets(await loadServerSecret(folder));
  let lastId = SERVER_STREAM;
  const userIds = range(plan.users).map(() => ++lastId);
  const channelIds = plan.channels.map(() => ++lastId);
  const tokens: string[] = [];
  const commit = async (drafts: readonly Draft[]) => {
    for (let at = 0; at < drafts.length; at += BATCH) {
      const outcomes = await store.commit(drafts.slice(at, at + BATCH));
      const failed = outcomes.find(({ status }) => status !== "stored");
      if (failed) throw new Error(`The store refused a draft: ${JSON.stringify(failed)}`);
    }
  };
  await commit(userIds.map((id, at) => {
    const { token, tokenHash } = secrets.newToken();
    tokens.push(token);
    const role = at === 0 ? ServerRole.OWNER : ServerRole.MEMBER;
    const user = { id, name: `user${at}`, displayName: "", role, disabled: false };
    return draft(id, [
      { stream: SERVER_STREAM, body: { case: "userAdded", value: { user } } },
      {
        stream: id,
        body: { case: "passwordChanged", value: { passwordHash: plan.passwordHash ?? NO_HASH } },
      },
      {
        stream: id,
        body: { case: "sessionStarted", value: { sessionId: ++lastId, device: "load", tokenHash } },
      },
    ]);
  }));
  for (const [at, { name, members }] of plan.channels.entries()) {
    const id = channelIds[at]!;
    const creatorId = userIds[members[0]!]!;
    const channel = {
      id,
      kind: ChannelKind.PUBLIC,
      name,
      topic: "",
      archived: false,
      creatorId,
      directUserIds: [],
    };
    const joins = members.map((member) => {
      const userId = userIds[member]!;
      return draft(
        userId,
        joinEvents(id, userId, member === members[0] ? ChannelRole.OWNER : ChannelRole.MEMBER),
      );
    });
    const created: DraftEvent = { stream: id, body: { case: "channelCreated", value: { channel } } };
    await commit([draft(creatorId, [created]), ...joins]);
  }
  await writeMessages(commit, { plan, userIds, channelIds });
  return { userIds, tokens, channelIds };
}

/** A message that has been decided. */
export function messageDraft(channelId: number, actorId: number, { key = "", text = TEXT } = {}): Draft {
  const value = { text, replyTo: 0, mentionIds: [], mentionChannel: false };
  return draft(actorId, [{ stream: channelId, body: { case: "messageSent", value } }], key);
}

async function writeMessages(
  commit: (drafts: readonly Draft[]) => Promise<void>,
  { plan, userIds, channelIds }: { plan: Plan } & Pick<Seeded, "userIds" | "channelIds">,
): Promise<void> {
  const { messages = 0, channels } = plan;
  for (let at = 0; at < messages; at += BATCH) {
    await commit(
      range(Math.min(BATCH, messages - at)).map((index) => {
        const channel = (at + index) % channels.length;
        const { members } = channels[channel]!;
        const author = userIds[members[(at + index) % members.length]!]!;
        const key = `seed-${(at + index).toString(36).padStart(8, "0")}`;
        return messageDraft(channelIds[channel]!, author, { key });
      }),
    );
  }
}

function draft(actorId: number, events: readonly DraftEvent[], key = ""): Draft {
  return { actorId, key, events };
}
