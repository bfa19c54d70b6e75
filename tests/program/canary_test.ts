/** O5 what people say and prove themselves with is in no line of the log and in no metric, whatever happens. */
import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { login, register, request, RookeryClient } from "../../src/client/mod.ts";
import { WireSocket } from "../server/wire_socket.ts";
import { Program, temporaryFolder } from "./program.ts";

const TEXT_TYPE = { "content-type": "application/json" };

/** Strings that must not be seen again, by what they are. */
class Canaries {
  readonly all = new Map<string, string>();

  /** A text of its own. */
  text(what: string): string {
    return this.keep(what, `canary-${what.replaceAll(" ", "-")}-5e3ff1`);
  }

  keep(what: string, secret: string): string {
    ok(secret.length >= 12, `${what} is long enough to be found`);
    this.all.set(what, secret);
    return secret;
  }

  seenIn(text: string): string[] {
    return [...this.all].filter(([, secret]) => text.includes(secret)).map(([what]) => what);
  }
}

interface World {
  readonly url: string;
  readonly data: string;
  readonly canaries: Canaries;
  readonly ownerCode: string;
}

async function post(url: string, command: string, init: RequestInit): Promise<Response> {
  const response = await fetch(`${url}/api/v1/${command}`, { method: "POST", ...init });
  await response.body?.cancel();
  return response;
}

/** Owner's claim, an invite, a registration, logins right and wrong, by program and by browser. */
async function accounts({ url, canaries, ownerCode }: World): Promise<{ owner: string; guest: string }> {
  const password = canaries.text("owner password");
  const claim = { name: "canary-owner-name", displayName: canaries.text("display name"), password };
  canaries.keep("owner name", claim.name);
  const owner = await register(url, { ...claim, inviteCode: ownerCode, device: canaries.text("device") });
  const { token } = owner;
  canaries.keep("owner token", token);
  const invite = await request(url, ["createInvite", { uses: 5 }], { token });
  canaries.keep("invite code", invite.code);
  const guestPassword = canaries.text("guest password");
  const guest = await register(url, { name: "guest", password: guestPassword, inviteCode: invite.code });
  canaries.keep("guest token", guest.token);
  await rejects(login(url, { name: "guest", password: canaries.text("wrong password") }));
  await rejects(login(url, { name: canaries.text("no such name").slice(0, 32), password: guestPassword }));
  await rejects(
    register(url, { name: "x2", password: guestPassword, inviteCode: canaries.text("wrong code") }),
  );
  const browser = await post(url, "Login", {
    headers: { ...TEXT_TYPE, origin: url },
    body: JSON.stringify({ name: "guest", password: guestPassword, cookie: true }),
  });
  const cookie = browser.headers.getSetCookie()[0]!.split(";")[0]!;
  canaries.keep("cookie", cookie.split("=")[1]!);
  equal(
    (await post(url, "ListUsers", { headers: { ...TEXT_TYPE, cookie, origin: url }, body: "{}" })).status,
    200,
  );
  const newPassword = canaries.text("new password");
  const change = { oldPassword: guestPassword, newPassword };
  await request(url, ["changePassword", change], { token: guest.token });
  return { owner: token, guest: guest.token };
}

/** Messages, an edit, a direct conversation, and a topic, over the socket in both encodings. */
async function talk(
  { url, canaries }: World,
  { owner, guest }: { owner: string; guest: string },
): Promise<void> {
  await using client = new RookeryClient(url, { token: owner });
  await client.live();
  const channel = await request(url, ["createChannel", {
    name: "canary-channel",
    topic: canaries.text("topic"),
  }], {
    token: owner,
  });
  canaries.keep("channel name", "canary-channel");
  const { seq } = await client.sendMessage(channel.id, canaries.text("message"));
  const edit = { channelId: channel.id, messageSeq: seq, text: canaries.text("edited message") };
  await request(url, ["editMessage", edit], { token: owner });
  const wire = await WireSocket.open(`${url.replace("http", "ws")}/api/v1/socket`, {
    token: guest,
    json: true,
  });
  const [other] = (await request(url, ["listUsers", {}], { token: guest })).users;
  const direct = await request(url, ["openDirect", { userIds: [other!.id] }], { token: guest });
  const say = (id: number, channelId: number, text: string) =>
    wire.send({ id, body: { case: "sendMessage", value: { channelId, text } } });
  say(2, direct.id, canaries.text("direct message"));
  await wire.reply(2);
  say(3, channel.id, canaries.text("message to a channel of others"));
  await wire.reply(3);
  say(4, direct.id, `${canaries.text("message with control characters")}\0`);
  await wire.reply(4);
  await wire.close();
}

