/**
 * A bot that rolls dice: write "!roll 2d6" in a channel or a direct conversation that it is in.
 *
 *     deno task rookery user add dice --password-stdin
 *     BOT_PASSWORD=… deno run --allow-net --allow-env=BOT_PASSWORD examples/dice_bot.ts http://127.0.0.1:8080 dice
 *
 * Every roll is answered once, however often the bot, the server or the network breaks. The server remembers, by the
 * read marker, how far the bot has come; and an answer's key is made of the number of the message that it answers, so
 * an answer that was stored before a crash is found again and not written twice.
 */
import { ChannelKind, login, type Message, RookeryClient, type User } from "../src/client/mod.ts";

class DiceBot {
  readonly #client: RookeryClient;
  readonly #me: User;
  /** One look after the other in each channel. */
  readonly #looking = new Map<number, Promise<void>>();

  constructor(client: RookeryClient, me: User) {
    this.#client = client;
    this.#me = me;
    client.on("error", (error) => console.error(error.message));
    client.on("message", ({ kind, message }) => kind === "sent" && this.#look(message.channelId));
    client.on("channel", ({ channelId, change }) => change === "gained" && this.#look(channelId));
  }

  async start(): Promise<void> {
    await this.#client.live();
    const { channels } = await this.#client.listChannels();
    for (const { id, kind } of channels) {
      if (kind === ChannelKind.PUBLIC) await this.#client.joinChannel(id);
    }
    for (const channelId of this.#client.replica.channels.keys()) this.#look(channelId);
  }

  #look(channelId: number): void {
    const before = this.#looking.get(channelId) ?? Promise.resolve();
    const now = before.then(() => this.#answerUnread(channelId)).catch((error) => {
      // What is left when it is ended is answered after the next start.
      if (this.#client.state.name !== "ended") console.error(String(error));
    });
    this.#looking.set(channelId, now);
  }

  async #answerUnread(channelId: number): Promise<void> {
    const channel = this.#client.replica.channels.get(channelId);
    if (!channel || channel.readSeq >= channel.headSeq) return;
    const { messages } = await this.#client.history(channelId, { after: channel.readSeq });
    for (const message of messages) await this.#answer(message);
    if (messages.length === 0) return;
    await this.#client.markRead(channelId, messages.at(-1)!.seq);
    this.#look(channelId);
  }

  async #answer({ channelId, seq, authorId, text }: Message): Promise<void> {
    const roll = /^!roll ([1-9]\d?)d([1-9]\d{0,2})$/.exec(text);
    if (!roll || authorId === this.#me.id) return;
    const [count, sides] = [Number(roll[1]), Number(roll[2])];
    const dice = Array.from({ length: count }, () => 1 + Math.floor(Math.random() * sides));
    const sum = dice.reduce((total, die) => total + die, 0);
    const answer = count === 1 ? `**${sum}**` : `${dice.join(" + ")} = **${sum}**`;
    await this.#client.sendMessage(channelId, answer, { replyTo: seq, key: `roll-${channelId}-${seq}` });
  }
}

const [base, name] = Deno.args;
const password = Deno.env.get("BOT_PASSWORD");
if (!base || !name || !password) {
  console.error("Usage: BOT_PASSWORD=… dice_bot.ts URL NAME");
  Deno.exit(2);
}
const { token, user } = await login(base, { name, password, device: "dice bot" });
await using client = new RookeryClient(base, { token });
await new DiceBot(client, user!).start();
console.log(`${name} is here; Ctrl+C ends it`);
await new Promise<void>((resolve) => {
  Deno.addSignalListener("SIGINT", () => resolve());
  client.on("state", ({ name }) => name === "ended" && resolve());
});
