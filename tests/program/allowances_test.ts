/** L9 What a user has stored today counts after a new start and a handover, too. */
import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { register, request } from "../../src/client/mod.ts";
import { Program, temporaryFolder } from "./program.ts";
import { codeIn } from "./talkers.ts";

const TEXT = "x".repeat(16_000);
const USED_UP = /as much as one user may in a day/;

Deno.test("L9 a restart, a handover, a kill, a file that was spoilt: no new allowance but by the last", async () => {
  await using folder = await temporaryFolder();
  await using settings = await temporaryFolder();
  await Deno.writeTextFile(`${settings.path}/config.json`, '{ "limits": { "storedMibPerDay": 1 } }');
  await using programs = new AsyncDisposableStack();
  let port = "0";
  const start = (...args: readonly string[]) =>
    programs.use(
      new Program([
        ...["--port", port, "--data", folder.path, "--config", `${settings.path}/config.json`],
        ...["--bcrypt-cost", "4", ...args],
      ]),
    );
  let program = start();
  const url = await program.address();
  port = new URL(url).port;
  const inviteCode = codeIn(await program.prints("In a terminal:"));
  const { token } = await register(url, { name: "ada", password: "a good password", inviteCode });
  const { channels } = await request(url, ["listChannels", {}], { token });
  const channelId = channels[0]!.id;
  const say = () => request(url, ["sendMessage", { channelId, text: TEXT }], { token });
  await rejects(async () => {
    for (let at = 0; at < 100; at++) await say();
  }, USED_UP);
  const stop = async () => {
    program.signal("SIGTERM");
    equal((await program.end()).code, 0);
  };
  await stop();
  const path = `${folder.path}/allowances.json`;
  equal((await Deno.stat(path)).mode! & 0o777, 0o600);
  program = start();
  await program.address();
  await rejects(say(), USED_UP);
  const first = program;
  program = start("--takeover");
  await program.address();
  equal((await first.end()).code, 0);
  await rejects(say(), USED_UP);
  program.kill();
  await program.end();
  program = start();
  await program.address();
  await rejects(say(), USED_UP);
  await stop();
  await Deno.writeTextFile(path, '{ "atMs": 1, "spent": [{}] }');
  program = start();
  await program.address();
  match(await program.prints("allowances_not_kept", "stderr"), /is not as the server writes it/);
  ok(await say());
  await stop();
  deepEqual(
    [...Deno.readDirSync(folder.path)].map(({ name }) => name).filter((name) => /part/.test(name)),
    [],
  );
});
