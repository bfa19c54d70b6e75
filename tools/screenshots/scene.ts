/** A server with people who talk, for a picture. @module */
import type { Page } from "playwright-core";
import { startApp } from "../../src/app.ts";
import { Registration } from "../../src/chat/model.ts";
import { register, RookeryClient, type User } from "../../src/client/mod.ts";
import { loadConfig } from "../../src/config.ts";
import { Logger } from "../../src/logger.ts";
import { sessionCookie } from "../web/session_cookie.ts";

export interface Scene extends AsyncDisposable {
  readonly url: string;
  /** Opens the page as its owner, in the channel with the talk. An entry "out" in the tab's storage ends that. */
  enter(page: Page): Promise<void>;
  /** Code of a new invite. */
  invite(): Promise<string>;
  /** The server goes away. */
  stop(): Promise<void>;
}

interface Actor {
  readonly client: RookeryClient;
  readonly token: string;
  readonly user: User;
}

const CAST: readonly (readonly [name: string, displayName: string])[] = [
  ["mara", "Mara Lindqvist"],
  ["tomasz", "Tomasz Zieliński"],
  ["eleni", "Ελένη Παππά"],
  ["noor", "نور حداد"],
  ["ben", "Ben Okafor"],
  ["ines", "Inês Duarte"],
];

export async function openScene(): Promise<Scene> {
  const data = await Deno.makeTempDir({ prefix: "rookery_" });
  const config = loadConfig({ args: [], env: () => undefined, readFile: () => "" });
  const app = await startApp(
    { ...config, port: 0, data, bcryptCost: 4, name: "Saltmarsh Birders", registration: Registration.OPEN },
    new Logger({ terminal: false, write: () => {} }),
  );
  let stopping: Promise<void> | undefined;
  const stop = () => stopping ??= Promise.resolve(app[Symbol.asyncDispose]());
  const inviteCode = new URL(app.ownerLink!).hash.slice("#invite=".length);
  const cast: Actor[] = [];
  for (const [name, displayName] of CAST) {
    cast.push(await actor(app.url, { name, displayName, inviteCode: cast.length === 0 ? inviteCode : "" }));
  }
  const channelId = await play(cast);
  const me = cast[0]!;
  return {
    url: app.url,
    stop,
    invite: async () => (await me.client.createInvite()).code,
    async enter(page) {
      await page.context().addCookies([sessionCookie(app.url, me.token)]);
      await page.addInitScript(
        `sessionStorage.getItem("out") ?? localStorage.getItem("rookery:/:user") ??
          localStorage.setItem("rookery:/:user", "${me.user.id}")`,
      );
      await page.goto(`${app.url}/#channel=${channelId}`);
      await page.locator(".message").last().waitFor();
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(cast.map(({ client }) => client.close()));
      await stop();
      await Deno.remove(data, { recursive: true });
    },
  };
}

async function actor(
  url: string,
  who: { name: string; displayName: string; inviteCode: string },
): Promise<Actor> {
  const account = { ...who, password: "correct horse battery", device: "Firefox, Linux" };
  const { token, user } = await register(url, account);
  const client = new RookeryClient(url, { token });
  await client.live();
  return { client, token, user };
}

/** What was said before the picture is taken. */
async function play(cast: readonly Actor[]): Promise<number> {
  const [mara, tomasz, eleni, noor, ben, ines] = cast as [Actor, Actor, Actor, Actor, Actor, Actor];
  const marsh = await mara.client.createChannel("marsh-count", {
    topic: "Saturday counts, 6:30 at the north hide",
  });
  const rings = await mara.client.createChannel("ringing", { topic: "Rings, readings, recoveries" });
  const hides = await ben.client.createChannel("hide-repairs");
  const board = await mara.client.createChannel("committee", {
    private: true,
    topic: "Not for the newsletter",
  });
  for (const { client } of cast.slice(1)) {
    await client.joinChannel(marsh.id);
    await client.joinChannel(rings.id);
  }
  await mara.client.joinChannel(hides.id);
  await mara.client.addMember(board.id, ines.user.id);
  const withYuki = await eleni.client.openDirect([mara.user.id]);
  const withTwo = await mara.client.openDirect([tomasz.user.id, ines.user.id]);
  const say = ({ client }: Actor, text: string, replyTo = 0) =>
    client.sendMessage(marsh.id, text, { replyTo });
  await say(tomasz, "Morning! Wind has turned to **north-east**, should be a good day for waders.");
  await say(tomasz, "I have the big scope with me.");
  const plan = await say(
    mara,
    "Who counts what on Saturday? I would split it like last time:\n- north hide: dunlin and knot\n- creek: redshank\n- sea wall: everything that flies past",
  );
  await say(ines, "Creek for me, please. I can be there at *six* 🌅");
  await mara.client.addReaction({ channelId: marsh.id, seq: plan.seq }, "👍");
  for (const { client } of [tomasz, eleni, ben]) {
    await client.addReaction({ channelId: marsh.id, seq: plan.seq }, "👍");
  }
  for (const { client } of [eleni, noor]) {
    await client.addReaction({ channelId: marsh.id, seq: plan.seq }, "🦆");
  }
  await say(eleni, "Έρχομαι κι εγώ, παίρνω τον κυματοθραύστη!", plan.seq);
  await say(noor, "سأحضر الشاي للجميع ☕");
  await say(
    ben,
    "Counts from the logger came out as `csv`, first lines:\n```\ntime,species,count\n06:41,dunlin,1240\n06:52,knot,310\n```",
  );
  await say(ben, "@mara 1,240 dunlin before seven. Is that a record?");
  const record = await say(
    mara,
    "It is! The old one was 1,180 in 2019, see https://example.org/saltmarsh/counts.",
  );
  for (const { client } of [tomasz, eleni, ben, ines]) {
    await client.addReaction({ channelId: marsh.id, seq: record.seq }, "🎉");
  }
  await mara.client.markRead(marsh.id, mara.client.replica.channels.get(marsh.id)!.headSeq);
  await say(ines, "And a *spoonbill* just landed behind the creek, come quickly!");
  await ben.client.sendMessage(hides.id, "The new bench is in.");
  await tomasz.client.sendMessage(rings.id, "@mara can you read this one? **LX 4771** or **LX 4711**");
  await eleni.client.sendMessage(withYuki.id, "Να σου στείλω τη φωτογραφία;");
  await tomasz.client.sendMessage(withTwo.id, "Car share on Saturday?");
  await mara.client.markRead(withTwo.id, mara.client.replica.channels.get(withTwo.id)?.headSeq ?? 2);
  await noor.client.close();
  ben.client.setPresence(true);
  return marsh.id;
}
