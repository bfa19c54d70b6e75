/** SIGKILL in the middle of traffic: nothing acknowledged is lost, nothing is stored twice. */
import { equal, ok } from "node:assert/strict";
import { Program, temporaryFolder } from "./program.ts";
import { assertAllKept, closeTalkers, codeIn, newTalkers } from "./talkers.ts";

const CLIENTS = 4;
const KILLS = 3;
/** Messages that are acknowledged between two kills, over all clients. */
const ACKNOWLEDGED = 60;

function start(path: string, port = "0"): Program {
  return new Program(["--port", port, "--data", path, "--registration", "open", "--bcrypt-cost", "4"]);
}

Deno.test("killed in the middle of traffic and started again: all that was acknowledged is there, once", async () => {
  await using folder = await temporaryFolder();
  let program = start(folder.path);
  try {
    const url = await program.address();
    const { port } = new URL(url);
    const talkers = await newTalkers(url, codeIn(await program.prints("In a terminal:")), CLIENTS);
    const [channelId] = talkers[0]!.client.replica.channels.keys();
    let count = 0;
    let wake = () => {};
    const talks = talkers.map((talker) =>
      talker.talk(channelId!, () => {
        if (++count % ACKNOWLEDGED === 0) wake();
      })
    );
    for (let kill = 0; kill < KILLS; kill++) {
      await new Promise<void>((resolve) => wake = resolve);
      program.kill();
      await program.end();
      program = start(folder.path, port);
      await program.address();
    }
    for (const talker of talkers) talker.stop();
    await Promise.all(talks);
    await closeTalkers(talkers);
    program.signal("SIGTERM");
    equal((await program.end()).code, 0);
    ok(talkers.reduce((sum, { acknowledged }) => sum + acknowledged.size, 0) >= KILLS * ACKNOWLEDGED);
    assertAllKept(folder.path, channelId!, talkers);
  } finally {
    await program[Symbol.asyncDispose]();
  }
});
