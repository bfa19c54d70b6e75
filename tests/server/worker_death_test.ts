/** Threads of the running server die; people notice nothing, or have to try once more. */
import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { login, request } from "../../src/client/mod.ts";
import { saveBackup } from "../../src/store/mod.ts";
import { MortalWorkers } from "../../tools/chaos/mortal_workers.ts";
import { ServerProcess } from "../../tools/demo/server_process.ts";
import { MORTAL_SERVER } from "../../tools/chaos/faults/workers.ts";
import { Rig, until } from "./rig.ts";

const DEATHS = 8;
const REPLACED = "died and is replaced";

Deno.test("D4 the writer dies again and again: senders are answered, readers notice nothing", async () => {
  using workers = new MortalWorkers();
  await using rig = await Rig.start();
  const olga = await rig.owner();
  const pia = await rig.person("pia");
  await using sender = await rig.live(olga);
  await using reader = await rig.live(pia);
  const [channelId] = sender.replica.channels.keys();
  let stopped = false;
  let answered = 0;
  const texts: string[] = [];
  const talk = async () => {
    for (let number = 0; !stopped; number++) {
      const text = `message ${texts.length} ${number}`;
      texts.push(text);
      await sender.sendMessage(channelId!, text);
      answered++;
    }
  };
  const talks = Array.from({ length: 6 }, talk);
  for (let death = 0; death < DEATHS; death++) {
    const before = answered;
    await until("commands are answered", () => answered > before + 5);
    ok(workers.kill("writer_worker"));
  }
  stopped = true;
  await Promise.all(talks);
  const held = reader.replica.channels.get(channelId!)!;
  await until("the reader has everything", () => held.messages.length === texts.length);
  deepEqual(held.messages.map(({ text }) => text).sort(), [...texts].sort());
  for (const { stats: { connections, doubled, gaps, reloads } } of [sender, reader]) {
    deepEqual({ connections, doubled, gaps, reloads }, { connections: 1, doubled: 0, gaps: 0, reloads: 0 });
  }
  equal(rig.logged.filter((line) => line.includes(`The database writer ${REPLACED}`)).length, DEATHS);
  deepEqual(rig.errors(), []);
  equal(rig.app.core.store.writersReplaced, DEATHS);
  match(await fetch(`${rig.url}/readyz`).then((answer) => answer.text()), /^\{"ready":true/);
});

Deno.test("all workers for passwords die under a login: another one does it", async () => {
  using workers = new MortalWorkers();
  await using rig = await Rig.start({ settings: { bcryptCost: 11 } });
  const { name, password } = await rig.owner();
  const pending = login(rig.url, { name, password });
  await until("the password is in work", () => rig.app.core.passwords.load.running > 0);
  ok(workers.killAll("password_worker") > 0);
  ok((await pending).token);
  ok(rig.logged.some((line) => line.includes(REPLACED)));
  ok((await login(rig.url, { name, password })).token);
  await rejects(login(rig.url, { name, password: "wrong password" }), { code: "unauthenticated" });
});

Deno.test("the worker that copies or examines dies: an error, not a hang", async () => {
  using workers = new MortalWorkers();
  await using rig = await Rig.start();
  const { token } = await rig.owner();
  for (const stage of ["Copying", "Checking pages"]) {
    const onProgress = (what: string) => void (what === stage && workers.kill("long_work_worker"));
    const options = { force: false, withSecret: false, onProgress };
    await rejects(saveBackup(rig.folder, `${rig.folder}/saved.db`, options), /killed/);
  }
  deepEqual([...Deno.readDirSync(rig.folder)].filter(({ name }) => name.startsWith("saved")), []);
  await request(rig.url, ["listSessions", {}], { token });
});

Deno.test("O2 a writer that cannot be replaced ends the server with a line and a code for the supervisor", async () => {
  const top = await Deno.makeTempDir({ prefix: "rookery_" });
  const data = `${top}/data`;
  try {
    await using server = await ServerProcess.start({ data, port: 0, entry: MORTAL_SERVER });
    await Deno.rename(data, `${top}/away`);
    server.signal("SIGUSR2");
    equal((await server.ended).code, 1);
    await server.kill();
    const last = server.log.find((line) => line.includes('"level":"error"'));
    ok(last?.includes('"event":"store_failed"'), server.log.join("\n"));
    await Deno.rename(`${top}/away`, data);
    await using again = await ServerProcess.start({ data, port: server.port, entry: MORTAL_SERVER });
    equal(await again.stop(), 0);
  } finally {
    await Deno.remove(top, { recursive: true });
  }
});