/** Everything by which a client can be wrong, each with something secret in it. */
async function mistakes({ url, canaries }: World, token: string): Promise<void> {
  const socketUrl = `${url.replace("http", "ws")}/api/v1/socket`;
  for (const json of [true, false]) {
    const wire = await WireSocket.open(socketUrl, { token, json });
    const garbage = `{ "commands": [ "${canaries.text(`malformed ${json}`)}" `;
    wire.socket.send(json ? garbage : new TextEncoder().encode(garbage));
    equal((await wire.closed).code, 3502);
  }
  const bearer = new WireSocket(socketUrl, { token: canaries.text("wrong bearer") });
  equal(await bearer.opened, false);
  const protocol = new WireSocket(socketUrl, { token, protocols: [canaries.text("protocol")] });
  equal(await protocol.opened, false);
  const authorization = `Bearer ${canaries.text("wrong authorization")}`;
  equal((await post(url, "ListUsers", { headers: { ...TEXT_TYPE, authorization }, body: "{}" })).status, 401);
  equal((await post(url, canaries.text("command"), { headers: TEXT_TYPE, body: "{}" })).status, 400);
  const body = `{"name": "guest", "password": "${canaries.text("password in broken JSON")}`;
  equal((await post(url, "Login", { headers: TEXT_TYPE, body })).status, 400);
  equal((await post(url, `Login?token=${token}`, { headers: TEXT_TYPE, body })).status, 400);
  for (const path of [`/${token}`, `/assets/${token}`, `/?token=${token}`, `/api/v1/${token}`]) {
    await (await fetch(url + path, { headers: { "x-request-id": token, referer: url + path } })).body
      ?.cancel();
  }
}

/** A storage that refuses, under a message and under a login. */
async function failures({ url, data, canaries }: World, token: string): Promise<void> {
  const db = new DatabaseSync(`${data}/rookery.db`);
  try {
    db.exec(`
      PRAGMA busy_timeout = 5000;
      CREATE TRIGGER refuse_event BEFORE INSERT ON event WHEN new.text LIKE '%provoke%'
        BEGIN SELECT RAISE(ABORT, 'the test says no'); END;
    `);
    const channel = (await request(url, ["listChannels", {}], { token })).channels[0]!;
    const text = canaries.text("message that will provoke an error");
    await rejects(request(url, ["sendMessage", { channelId: channel.id, text }], { token }), {
      code: "internal",
    });
    db.exec("DROP TRIGGER refuse_event; ALTER TABLE credential RENAME TO elsewhere");
    const password = canaries.text("password for a broken table");
    await rejects(login(url, { name: "guest", password }), { code: "internal" });
    db.exec("ALTER TABLE elsewhere RENAME TO credential");
  } finally {
    db.close();
  }
}

for (const format of ["json", "text"]) {
  Deno.test(`O5 O6 no secret is in the log (${format}) or in the metrics`, async () => {
    await using folder = await temporaryFolder();
    const data = folder.path;
    const log = ["--log-level", "debug", "--log-format", format];
    const args = ["--port", "0", "--metrics-port", "0", "--data", data, "--bcrypt-cost", "4", ...log];
    await using program = new Program(args);
    const url = await program.address();
    const announced = await program.prints("In a terminal:");
    const canaries = new Canaries();
    const ownerCode = canaries.keep("owner code", /#invite=([\w-]+)/.exec(announced)![1]!);
    const world: World = { url, data, canaries, ownerCode };

    const tokens = await accounts(world);
    await talk(world, tokens);
    await mistakes(world, tokens.owner);
    await failures(world, tokens.owner);

    const metricsUrl = /^Metrics: (\S+)$/m.exec(announced)![1]!;
    const metrics = await (await fetch(metricsUrl)).text();
    match(metrics, /^rookery_commands_refused_total\{reason="internal"\} [1-9]/m);
    program.signal("SIGTERM");
    const { code, stdout, stderr } = await program.end();
    equal(code, 0);
    // The flows were seen: otherwise nothing would be proved by what is missing.
    for (
      const event of [
        "listening",
        "request",
        "connection_opened",
        "connection_closed",
        "command_refused",
        "command_failed",
        "stopped",
      ]
    ) {
      ok(stderr.includes(format === "json" ? `"event":"${event}"` : `event=${event}`), event);
    }
    deepEqual(canaries.seenIn(stderr), []);
    deepEqual(canaries.seenIn(metrics), []);
    // Standard output tells the owner's link to whoever starts the server, and nothing else.
    deepEqual(canaries.seenIn(stdout), ["owner code"]);
    for (const line of stderr.trimEnd().split("\n")) {
      if (format === "json") JSON.parse(line);
      else match(line, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (debug|info |warn |error) [A-Z]/);
    }
  });
}
