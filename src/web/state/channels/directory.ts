/** Everybody with an account and all public channels, so that they are found by any word of their names. @module */
import { signal } from "@preact/signals";
import type { Channel, RookeryClient } from "../../../client/mod.ts";

/** On larger servers the rest is found by how its name begins. */
const PAGES_MAX = 20;

export class Directory {
  /** Public channels, by name, as they were when they were asked for last. */
  readonly channels = signal<readonly Channel[]>([]);
  readonly #client: RookeryClient;
  #people: Promise<void> | undefined;

  constructor(client: RookeryClient) {
    this.#client = client;
    // The replica forgets people when it has missed something; what it knows it keeps up to date.
    client.on("state", ({ name }) => name === "live" && (this.#people = undefined));
    client.on("reload", () => this.#people = undefined);
  }

  /** Makes everybody known. Rejects without a connection. */
  people(): Promise<void> {
    const asked = this.#people ??= this.#askForPeople();
    asked.catch(() => {
      if (this.#people === asked) this.#people = undefined;
    });
    return asked;
  }

  /** Asks for the public channels. Nothing tells of new ones, so it is done whenever they are looked for. */
  async refresh(): Promise<void> {
    const found: Channel[] = [];
    for (let pages = 0; pages < PAGES_MAX; pages++) {
      const page = await this.#client.listChannels({ after: found.at(-1)?.name ?? "" });
      found.push(...page.channels);
      if (!page.more) break;
    }
    this.channels.value = found;
  }

  async #askForPeople(): Promise<void> {
    let after = "";
    for (let pages = 0; pages < PAGES_MAX; pages++) {
      const page = await this.#client.listUsers({ after });
      after = page.users.at(-1)?.name ?? "";
      if (!page.more) break;
    }
  }
}
