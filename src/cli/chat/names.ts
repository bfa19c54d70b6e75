/** Users' and channels' names, fetched when they are not known yet. @module */
import { type Channel, ChannelKind, type RookeryClient, type User } from "../../client/mod.ts";
import { typedChannelName } from "../../text/channel_name.ts";
import { neutralLine } from "./text.ts";

/** Numbers in one request. */
const PAGE = 50;

export class Names {
  readonly #client: RookeryClient;
  readonly #asked = new Set<number>();
  #wanted = new Set<number>();

  constructor(client: RookeryClient) {
    this.#client = client;
  }

  /** What a user is shown as. */
  user(id: number): string {
    if (id === 0) return "server";
    const user = this.#client.replica.users.get(id);
    if (user) return shown(user);
    this.#want(id);
    return `user ${id}`;
  }

  /** What a user is mentioned by; undefined until it is known. */
  login(id: number): string | undefined {
    const user = this.#client.replica.users.get(id);
    if (!user) this.#want(id);
    return user?.name;
  }

  /** What a channel is shown as, with # or @. */
  channel(channel: Channel): string {
    if (channel.kind !== ChannelKind.DIRECT) return `#${neutralLine(channel.name)}`;
    const me = this.#client.replica.me?.id;
    const others = channel.directUserIds.filter((id) => id !== me);
    return `@${others.map((id) => this.user(id)).join(", ")}`;
  }

  /** The user with this login name, "@" in front or not. Throws an Error when there is none. */
  async findUser(text: string): Promise<User> {
    const name = text.replace(/^@/, "").toLowerCase();
    const known = [...this.#client.replica.users.values()].find((user) => user.name === name);
    if (known) return known;
    const { users } = await this.#client.listUsers({ prefix: name, limit: 1 });
    const found = users.find((user) => user.name === name);
    if (!found) throw new Error(`Nobody is called ${neutralLine(name)}`);
    return found;
  }

  /** The user's channel or the public one with this name. Throws an Error when there is none. */
  async findChannel(text: string): Promise<Channel> {
    const name = typedChannelName(text);
    for (const { channel } of this.#client.replica.channels.values()) {
      if (channel.name === name && name !== "") return channel;
    }
    const { channels } = await this.#client.listChannels({ prefix: name, limit: 1 });
    const found = channels.find((channel) => channel.name === name);
    if (!found) throw new Error(`There is no channel ${neutralLine(name)} that you could join`);
    return found;
  }

  #want(id: number): void {
    if (this.#asked.has(id)) return;
    this.#asked.add(id);
    if (this.#wanted.size === 0) queueMicrotask(() => void this.#fetch());
    this.#wanted.add(id);
  }

  async #fetch(): Promise<void> {
    const ids = [...this.#wanted];
    this.#wanted = new Set();
    for (let from = 0; from < ids.length; from += PAGE) {
      const page = ids.slice(from, from + PAGE);
      try {
        await this.#client.getUsers(page);
      } catch {
        // Whoever shows them next asks again.
        for (const id of page) this.#asked.delete(id);
      }
    }
  }
}

/** Display name where there is one, else the login name. */
export function shown(user: User): string {
  return neutralLine(user.displayName || user.name);
}
