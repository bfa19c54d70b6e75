/** Mentions that will not do what their writer means. @module */
import { ChannelKind, type User } from "../../client/mod.ts";
import { EVERYBODY, namesOf } from "../../text/mention.ts";
import { mentionsIn } from "../../text/mentions.ts";
import type { Chat } from "./chat.ts";
import { mayModerate } from "./rights.ts";

export interface MentionDoubts {
  /** Everybody is mentioned, which the user may not do here. */
  readonly everybody: boolean;
  /** People who are not in the channel. */
  readonly strangers: readonly User[];
}

export const NO_DOUBTS: MentionDoubts = { everybody: false, strangers: [] };

/** So many different names of a text are looked at. */
const NAMES_MAX = 10;

/** Looks at the mentions of texts for one channel, and remembers what the server has said about them. */
export class MentionLook {
  readonly #chat: Chat;
  readonly #channelId: number;
  /** Undefined for names that nobody has. */
  readonly #asked = new Map<string, User | undefined>();
  readonly #strangers = new Set<number>();

  constructor(chat: Chat, channelId: number) {
    this.#chat = chat;
    this.#channelId = channelId;
  }

  /** What is to be said about this text. Without a connection only what is known. */
  async at(text: string): Promise<MentionDoubts> {
    const written = new Set(mentionsIn(text).map(({ name }) => name));
    const strangers = new Map<number, User>();
    let everybody = false;
    for (const name of [...written].slice(0, NAMES_MAX)) {
      const meant = await this.#meantBy(name);
      if (meant === EVERYBODY) everybody = !this.#direct && !mayModerate(this.#chat, this.#channelId);
      else if (meant && !meant.disabled && await this.#isStranger(meant.id)) strangers.set(meant.id, meant);
    }
    return { everybody, strangers: [...strangers.values()] };
  }

  /** Whether somebody is known to be in the channel. */
  isMember(userId: number): boolean {
    const state = this.#chat.client.replica.channels.get(this.#channelId);
    return state !== undefined && (state.members.has(userId) || state.channel.directUserIds.includes(userId));
  }

  get #direct(): boolean {
    const state = this.#chat.client.replica.channels.get(this.#channelId);
    return state?.channel.kind === ChannelKind.DIRECT;
  }

  async #meantBy(written: string): Promise<User | typeof EVERYBODY | undefined> {
    for (const name of namesOf(written)) {
      const meant = name === EVERYBODY ? name : await this.#named(name);
      if (meant) return meant;
    }
    return undefined;
  }

  async #named(name: string): Promise<User | undefined> {
    const { client } = this.#chat;
    const known = client.replica.users.values().find((user) => user.name === name);
    if (known || this.#asked.has(name) || !this.#chat.connected) return known ?? this.#asked.get(name);
    const { users } = await client.listUsers({ prefix: name, limit: 1 });
    const found = users.find((user) => user.name === name);
    this.#asked.set(name, found);
    return found;
  }

  async #isStranger(userId: number): Promise<boolean> {
    if (this.isMember(userId) || userId === this.#chat.me?.id) return false;
    if (this.#direct || this.#strangers.has(userId)) return true;
    if (!this.#chat.connected) return false;
    // The page of members that begins with this one.
    await this.#chat.client.listMembers(this.#channelId, { after: userId - 1, limit: 1 });
    const stranger = !this.isMember(userId);
    if (stranger) this.#strangers.add(userId);
    return stranger;
  }
}
