/** Mentions that will not do what their writer means. @module */
import { EVERYBODY, namesOf } from "../text/mention.ts";
import { mentionsIn } from "../text/mentions.ts";
import { ChannelKind, ChannelRole, ServerRole, type User } from "../wire/client_codec.ts";
import type { RookeryClient } from "./client.ts";
import type { Replica } from "./replica/replica.ts";

/** What is to be told to the writer of a text; nothing when every mention reaches somebody. */
export interface MentionDoubts {
  /** Everybody is mentioned, which the user may not do here. */
  readonly everybody: boolean;
  /** People who are not in the channel. */
  readonly strangers: readonly User[];
}

/** How the server is asked. */
export interface MentionLookOptions {
  /** How long to wait for each answer of the server, milliseconds; as for other reads when left out. */
  readonly timeoutMs?: number;
}

/** So many different names of a text are looked at. */
const NAMES_MAX = 10;

/** The user's role in a channel, with what an administrator of the server may do in public ones. */
export function roleIn({ channels, me }: Replica, channelId: number): ChannelRole {
  const state = channels.get(channelId);
  if (!state) return ChannelRole.UNSPECIFIED;
  const asAdmin = state.channel.kind === ChannelKind.PUBLIC && (me?.role ?? 0) >= ServerRole.ADMIN;
  return asAdmin ? ChannelRole.OWNER : state.role;
}

/** Looks at the mentions of texts for one channel, and remembers what the server has said about them. */
export class MentionLook {
  readonly #client: RookeryClient;
  readonly #channelId: number;
  readonly #options: MentionLookOptions;
  /** Undefined for names that nobody has. */
  readonly #asked = new Map<string, User | undefined>();
  readonly #strangers = new Set<number>();

  /** For programs that tell their user before a message is sent. */
  constructor(client: RookeryClient, channelId: number, options: MentionLookOptions = {}) {
    this.#client = client;
    this.#channelId = channelId;
    this.#options = options;
  }

  /**
   * What is to be said about this text. The server is asked for names and members that are not known, all at once;
   * without a connection only what is known counts. Throws RookeryError when the server does not answer.
   */
  async at(text: string): Promise<MentionDoubts> {
    const written = [...new Set(mentionsIn(text).map(({ name }) => name))].slice(0, NAMES_MAX);
    const meant = await Promise.all(written.map((name) => this.#doubtful(name)));
    const strangers = new Map(meant.flatMap((one) => typeof one === "object" ? [[one.id, one]] : []));
    return { everybody: meant.includes(EVERYBODY), strangers: [...strangers.values()] };
  }

  /** Whether somebody is known to be in the channel. */
  isMember(userId: number): boolean {
    const state = this.#client.replica.channels.get(this.#channelId);
    return state !== undefined && (state.members.has(userId) || state.channel.directUserIds.includes(userId));
  }

  get #direct(): boolean {
    return this.#client.replica.channels.get(this.#channelId)?.channel.kind === ChannelKind.DIRECT;
  }

  get #connected(): boolean {
    return this.#client.state.name === "live";
  }

  /** Who is meant, if the mention will not reach them. */
  async #doubtful(written: string): Promise<User | typeof EVERYBODY | undefined> {
    for (const name of namesOf(written)) {
      if (name === EVERYBODY) return this.#mayMentionEverybody ? undefined : name;
      const user = await this.#named(name);
      if (user) return !user.disabled && await this.#isStranger(user.id) ? user : undefined;
    }
    return undefined;
  }

  get #mayMentionEverybody(): boolean {
    return this.#direct || roleIn(this.#client.replica, this.#channelId) >= ChannelRole.MODERATOR;
  }

  async #named(name: string): Promise<User | undefined> {
    const known = [...this.#client.replica.users.values()].find((user) => user.name === name);
    if (known || this.#asked.has(name) || !this.#connected) return known ?? this.#asked.get(name);
    const { users } = await this.#client.listUsers({ prefix: name, limit: 1, ...this.#options });
    const found = users.find((user) => user.name === name);
    this.#asked.set(name, found);
    return found;
  }

  async #isStranger(userId: number): Promise<boolean> {
    if (this.isMember(userId) || userId === this.#client.replica.me?.id) return false;
    if (this.#direct || this.#strangers.has(userId)) return true;
    if (!this.#connected) return false;
    // The page of members that begins with this one.
    await this.#client.listMembers(this.#channelId, { after: userId - 1, limit: 1, ...this.#options });
    const stranger = !this.isMember(userId);
    if (stranger) this.#strangers.add(userId);
    return stranger;
  }
}
