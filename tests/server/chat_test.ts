/** Two people chat: over real sockets, through a real database file, in both encodings. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { type CommandBody, commandOf } from "../../src/chat/command.ts";
import { OPERATOR } from "../../src/chat/model.ts";
import { request, type RookeryClient, serverInfo } from "../../src/client/mod.ts";
import { type Person, Rig, until } from "./rig.ts";

interface Pair {
  readonly rig: Rig;
  readonly olga: Person;
  readonly pia: Person;
  readonly general: number;
}

async function withPair(test: (pair: Pair) => Promise<void>): Promise<void> {
  await using rig = await Rig.start();
  const olga = await rig.owner();
  const pia = await rig.person("pia");
  const general = rig.app.core.store.channelByName("general")!.id;
  await test({ rig, olga, pia, general });
  deepEqual(rig.errors(), []);
}

function texts(client: RookeryClient, channelId: number): string[] {
  return client.replica.channels.get(channelId)!.messages.map(({ text }) => text);
}

Deno.test("the owner's link makes one owner, and is used up", async () => {
  await using rig = await Rig.start();
  const code = new URL(rig.app.ownerLink!).hash.slice("#invite=".length);
  const olga = await rig.owner();
  equal(olga.user.role, 3);
  const again = await fetch(`${rig.url}/api/v1/Register`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name: "eve", password: "eve's password", inviteCode: code }),
  });
  equal(again.status, 403);
  await again.body?.cancel();
  await rig.restart();
  equal(rig.app.ownerLink, undefined);
});

Deno.test("A2 the printed owner's link is void when an owner has come another way; an own one is not", async () => {
  await using rig = await Rig.start();
  const { ownerLink, core: { chat } } = rig.app;
  const run = async (body: CommandBody) => {
    const result = await chat.execute(commandOf(body), { principal: OPERATOR });
    return result.case === "invite" ? result.value.code : result.case;
  };
  const invite = { uses: 1, validS: 7 * 24 * 3600, channelIds: [] };
  const own = await run({ case: "createInvite", value: { ...invite, role: 3 } });
  await rig.restart();
  equal(rig.app.ownerLink, ownerLink, "the same after a restart, beside another owner's invite");
  const boss = { name: "boss", password: "boss's password", displayName: "", role: 3 } as const;
  equal(
    await rig.app.core.chat.execute(commandOf({ case: "addUser", value: boss }), { principal: OPERATOR })
      .then((result) => result.case),
    "user",
  );
  const enter = async (name: string, inviteCode: string) => {
    const response = await fetch(`${rig.url}/api/v1/Register`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ name, password: "long password", inviteCode }),
    });
    await response.body?.cancel();
    return response.status;
  };
  const code = new URL(ownerLink!).hash.slice("#invite=".length);
  deepEqual([await enter("eve", code), await enter("pat", own)], [403, 200]);
});

Deno.test("a message reaches both encodings, and the same events in the same order", async () => {
  await withPair(async ({ rig, olga, pia, general }) => {
    await using binary = await rig.live(olga);
    await using json = await rig.live(pia, { format: "json" });
    const hello = await binary.sendMessage(general, "hello");
    await json.sendMessage(general, "grüß dich 👋");
    await binary.editMessage({ channelId: general, seq: hello.seq }, "hello, all");
    await json.addReaction({ channelId: general, seq: hello.seq }, "👍");
    const gone = await binary.sendMessage(general, "a slip");
    await binary.deleteMessage({ channelId: general, seq: gone.seq });
    const head = () => rig.app.core.store.head(general);
    for (const client of [binary, json]) {
      await until("everything is here", () => client.replica.channels.get(general)?.headSeq === head());
      deepEqual(texts(client, general), ["hello, all", "grüß dich 👋", ""]);
      const [first] = client.replica.channels.get(general)!.messages;
      deepEqual(first!.reactions.map(({ emoji, userIds }) => [emoji, userIds]), [["👍", [pia.user.id]]]);
      const { doubled, gaps } = client.stats;
      deepEqual({ doubled, gaps }, { doubled: 0, gaps: 0 });
    }
  });
});

Deno.test("history comes in pages from either end, and around a message", async () => {
  await withPair(async ({ rig, olga, general }) => {
    await using client = await rig.live(olga);
    const sent = await Promise.all(
      Array.from({ length: 25 }, (_, at) => client.sendMessage(general, `message ${at}`)),
    );
    const seqs = sent.map(({ seq }) => seq);
    deepEqual(seqs, seqs.toSorted((a, b) => a - b));
    const page = async (where: Parameters<RookeryClient["history"]>[1]) => {
      const { messages, moreBefore, moreAfter } = await client.history(general, where);
      return { texts: messages.map(({ text }) => Number(text.slice(8))), moreBefore, moreAfter };
    };
    deepEqual(await page({ limit: 3 }), { texts: [22, 23, 24], moreBefore: true, moreAfter: false });
    deepEqual(await page({ limit: 2, before: seqs[22]! }), {
      texts: [20, 21],
      moreBefore: true,
      moreAfter: true,
    });
    deepEqual((await page({ limit: 3, after: seqs[0]! })).texts, [1, 2, 3]);
    deepEqual((await page({ limit: 4, around: seqs[10]! })).texts, [8, 9, 10, 11]);
    equal((await page({})).texts.length, 25);
  });
});

Deno.test("both encodings of both doors reach the same commands", async () => {
  await withPair(async ({ rig, olga, general }) => {
    for (const format of ["proto", "json"] as const) {
      const { version, registration } = await serverInfo(rig.url, { format });
      ok(version.length > 0);
      equal(registration, 2);
      const body = { channelId: general, text: `by ${format}`, replyTo: 0 };
      const stored = await request(rig.url, ["sendMessage", body], { token: olga.token, format });
      equal(stored.stream, general);
      const history = await request(rig.url, ["getHistory", { channelId: general }], {
        token: olga.token,
        format,
      });
      equal(history.messages.at(-1)?.text, `by ${format}`);
    }
  });
});

Deno.test("a removed member gets nothing more, and may not write", async () => {
  await withPair(async ({ rig, olga, pia, general }) => {
    await using owner = await rig.live(olga);
    await using guest = await rig.live(pia);
    const { id } = await owner.createChannel("secret", { private: true });
    await owner.addMember(id, pia.user.id);
    await until("the guest is in", () => guest.replica.channels.get(id) !== undefined);
    await owner.sendMessage(id, "for both");
    await until("it came", () => texts(guest, id).includes("for both"));
    const heard: (string | undefined)[] = [];
    guest.on("event", ({ stream, body }) => stream === id && heard.push(body.case));
    await owner.removeMember(id, pia.user.id);
    await owner.sendMessage(id, "for one");
    await owner.sendMessage(general, "the last word");
    await until("the last word came", () => texts(guest, general).includes("the last word"));
    // Their own going is the last thing that they hear of the channel.
    deepEqual(heard, ["memberLeft"]);
    equal(guest.replica.channels.has(id), false);
    await guest.sendMessage(id, "still here?").then(
      () => ok(false, "It was taken"),
      (error) => equal(error.code, "not_found"),
    );
  });
});
