/**
 * A bot that rolls dice: write "!roll 2d6" in a channel or a direct conversation that it is in.
 *
 *     ./rookery user add dice --password-stdin
 *     BOT_PASSWORD=… deno run --allow-net --allow-env=BOT_PASSWORD --allow-read=dice.device --allow-write=dice.device \
 *       examples/dice_bot.ts http://127.0.0.1:8080 dice dice.device
 *
 * The file at the end, which may be left out, keeps what the server knows the bot by: with it, people who guess at the
 * bot's password do not slow down its logins. Each bot and server has one of its own.
 *
 * Every roll is answered once, however often the bot, the server or the network breaks. The server remembers, by the
 * read marker, how far the bot has come; and an answer's key is made of the number of the message that it answers, so
 * an answer that was stored before a crash stands, and another one under its key is refused.
 */
import {
  ChannelKind,
  login,
  type Message,
  RookeryClient,
  RookeryError,
  type User,
} from "../src/client/mod.ts";

class DiceBot {
  readonly #client: RookeryClient;
  readonly #me: User;
  /** One look after the other in each channel. */
  readonly #looking = new Map<number, Promise<void>>();

  constructor(client: RookeryClient, me: User) {
    this.#client = client;
    this.#me = me;
    client.on("error", (error) => console.error(error.message));
    client.on("state", ({ name }) => name === "live" && this.#joinAll());
    client.on("message", ({ kind, message }) => kind === "sent" && this.#look(message.channelId));
    client.on("channel", ({ channelId, change }) => change === "gained" && this.#look(channelId));
  }

  async #joinAll(): Promise<void> {
    for (const channelId of this.#client.replica.channels.keys()) this.#look(channelId);
    try {
      const { channels } = await this.#client.listChannels();
      for (const { id, kind, archived } of channels) {
        if (kind === ChannelKind.PUBLIC && !archived) await this.#client.joinChannel(id);
      }
    } catch (error) {
      // A connection that broke meanwhile is soon another one, which begins anew.
      if (this.#client.state.name !== "ended") console.error(String(error));
    }
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
    try {
      await this.#client.sendMessage(channelId, answer, { replyTo: seq, key: `roll-${channelId}-${seq}` });
    } catch (error) {
      // The dice fell otherwise before a crash, and that answer is stored.
      if (!(error instanceof RookeryError && error.code === "already_exists")) throw error;
    }
  }
}

const [base, name, deviceFile] = Deno.args;
const password = Deno.env.get("BOT_PASSWORD");
if (!base || !name || !password) {
  console.error("Usage: BOT_PASSWORD=… dice_bot.ts URL NAME [DEVICE_FILE]");
  Deno.exit(2);
}
try {
  // Whoever starts both at once, a service manager say, need not start the server first.
  const { token, user, deviceCredential } = await login(
    base,
    { name, password, device: "dice bot", deviceCredential: await readDevice() },
    { waiting: tryingAgain },
  );
  if (deviceFile) await Deno.writeTextFile(deviceFile, deviceCredential, { mode: 0o600 });
  await using client = new RookeryClient(base, { token });
  const ended = new Promise<void>((resolve, reject) => {
    Deno.addSignalListener("SIGINT", () => resolve());
    Deno.addSignalListener("SIGTERM", () => resolve());
    client.on("state", (state) => {
      if (state.name === "waiting") tryingAgain(state.error, state.retryAtMs - Date.now());
      if (state.name === "ended") state.error ? reject(state.error) : resolve();
    });
  });
  new DiceBot(client, user);
  console.log(`${name} is logged in; Ctrl+C ends it`);
  client.connect();
  await ended;
} catch (error) {
  // Nothing here passes by itself: a wrong password, a session that was ended.
  console.error(error instanceof RookeryError ? error.message : error);
  Deno.exit(1);
}

/** What the server knows this bot by since an earlier login; empty at the first. */
async function readDevice(): Promise<string> {
  if (!deviceFile) return "";
  return await Deno.readTextFile(deviceFile).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  });
}

function tryingAgain({ message }: RookeryError, waitMs: number): void {
  console.error(`${message}: trying again in ${Math.ceil(waitMs / 1000)} s`);
}
