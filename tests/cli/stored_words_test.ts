/** What the SDK and the terminal send is what was typed, in the store and wherever it is shown again. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { Composer } from "../../src/cli/chat/composer.ts";
import { type Message, RookeryClient } from "../../src/client/mod.ts";
import { Rig, until } from "../server/rig.ts";
import { Place } from "./program.ts";
import { messages, taken, type } from "./typed_texts.ts";

const SEED = 20_261_201;
/** Many texts in each run, so that the runs take seconds. */
const RUNS = { seed: SEED, numRuns: 6 };
const batches = fc.array(
  fc.oneof({ weight: 3, arbitrary: messages }, { weight: 1, arbitrary: fc.string({ unit: "binary" }) })
    // deno-lint-ignore no-control-regex
    .filter((text) => text.trim() !== "" && !/[\x00-\x08\x0b-\x1f\x7f-\x9f]/.test(text)),
  { minLength: 30, maxLength: 40 },
);

/** A server whose users may do much at once, and a channel with two people who read and write both formats. */
async function world() {
  const stack = new AsyncDisposableStack();
  const limits = { commandsPerSecond: 1_000_000, commandBurst: 1_000_000 };
  const rig = stack.use(await Rig.start({ limits }));
  const owner = await rig.owner();
  const proto = stack.use(await rig.live(owner));
  const json = stack.use(await rig.live(owner, { format: "json" }));
  const { id: channelId } = await proto.createChannel("words");
  const reader = stack.use(await rig.live(await rig.person("pia")));
  await reader.joinChannel(channelId);
  const heard = new Map<number, string>();
  reader.on("event", ({ stream, body, seq }) => {
    if (stream !== channelId) return;
    if (body.case === "messageSent") heard.set(seq, body.value.text);
    if (body.case === "messageEdited") heard.set(body.value.messageSeq, body.value.text);
  });
  return { stack, rig, owner, senders: [proto, json], channelId, reader, heard };
}

/** The messages behind one, from as many pages as they take. */
async function readAfter(client: RookeryClient, channelId: number, after: number): Promise<Message[]> {
  const found: Message[] = [];
  for (;;) {
    const page = await client.history(channelId, { after: found.at(-1)?.seq ?? after });
    if (page.messages.length === 0) return found;
    found.push(...page.messages);
  }
}

Deno.test("M1 what was typed is stored, told, read and edited as it is, by both formats and the terminal's editor", async () => {
  const { stack, senders, channelId, reader, heard } = await world();
  await using _ = stack;
  await fc.assert(
    fc.asyncProperty(batches, async (texts) => {
      const sent = await Promise.all(
        texts.map((text, i) => senders[i % 2]!.sendMessage(channelId, text)),
      );
      const wanted = new Map(sent.map(({ seq }, i) => [seq, texts[i]!]));
      const first = Math.min(...wanted.keys());
      const stored = await readAfter(reader, channelId, first - 1);
      assert.deepEqual(new Map(stored.map(({ seq, text }) => [seq, text])), wanted);
      for (const [seq, text] of wanted) assert.equal(heard.get(seq), text);
      // An edit begins with the stored text, and takes back what was added before.
      const edits = stored.map(async (message, i) => {
        const composer = new Composer();
        composer.begin({ kind: "edit", message });
        type(composer, "z");
        const text = taken(composer);
        assert.equal(text, `${message.text}z`);
        const { seq } = await senders[i % 2]!.editMessage(message, text);
        wanted.set(message.seq, text);
        return seq;
      });
      const last = Math.max(...await Promise.all(edits));
      await until("the edits", () => reader.replica.channels.get(channelId)!.headSeq >= last);
      const edited = await readAfter(reader, channelId, first - 1);
      assert.deepEqual(new Map(edited.map(({ seq, text }) => [seq, text])), wanted);
      for (const [seq, text] of wanted) assert.equal(heard.get(seq), text);
    }),
    RUNS,
  );
});

Deno.test("M1 what comes by a pipe into the terminal client is stored as it is, line by line", async () => {
  const { stack, rig, owner, channelId, reader } = await world();
  await using _ = stack;
  await using place = new Place();
  // A mark at the very beginning says how the input is encoded.
  const lines = fc.sample(batches, { seed: SEED, numRuns: 4 }).flat().map((text) =>
    text.replaceAll("\n", " ")
  );
  assert(lines.length >= 120);
  const stdin = ["begin", ...lines, "end"].map((line) => `${line}\n`).join("");
  const chat = ["chat", rig.url, "--no-save", "--channel", "words"];
  await place.ok(chat, { stdin, env: { ROOKERY_TOKEN: owner.token } });
  const stored = (await readAfter(reader, channelId, 0)).map(({ text }) => text);
  assert.deepEqual(stored, ["begin", ...lines, "end"]);
});
