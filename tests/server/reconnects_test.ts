/** Many who come back at once for good reasons, as after a cut or a restart: nobody of them is kept out. */
import { equal } from "node:assert/strict";
import { commandOf } from "../../src/chat/command.ts";
import { DEFAULT_LIMITS } from "../../src/chat/limits.ts";
import { Rig, until } from "./rig.ts";
import { WireSocket } from "./wire_socket.ts";

const { connectionsPerUser, connectionsPerAddress } = DEFAULT_LIMITS;
/** The first time, and all connections anew twice. */
const ROUNDS = 3;

/** Sockets with these tokens, all begun at once; none is tried a second time. */
async function connect(rig: Rig, tokens: readonly string[]): Promise<WireSocket[]> {
  const sockets = tokens.map((token) => new WireSocket(rig.socketUrl, { token }));
  const opened = await Promise.all(sockets.map((socket) => socket.opened));
  equal(opened.filter(Boolean).length, tokens.length);
  return sockets;
}

async function cut(rig: Rig, sockets: readonly WireSocket[]): Promise<void> {
  await Promise.all(sockets.map((socket) => socket.close()));
  await until("the server has let go of all", () => rig.app.core.chat.stats().connections === 0);
}

/** Session of somebody new. They come from everywhere, so that nobody's account has to wait. */
async function person(rig: Rig, at: number): Promise<string> {
  const value = {
    name: `person-${at}`,
    password: "correct horse battery",
    displayName: "",
    inviteCode: "",
    device: "",
    cookie: false,
  };
  const result = await rig.app.core.chat.execute(commandOf({ case: "register", value }), {
    address: `10.0.${at}.1`,
  });
  return result.case === "sessionToken" ? result.value.token : "";
}

Deno.test("L3 256 people behind one address come back at once, and again, and everybody is welcome", async () => {
  await using rig = await Rig.start();
  await rig.owner();
  const tokens: string[] = [];
  for (let at = 0; at < connectionsPerAddress; at++) tokens.push(await person(rig, at));
  for (let round = 0; round < ROUNDS; round++) {
    const sockets = await connect(rig, tokens);
    for (const socket of sockets) socket.send({ id: 1, body: { case: "open", value: {} } });
    const results = await Promise.all(sockets.map(async (socket) => (await socket.reply(1)).result.case));
    equal(results.filter((result) => result === "welcome").length, tokens.length);
    await cut(rig, sockets);
  }
});

Deno.test("L3 a user's 16 tabs come back at once, and again", async () => {
  await using rig = await Rig.start();
  const { token } = await rig.owner();
  for (let round = 0; round < ROUNDS; round++) {
    await cut(rig, await connect(rig, Array.from({ length: connectionsPerUser }, () => token)));
  }
});

Deno.test("L2 L3 16 tabs with 60 channels are all live again after a restart", async () => {
  await using rig = await Rig.start();
  const olga = await rig.owner();
  for (let at = 0; at < 60; at++) {
    const value = { name: `channel-${at}`, topic: "", private: false };
    const { chat } = rig.app.core;
    const made = await chat.execute(commandOf({ case: "createChannel", value }), {
      principal: chat.authenticate(olga.token)!,
    });
    equal(made.case, "channel");
  }
  const tabs = await Promise.all(Array.from({ length: connectionsPerUser }, () => rig.live(olga)));
  await rig.restart();
  await until(
    "all tabs are live again",
    () =>
      rig.app.core.chat.stats().connections === tabs.length &&
      tabs.every(({ state }) => state.name === "live"),
  );
  for (const tab of tabs) equal(tab.replica.channels.size, 61);
  await Promise.all(tabs.map((tab) => tab.close()));
});
