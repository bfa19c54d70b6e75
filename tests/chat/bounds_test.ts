/** What is asked before anything is done: lengths, of every text of every command, at both doors. @module */
import assert from "node:assert/strict";
import type { CommandBodies, CommandCase } from "../../src/chat/command.ts";
import { Code } from "../../src/chat/error.ts";
import { DEFAULT_LIMITS } from "../../src/chat/limits.ts";
import type { Principal } from "../../src/chat/model.ts";
import type { StoreReader } from "../../src/chat/ports.ts";
import { MemoryStore } from "../support/memory_store/memory_store.ts";
import { Rig } from "./rig.ts";

const { messageBytes } = DEFAULT_LIMITS;
/** A body's share of a frame: composing it (NFKC) takes a second. */
const WORST = "a" + "\u0345".repeat(15_900) + "\u0327".repeat(15_900);

/** Commands with their texts, each right but for one. */
const TEXTS: { readonly [C in CommandCase]?: Partial<CommandBodies[C]> } = {
  open: { epoch: "" },
  register: { name: "eve", password: "password", displayName: "", inviteCode: "", device: "" },
  login: { name: "eve", password: "password", device: "" },
  changePassword: { oldPassword: "password", newPassword: "password" },
  updateProfile: { displayName: "" },
  checkInvite: { inviteCode: "" },
  updateServer: { name: "" },
  listUsers: { prefix: "", after: "" },
  addUser: { name: "eve", password: "password", displayName: "" },
  resetPassword: { password: "password" },
  createChannel: { name: "eve", topic: "" },
  updateChannel: { name: "eve", topic: "" },
  listChannels: { prefix: "", after: "" },
  sendMessage: { text: "a" },
  editMessage: { text: "a" },
  addReaction: { emoji: "👍" },
  removeReaction: { emoji: "👍" },
};

/** Units that are folded while something is done. */
async function foldedBy(work: () => Promise<unknown>): Promise<number> {
  const names = ["normalize", "toLowerCase", "toUpperCase"] as const;
  const originals = names.map((name) => String.prototype[name]);
  let units = 0;
  for (const [at, name] of names.entries()) {
    String.prototype[name] = function (this: string, ...args: []) {
      units += this.length;
      return originals[at]!.apply(this, args);
    };
  }
  try {
    await work();
  } finally {
    for (const [at, name] of names.entries()) String.prototype[name] = originals[at]!;
  }
  return units;
}

Deno.test("L8 an overlong text is refused by its length alone, whichever command and door it comes by", async () => {
  const rig = new Rig();
  const ada = await rig.user("ada");
  const device = rig.connect(ada);
  let tried = 0;
  for (const [name, texts] of Object.entries(TEXTS) as [CommandCase, Record<string, string>][]) {
    for (const field of Object.keys(texts)) {
      tried++;
      const value = { ...texts, [field]: WORST };
      const what = `${name}.${field}`;
      const folded = await foldedBy(async () => {
        const result = await rig.ask(ada, name, value);
        assert(result.case === "error" && result.value.code === Code.INVALID_ARGUMENT, what);
        assert(result.value.message.includes(" too long: at most "), `${what}: ${result.value.message}`);
        const reply = await device.ask(name, value);
        assert(reply?.case === "error" && reply.value.code === Code.INVALID_ARGUMENT, what);
      });
      assert.equal(folded, 0, what);
    }
  }
  assert(tried >= 29, `${tried} texts`);
});

Deno.test("L8 a message of the allowed length is taken, one unit more is not", async () => {
  const rig = new Rig();
  const ada = await rig.user("ada");
  const channelId = await rig.channel(ada, "den");
  await rig.done(ada, "sendMessage", { channelId, text: "x".repeat(messageBytes) });
  const result = await rig.ask(ada, "sendMessage", { channelId, text: "x".repeat(messageBytes + 1) });
  assert(result.case === "error" && result.value.code === Code.INVALID_ARGUMENT);
});

/** Names of what is read from the store while something is asked. */
async function readsOf(reads: string[], ask: () => Promise<unknown>): Promise<string[]> {
  await ask();
  reads.length = 0;
  await ask();
  return [...reads];
}

Deno.test("P2 the same is looked up for a private channel as for one that does not exist", async () => {
  const store = new MemoryStore({ now: () => 0 });
  const reads: string[] = [];
  const reader = new Proxy(store, {
    get(target, name) {
      const value = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      return (...args: unknown[]) => {
        reads.push(String(name));
        return value.apply(target, args);
      };
    },
  }) as StoreReader;
  const rig = new Rig({ store, dependencies: { reader } });
  const ada = await rig.user("ada", 3);
  const hidden = await rig.channel(await rig.user("bob"), "den", true);
  const eve: Principal = await rig.user("eve");
  const asks = [
    "joinChannel",
    "listMembers",
    "updateChannel",
    "getHistory",
    "sendMessage",
    "addMember",
  ] as const;
  for (const who of [ada, eve]) {
    for (const name of asks) {
      const ask = (channelId: number) => async () => {
        const result = await rig.ask(who, name, { channelId, text: "a", userId: ada.userId });
        assert(result.case === "error" && result.value.code === Code.NOT_FOUND, name);
      };
      assert.deepEqual(await readsOf(reads, ask(hidden)), await readsOf(reads, ask(4_000_000_000)), name);
    }
  }
});
