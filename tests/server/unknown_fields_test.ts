/** JSON that the server does not know, by both doors. */
import { deepEqual, equal, match } from "node:assert/strict";
import { request, RookeryClient } from "../../src/client/mod.ts";
import { Rig } from "./rig.ts";

interface Answer {
  readonly status: number;
  readonly message: string;
}

async function post(
  rig: Rig,
  [command, body]: [command: string, body: Record<string, unknown>],
  headers: Record<string, string>,
): Promise<Answer> {
  const response = await fetch(`${rig.url}/api/v1/${command}`, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "content-type": "application/json", ...headers },
  });
  const { message = "" } = await response.json();
  return { status: response.status, message };
}

Deno.test("W16 by POST what is not understood changes nothing, unless the client asks to pass over it", async () => {
  await using rig = await Rig.start();
  const olga = await rig.owner();
  const bob = await rig.person("bob");
  const { id: userId } = bob.user;
  const authorization = `Bearer ${olga.token}`;
  const strict = { authorization };
  for (
    const [command, body, words] of [
      ["CreateChannel", { name: "secret", isPrivate: true }, /did you mean "private"/],
      ["SetUserDisabled", { userId, disable: true }, /did you mean "disabled"/],
      ["SetUserRole", { userId, role: "administrator" }, /use member or admin or owner/],
      ["SetUserRole", { userId, key: "k", role: "admin" }, /Idempotency-Key/],
    ] as const
  ) {
    const { status, message } = await post(rig, [command, body], strict);
    equal(status, 400, command);
    match(message, words);
  }
  await using client = await rig.live(olga);
  equal((await client.listChannels()).channels.some(({ name }) => name === "secret"), false);
  deepEqual((await client.listUsers({ prefix: "bob" })).users.map(({ role, disabled }) => [role, disabled]), [
    [1, false],
  ]);
  equal((await post(rig, ["SetUserRole", { userId, role: "admin" }], strict)).status, 200);
  equal((await client.listUsers({ prefix: "bob" })).users[0]!.role, 2);
  const lenient = { authorization, "rookery-unknown-fields": "ignore" };
  equal((await post(rig, ["CreateChannel", { name: "open", novelty: 1 }], lenient)).status, 200);
  const odd = await post(rig, ["CreateChannel", { name: "odd" }], {
    ...strict,
    "rookery-unknown-fields": "maybe",
  });
  equal(odd.status, 400);
  match(odd.message, /rookery-unknown-fields not valid: use ignore or refuse/);
  deepEqual(rig.errors(), []);
});

/** Sends frames of text and collects what comes, until the socket has ended or said enough. */
async function say(
  rig: Rig,
  token: string,
  { frames, protocols = [], replies }: { frames: unknown[]; protocols?: string[]; replies: number },
) {
  const socket = new WebSocket(rig.socketUrl, ["rookery.v1.json", ...protocols, `bearer.${token}`]);
  // deno-lint-ignore no-explicit-any -- as it came
  const items: any[] = [];
  const end = await new Promise<{ code: number; reason: string } | undefined>((resolve) => {
    socket.onopen = () => frames.forEach((frame) => socket.send(JSON.stringify(frame)));
    socket.onmessage = ({ data }) => {
      items.push(...JSON.parse(data).items);
      if (items.length >= replies) resolve(undefined);
    };
    socket.onclose = ({ code, reason }) => resolve({ code, reason });
  });
  const closed = new Promise((resolve) => socket.onclose = resolve);
  socket.close();
  if (!end) await closed;
  return { replies: items.map(({ reply }) => reply), end };
}

Deno.test("W16 on a socket each command is answered for itself, and a frame that is none ends it with its reason", async () => {
  await using rig = await Rig.start();
  const { token } = await rig.owner();
  const commands = [
    { id: 1, createChannel: { name: "aa", isPrivate: true } },
    { id: 2, createChannel: { name: "bb" } },
  ];
  const strict = await say(rig, token, { frames: [{ commands }], replies: 2 });
  deepEqual(strict.replies.map(({ id, error }) => [id, error?.code]).sort(), [
    [1, "ERROR_CODE_INVALID_ARGUMENT"],
    [2, undefined],
  ]);
  match(strict.replies.find(({ id }) => id === 1).error.message, /did you mean "private"/);
  const lenient = await say(rig, token, {
    frames: [{ commands: [{ id: 1, createChannel: { name: "aa", novelty: true } }] }],
    protocols: ["unknown-fields.ignore"],
    replies: 1,
  });
  equal(lenient.replies[0].channel.name, "aa");
  const { end } = await say(rig, token, { frames: [{ id: 1, ping: {} }], replies: 1 });
  equal(end!.code, 3502);
  match(end!.reason, /^Frame without "commands": send \{"commands":/);
  deepEqual(rig.errors(), []);
});

Deno.test("W16 the SDK in JSON asks an older server to pass over what it does not know", async () => {
  await using rig = await Rig.start();
  const olga = await rig.owner();
  // A field of a later contract, put in where the codec has encoded the command.
  const fetching: typeof fetch = (url, init) =>
    fetch(url, { ...init, body: String(init!.body).replace("{", '{"novelty":1,') });
  const options = { token: olga.token, format: "json", fetch: fetching } as const;
  equal((await request(rig.url, ["createChannel", { name: "later" }], options)).name, "later");
  class Later extends WebSocket {
    override send(data: string): void {
      super.send(data.replace('{"name"', '{"novelty":1,"name"'));
    }
  }
  await using client = new RookeryClient(rig.url, {
    token: olga.token,
    format: "json",
    WebSocket: Later as never,
  });
  await client.live();
  equal((await client.createChannel("latest")).name, "latest");
});
